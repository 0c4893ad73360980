package io.tidegate.adapter.sql;

import io.tidegate.adapter.store.InsertTarget;
import io.tidegate.adapter.store.LogicalInsert;
import io.tidegate.adapter.store.StoreRelation;
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
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlMerge;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUpdate;
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
    RelDataType listed = Objects.requireNonNull(validator).getValidatedNodeType(call);
    RelNode rows = convertQueryRecursive(call.getSource(), true, listed).project();
    return insert(cluster, target, rows, listed.getFieldNames());
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
    RelDataType castType = cluster.getTypeFactory().createStructType(types, names);
    return new LogicalInsert(
        cluster, RelOptUtil.createCastRel(rows, castType, true), target, names);
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
