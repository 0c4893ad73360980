package io.tidegate.adapter.sql;

import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.sql.parser.tree.SqlInsertWith;
import io.tidegate.adapter.store.InsertTarget;
import io.tidegate.adapter.store.LogicalInsert;
import io.tidegate.adapter.store.StoreFunctions;
import io.tidegate.adapter.store.StoreRelation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.prepare.Prepare;
import org.apache.calcite.prepare.RelOptTableImpl;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlMerge;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlRexConvertletTable;
import org.apache.calcite.sql2rel.SqlToRelConverter;

/**
 * Calcite's conversion of SQL to relational algebra, with Tidegate's own INSERT and with table
 * functions that keep their input.
 */
final class TidegateSqlToRel extends SqlToRelConverter {
  TidegateSqlToRel(
      RelOptTable.ViewExpander viewExpander,
      SqlValidator validator,
      Prepare.CatalogReader catalogReader,
      RelOptCluster cluster,
      SqlRexConvertletTable convertletTable,
      Config config) {
    super(viewExpander, validator, catalogReader, cluster, convertletTable, config);
  }

  @Override
  protected RelNode convertInsert(SqlInsert call) {
    RelOptTable table = getTargetTable(call);
    InsertTarget target = table.unwrap(InsertTarget.class);
    if (target == null) {
      throw PlanErrors.unsupported(
          "Cannot insert into " + String.join(".", table.getQualifiedName()) + ": it is read-only");
    }
    if (call instanceof SqlInsertWith insert) {
      target = with(target, insert);
    }
    RelDataType listed = Objects.requireNonNull(validator).getValidatedNodeType(call);
    // Calcite would cast values to the columns' types, and round them.
    RelNode rows = convertQueryRecursive(call.getSource(), true, null).project();
    return insert(cluster, target, rows, listed.getFieldNames());
  }

  private static InsertTarget with(InsertTarget target, SqlInsertWith insert) {
    try {
      return target.with(insert.options());
    } catch (IllegalArgumentException e) {
      throw PlanErrors.invalid(e.getMessage());
    } catch (SQLException e) {
      throw SqlFailure.unchecked(e);
    }
  }

  /** An insert of rows, cast to the types of the columns they go to. */
  static LogicalInsert insert(
      RelOptCluster cluster, InsertTarget target, RelNode rows, List<String> columns) {
    RelDataType tableType = target.getRowType(cluster.getTypeFactory());
    List<RelDataType> types = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<RelDataTypeField> given = rows.getRowType().getFieldList();
    for (int i = 0; i < columns.size(); i++) {
      RelDataTypeField field = tableType.getField(columns.get(i), false, false);
      names.add(field.getName());
      types.add(
          cluster
              .getTypeFactory()
              .createTypeWithNullability(field.getType(), given.get(i).getType().isNullable()));
    }
    List<RexNode> values = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      values.add(assigned(cluster.getRexBuilder(), rows, i, types.get(i), target, names.get(i)));
    }
    return new LogicalInsert(
        cluster, LogicalProject.create(rows, List.of(), values, names, Set.of()), target, names);
  }

  /** A value in its column's type; where digits would be lost, that is an error. */
  private static RexNode assigned(
      RexBuilder rexBuilder,
      RelNode rows,
      int index,
      RelDataType type,
      InsertTarget target,
      String column) {
    RexNode value = rexBuilder.makeInputRef(rows, index);
    RexNode converted = rexBuilder.ensureType(type, value, true);
    boolean rounds = SqlTypeUtil.isDecimal(type) && isComputed(rows, index);
    if (rounds || !losesDigits(value.getType(), type)) {
      return converted;
    }
    return rexBuilder.makeCall(
        StoreFunctions.EXACT,
        converted,
        rexBuilder.makeCast(value.getType(), converted),
        value,
        rexBuilder.makeLiteral(
            "Cannot insert into %s: column '%s' is %s, which has no room for "
                .formatted(target.catalogName(), column, type)));
  }

  /**
   * Whether a column is the result of a calculation, whose digits nobody chose: a quotient is
   * rounded to its column, a number that stands somewhere already is not.
   */
  private static boolean isComputed(RelNode rel, int index) {
    if (rel instanceof Project project) {
      RexNode value = project.getProjects().get(index);
      return value instanceof RexInputRef ref
          ? isComputed(project.getInput(), ref.getIndex())
          : value instanceof RexCall;
    }
    if (rel instanceof Filter || rel instanceof Sort) {
      return isComputed(rel.getInput(0), index);
    }
    return rel instanceof Aggregate aggregate && index >= aggregate.getGroupCount();
  }

  /** Whether a conversion may round; to and from floating point it is expected to. */
  private static boolean losesDigits(RelDataType from, RelDataType to) {
    return switch (to.getSqlTypeName()) {
      case TIMESTAMP ->
          from.getSqlTypeName() == SqlTypeName.TIMESTAMP && from.getPrecision() > to.getPrecision();
      case TINYINT, SMALLINT, INTEGER, BIGINT ->
          SqlTypeUtil.isApproximateNumeric(from)
              || SqlTypeUtil.isDecimal(from) && from.getScale() > 0;
      case DECIMAL -> SqlTypeUtil.isDecimal(from) && from.getScale() > to.getScale();
      default -> false;
    };
  }

  @Override
  protected void convertCollectionTable(Blackboard bb, SqlCall call) {
    if (call.getOperator() instanceof RelationFunction function) {
      StoreRelation relation = function.relation(new SqlCallBinding(validator, bb.scope(), call));
      RelOptTable table =
          RelOptTableImpl.create(
              null,
              relation.getRowType(typeFactory),
              List.of(call.toString()),
              relation,
              (Expression) null);
      bb.setRoot(toRel(table, List.of()), true);
      return;
    }
    if (call.getOperator() instanceof TableOperator function) {
      RelNode input = convertQueryRecursive(TableOperator.query(call), false, null).project();
      Set<CorrelationId> outer = new HashSet<>(RelOptUtil.getVariablesUsed(input));
      outer.removeAll(RelOptUtil.getVariablesSet(input));
      if (!outer.isEmpty()) {
        throw function.invalid("its input must not depend on other tables of the statement");
      }
      bb.setRoot(function.convert(input, call), true);
      return;
    }
    super.convertCollectionTable(bb, call);
  }

  @Override
  protected RelRoot convertQueryRecursive(SqlNode query, boolean top, RelDataType targetRowType) {
    if (query instanceof SqlUpdate || query instanceof SqlDelete || query instanceof SqlMerge) {
      throw PlanErrors.unsupported(
          query.getKind()
              + " is not supported: the lake's runs are immutable; insert, or use native_query");
    }
    return super.convertQueryRecursive(query, top, targetRowType);
  }
}
