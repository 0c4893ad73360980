package io.tidegate.adapter.sql;

import io.tidegate.adapter.sql.parser.tree.SqlCreateTable;
import io.tidegate.adapter.sql.parser.tree.SqlTableOption;
import io.tidegate.adapter.store.PartitionTerm;
import io.tidegate.adapter.store.TableDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.ddl.SqlColumnDeclaration;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlValidator;

/** Reads CREATE TABLE: from its tree to what a store is asked to keep. */
final class TableDefinitions {
  private TableDefinitions() {}

  /**
   * The definition that a statement gives.
   *
   * @param queryType the row type of the query after AS, or null
   */
  static TableDefinition of(
      SqlCreateTable create,
      String name,
      RelDataType queryType,
      SqlValidator validator,
      RelDataTypeFactory typeFactory) {
    RelDataType columns =
        create.columns().isEmpty()
            ? queried(create, queryType, typeFactory)
            : declared(create, queryType, validator, typeFactory);
    refuseDuplicates(create, columns);
    List<PartitionTerm> partitions = new ArrayList<>();
    for (SqlNode node : create.partitions()) {
      partitions.add(partition(node, columns));
    }
    List<String> sortKey = new ArrayList<>();
    for (SqlIdentifier column : create.sortKey()) {
      sortKey.add(column(column, columns, "SORTED BY"));
    }
    return new TableDefinition(name, columns, partitions, sortKey, options(create));
  }

  private static void refuseDuplicates(SqlCreateTable create, RelDataType columns) {
    Set<String> names = new HashSet<>();
    for (String name : columns.getFieldNames()) {
      if (!names.add(name.toLowerCase(Locale.ROOT))) {
        throw PlanErrors.invalid(
            "CREATE TABLE " + create.name() + ": column '" + name + "' is there twice");
      }
    }
  }

  /** Refuses a function of a column whose type it does not take, alike for every store. */
  private static PartitionTerm checked(
      PartitionTerm term, RelDataType columns, String function, SqlTypeName... types) {
    RelDataType type = columns.getField(term.column(), true, false).getType();
    if (!List.of(types).contains(type.getSqlTypeName())) {
      throw PlanErrors.invalid(
          "PARTITIONED BY "
              + function
              + ": column '"
              + term.column()
              + "' is "
              + type
              + ", it takes "
              + types[0]);
    }
    return term;
  }

  private static RelDataType queried(
      SqlCreateTable create, RelDataType queryType, RelDataTypeFactory typeFactory) {
    if (queryType == null) {
      throw PlanErrors.invalid("CREATE TABLE " + create.name() + " needs columns or AS query");
    }
    RelDataTypeFactory.Builder builder = typeFactory.builder();
    for (RelDataTypeField field : queryType.getFieldList()) {
      builder.add(field.getName(), storable(field.getType(), typeFactory)).nullable(true);
    }
    return builder.build();
  }

  /** A text of a query is VARCHAR: its length was that of some literal. */
  private static RelDataType storable(RelDataType type, RelDataTypeFactory typeFactory) {
    return switch (type.getSqlTypeName()) {
      case CHAR, VARCHAR -> typeFactory.createSqlType(SqlTypeName.VARCHAR);
      case NULL -> throw PlanErrors.invalid("A column of NULLs has no type: CAST it to one");
      default -> type;
    };
  }

  private static RelDataType declared(
      SqlCreateTable create,
      RelDataType queryType,
      SqlValidator validator,
      RelDataTypeFactory typeFactory) {
    if (queryType != null && queryType.getFieldCount() != create.columns().size()) {
      throw PlanErrors.invalid(
          "CREATE TABLE "
              + create.name()
              + " declares "
              + create.columns().size()
              + " columns but the query gives "
              + queryType.getFieldCount());
    }
    RelDataTypeFactory.Builder builder = typeFactory.builder();
    for (SqlColumnDeclaration column : create.columns()) {
      RelDataType type = column.dataType.deriveType(validator, true);
      Boolean nullable = column.dataType.getNullable();
      builder.add(column.name.getSimple(), type).nullable(nullable == null || nullable);
    }
    return builder.build();
  }

  private static String column(SqlIdentifier identifier, RelDataType columns, String clause) {
    RelDataTypeField field =
        identifier.isSimple() ? columns.getField(identifier.getSimple(), false, false) : null;
    if (field == null) {
      throw PlanErrors.invalid(clause + ": there is no column '" + identifier + "'");
    }
    return field.getName();
  }

  private static PartitionTerm partition(SqlNode node, RelDataType columns) {
    SqlNode expression = node;
    Optional<String> alias = Optional.empty();
    if (node.getKind() == SqlKind.AS) {
      expression = ((SqlCall) node).operand(0);
      alias = Optional.of(((SqlIdentifier) ((SqlCall) node).operand(1)).getSimple());
    }
    if (expression instanceof SqlIdentifier identifier) {
      return new PartitionTerm.Identity(column(identifier, columns, "PARTITIONED BY"), alias);
    }
    if (expression instanceof SqlCall call
        && !call.getOperandList().isEmpty()
        && call.operand(0) instanceof SqlIdentifier identifier) {
      String column = column(identifier, columns, "PARTITIONED BY");
      switch (call.getOperator().getName().toLowerCase(Locale.ROOT)) {
        case "mint_bucket":
          if (call.operandCount() == 1) {
            return checked(
                new PartitionTerm.MintBucket(column, alias),
                columns,
                "mint_bucket",
                SqlTypeName.VARCHAR,
                SqlTypeName.CHAR);
          }
          break;
        case "floor":
          if (call.operandCount() == 2 && call.operand(1) instanceof SqlIntervalQualifier unit) {
            PartitionTerm.Floor floor = new PartitionTerm.Floor(column, unit(unit, node), alias);
            return floor.unit() == PartitionTerm.Unit.HOUR
                ? checked(floor, columns, "FLOOR TO HOUR", SqlTypeName.TIMESTAMP)
                : checked(floor, columns, "FLOOR", SqlTypeName.TIMESTAMP, SqlTypeName.DATE);
          }
          break;
        case "floor_to_interval":
          if (call.operandCount() == 2 && call.operand(1) instanceof SqlNumericLiteral seconds) {
            if (seconds.longValue(true) < 1) {
              throw PlanErrors.invalid(
                  "PARTITIONED BY floor_to_interval: seconds must be 1 or more but was " + seconds);
            }
            return checked(
                new PartitionTerm.FloorToInterval(column, seconds.longValue(true), alias),
                columns,
                "floor_to_interval",
                SqlTypeName.TIMESTAMP);
          }
          break;
        default:
          break;
      }
    }
    throw PlanErrors.invalid(
        "PARTITIONED BY takes a column, mint_bucket(column), FLOOR(column TO YEAR|MONTH|DAY|HOUR)"
            + " or floor_to_interval(column, seconds), but was "
            + expression);
  }

  private static PartitionTerm.Unit unit(SqlIntervalQualifier qualifier, SqlNode node) {
    TimeUnitRange range = qualifier.timeUnitRange;
    return switch (range) {
      case YEAR -> PartitionTerm.Unit.YEAR;
      case MONTH -> PartitionTerm.Unit.MONTH;
      case DAY -> PartitionTerm.Unit.DAY;
      case HOUR -> PartitionTerm.Unit.HOUR;
      default ->
          throw PlanErrors.invalid(
              "PARTITIONED BY " + node + ": the unit is YEAR, MONTH, DAY or HOUR");
    };
  }

  private static Map<String, String> options(SqlCreateTable create) {
    Map<String, String> options = new LinkedHashMap<>();
    for (SqlTableOption option : create.options()) {
      Optional<String> value = option.literal();
      if (value.isEmpty()) {
        throw PlanErrors.invalid("WITH (" + option.key() + " = ...) takes a literal");
      }
      if (options.put(option.key().toLowerCase(Locale.ROOT), value.get()) != null) {
        throw PlanErrors.invalid("WITH names '" + option.key() + "' twice");
      }
    }
    return options;
  }
}
