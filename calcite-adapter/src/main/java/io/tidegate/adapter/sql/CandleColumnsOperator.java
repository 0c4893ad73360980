package io.tidegate.adapter.sql;

import io.tidegate.functions.CandleInterval;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * {@code candle_columns(TABLE candles, 60, 'solana')}: the candles of one interval and chain as
 * {@code mint, ts, open, high, low, close, volume, quality, ingested_at}, whichever of the known
 * shapes the table has.
 *
 * <p>The shapes: {@code token_address} or {@code mint}, {@code timestamp} or {@code ts}, the four
 * prices and the volume by name or first letter; {@code interval} as text such as {@code 1m} or as
 * seconds, or {@code interval_seconds}; {@code quality_score} and {@code ingested_at} or neither.
 * Where there are both, {@code interval} counts: a derived {@code interval_seconds} is known to be
 * 0 for intervals that its author did not think of.
 *
 * <p>It is a filter and a projection, so the store of the candles computes it.
 */
final class CandleColumnsOperator extends TableOperator {
  private static final int INTERVAL = 1;
  private static final int CHAIN = 2;

  CandleColumnsOperator() {
    super(
        "candle_columns",
        new Parameter("interval_s", null),
        new Parameter("chain", SqlLiteral.createCharString("", SqlParserPos.ZERO)));
  }

  /** A column of the result: where it comes from, and what it is where it may be missing. */
  private enum Candle {
    MINT(SqlTypeName.VARCHAR, "token_address", "mint"),
    TS(SqlTypeName.TIMESTAMP, "timestamp", "ts"),
    OPEN(SqlTypeName.DOUBLE, "open", "o"),
    HIGH(SqlTypeName.DOUBLE, "high", "h"),
    LOW(SqlTypeName.DOUBLE, "low", "l"),
    CLOSE(SqlTypeName.DOUBLE, "close", "c"),
    VOLUME(SqlTypeName.DOUBLE, "volume", "v"),
    QUALITY(SqlTypeName.BIGINT, "quality_score"),
    INGESTED_AT(SqlTypeName.TIMESTAMP, "ingested_at");

    private final SqlTypeName type;
    private final List<String> names;

    Candle(SqlTypeName type, String... names) {
      this.type = type;
      this.names = List.of(names);
    }

    boolean isOptional() {
      return ordinal() >= QUALITY.ordinal();
    }

    boolean accepts(SqlTypeName given) {
      return switch (type) {
        case VARCHAR -> SqlTypeName.CHAR_TYPES.contains(given);
        case TIMESTAMP -> given == SqlTypeName.TIMESTAMP;
        default -> SqlTypeName.NUMERIC_TYPES.contains(given);
      };
    }

    RelDataType type(RelDataTypeFactory typeFactory, RelDataTypeField source) {
      RelDataType plain =
          type == SqlTypeName.TIMESTAMP
              ? typeFactory.createSqlType(type, 6)
              : typeFactory.createSqlType(type);
      return typeFactory.createTypeWithNullability(
          plain, source == null || source.getType().isNullable());
    }
  }

  @Override
  RelDataType rowType(RelDataTypeFactory typeFactory, RelDataType input, SqlCall call) {
    seconds(call);
    interval(input);
    chain(input, call);
    if (!partitionBy(call).isEmpty() || !orderBy(call).isEmpty()) {
      throw invalid("its table takes no PARTITION BY and no ORDER BY");
    }
    RelDataTypeFactory.Builder columns = typeFactory.builder();
    for (Candle column : Candle.values()) {
      columns.add(
          column.name().toLowerCase(Locale.ROOT), column.type(typeFactory, source(input, column)));
    }
    return columns.build();
  }

  /** The input's column, or null where there is none and need not be. */
  private RelDataTypeField source(RelDataType input, Candle column) {
    RelDataTypeField field = first(input, column.names);
    if (field == null) {
      if (column.isOptional()) {
        return null;
      }
      throw missing(input, column.names);
    }
    if (!column.accepts(field.getType().getSqlTypeName())) {
      throw invalid(
          "column '" + field.getName() + "' must be " + column.type + " but is " + field.getType());
    }
    return field;
  }

  private static RelDataTypeField first(RelDataType input, List<String> names) {
    return names.stream()
        .map(name -> input.getField(name, false, false))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private RuntimeException missing(RelDataType input, List<String> names) {
    return invalid(
        "the input has no column "
            + String.join(" or ", names)
            + " (its columns: "
            + String.join(", ", input.getFieldNames())
            + ")");
  }

  private long seconds(SqlCall call) {
    Object value = constant(call, INTERVAL);
    if (value instanceof BigDecimal number
        && number.stripTrailingZeros().scale() <= 0
        && number.signum() > 0
        && number.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0) {
      return number.longValueExact();
    }
    throw invalid("interval_s must be 1 or more seconds but was " + shown(value));
  }

  private RelDataTypeField interval(RelDataType input) {
    List<String> names = List.of("interval", "interval_seconds", "interval_s");
    RelDataTypeField field = first(input, names);
    if (field == null) {
      throw missing(input, names);
    }
    SqlTypeName type = field.getType().getSqlTypeName();
    if (!SqlTypeName.CHAR_TYPES.contains(type) && !SqlTypeName.EXACT_TYPES.contains(type)) {
      throw invalid(
          "column '"
              + field.getName()
              + "' must be VARCHAR or an integer but is "
              + field.getType());
    }
    return field;
  }

  /** The column that the chain is in, or null where all chains are asked for. */
  private RelDataTypeField chain(RelDataType input, SqlCall call) {
    if (!(constant(call, CHAIN) instanceof String chain)) {
      throw invalid("chain must be a text, empty for all chains");
    }
    if (chain.isEmpty()) {
      return null;
    }
    RelDataTypeField field = first(input, List.of("chain"));
    if (field == null) {
      throw missing(input, List.of("chain"));
    }
    return field;
  }

  @Override
  RelNode convert(RelNode input, SqlCall call) {
    RexBuilder rexBuilder = input.getCluster().getRexBuilder();
    RelDataTypeFactory typeFactory = rexBuilder.getTypeFactory();
    RelDataType given = input.getRowType();
    List<RexNode> conditions = new ArrayList<>();
    conditions.add(interval(rexBuilder, interval(given), seconds(call)));
    RelDataTypeField chain = chain(given, call);
    if (chain != null) {
      conditions.add(equal(rexBuilder, chain, text(rexBuilder, (String) constant(call, CHAIN))));
    }
    RelNode filtered =
        LogicalFilter.create(input, RexUtil.composeConjunction(rexBuilder, conditions));
    List<RexNode> projects = new ArrayList<>();
    for (Candle column : Candle.values()) {
      RelDataTypeField source = source(given, column);
      RelDataType type = column.type(typeFactory, source);
      projects.add(
          source == null
              ? rexBuilder.makeNullLiteral(type)
              : rexBuilder.ensureType(
                  type, rexBuilder.makeInputRef(source.getType(), source.getIndex()), true));
    }
    return LogicalProject.create(
        filtered, List.of(), projects, rowType(typeFactory, given, call).getFieldNames(), Set.of());
  }

  private static RexNode interval(RexBuilder rexBuilder, RelDataTypeField column, long seconds) {
    if (!SqlTypeName.CHAR_TYPES.contains(column.getType().getSqlTypeName())) {
      return equal(rexBuilder, column, rexBuilder.makeExactLiteral(BigDecimal.valueOf(seconds)));
    }
    List<RexNode> spellings = new ArrayList<>();
    for (String spelling : CandleInterval.spellings(seconds)) {
      spellings.add(equal(rexBuilder, column, text(rexBuilder, spelling)));
    }
    return RexUtil.composeDisjunction(rexBuilder, spellings);
  }

  private static RexNode text(RexBuilder rexBuilder, String text) {
    return rexBuilder.makeLiteral(
        text, rexBuilder.getTypeFactory().createSqlType(SqlTypeName.VARCHAR), false);
  }

  private static RexNode equal(RexBuilder rexBuilder, RelDataTypeField column, RexNode value) {
    return rexBuilder.makeCall(
        SqlStdOperatorTable.EQUALS,
        rexBuilder.makeInputRef(column.getType(), column.getIndex()),
        value);
  }
}
