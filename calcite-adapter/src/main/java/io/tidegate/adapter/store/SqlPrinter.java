package io.tidegate.adapter.store;

import com.google.common.collect.Range;
import io.tidegate.adapter.arrow.ArrowSource;
import io.tidegate.adapter.store.SelectBlock.Column;
import io.tidegate.adapter.store.SelectBlock.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowBound;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.Sarg;

/**
 * Prints the operators of one store as one SQL text.
 *
 * <p>Calcite's own {@code RelToSqlConverter} is not used: it drops the alias of a semi join's left
 * side, cuts literals to milliseconds, and its clause merging was seen to filter on an alias. This
 * printer knows one shape, {@link SelectBlock}, and leaves the merging of sub-queries to the
 * engines.
 *
 * <p>A printer is used for one text and by one thread.
 */
public final class SqlPrinter {
  /** Before the name of an input that is kept for more than one reading. */
  private static final String KEPT = "kept_";

  private final StoreDialect dialect;
  private final StatementContext statement;
  private final Map<String, ArrowSource> inputs = new LinkedHashMap<>();
  private final Map<CorrelationId, List<Column>> correlated = new HashMap<>();
  private final Map<StoreScan, RexNode> filtersAbove = new IdentityHashMap<>();
  private final Set<String> tableNames = new HashSet<>();
  private final Map<String, String> steps = new HashMap<>();
  private final List<String> kept = new ArrayList<>();
  private final Set<String> settings = new TreeSet<>();
  private final boolean trial;
  private RelNode checked;
  private StoreSort leftOut;
  private OrderWish wish;
  private int aliases;
  private int joinsAbove;

  private SqlPrinter(StoreDialect dialect, StatementContext statement) {
    this(dialect, statement, false);
  }

  private SqlPrinter(StoreDialect dialect, StatementContext statement, boolean trial) {
    this.dialect = dialect;
    this.statement = statement;
    this.trial = trial;
  }

  /**
   * A printer for single expressions out of their context: correlated columns print as anything.
   */
  static SqlPrinter trial(StoreDialect dialect, StatementContext statement) {
    return new SqlPrinter(dialect, statement, true);
  }

  public StoreDialect dialect() {
    return dialect;
  }

  public StatementContext statement() {
    return statement;
  }

  /** Prints a whole query; its columns leave with the plan's names and exactly the plan's types. */
  public static ArrowSource.EngineQuery query(RelNode rel, StatementContext statement) {
    return query(rel, statement, null, null);
  }

  /**
   * Prints a query without the sort that it ends in, for who sorts the rows in parts; empty if it
   * ends in none: then the rows come ordered from elsewhere, or no order is wanted.
   */
  static Optional<ArrowSource.EngineQuery> unsortedQuery(RelNode rel, StatementContext statement) {
    RelNode last = rel;
    while (last instanceof StoreProject project && !project.containsOver()) {
      last = project.getInput();
    }
    return last instanceof StoreSort sort && sort.fetch == null && sort.offset == null
        ? Optional.of(query(rel, statement, null, sort))
        : Optional.empty();
  }

  /** Prints a whole query for who checks its order: a sort on top goes where it is not needed. */
  static ArrowSource.EngineQuery checkedQuery(RelNode rel, StatementContext statement) {
    return query(rel, statement, rel, null);
  }

  private static ArrowSource.EngineQuery query(
      RelNode rel, StatementContext statement, RelNode checked, StoreSort leftOut) {
    StoreConvention convention = (StoreConvention) rel.getConvention();
    SqlPrinter printer = new SqlPrinter(convention.dialect(), statement);
    printer.checked = checked;
    printer.leftOut = leftOut;
    printer.avoidNames(rel);
    String sql = printer.carried(printer.block(rel), rel.getRowType()).toSql(convention.dialect());
    String settings =
        printer.settings.isEmpty() ? "" : " SETTINGS " + String.join(", ", printer.settings);
    return new ArrowSource.EngineQuery(convention.client(), sql + settings, printer.inputs);
  }

  /** The sources this text reads, by the names under which it reads them. */
  public Map<String, ArrowSource> inputs() {
    return inputs;
  }

  /** Has the whole text run under a setting of its store, such as {@code name = 0}. */
  public void setting(String setting) {
    settings.add(setting);
  }

  public SelectBlock block(RelNode rel) {
    return ((StoreRel) rel).block(this);
  }

  /** A table is known by its own name too, beside its alias: no alias may be one. */
  private void avoidNames(RelNode rel) {
    if (rel instanceof StoreScan scan) {
      List<String> path = scan.getTable().getQualifiedName();
      tableNames.add(path.get(path.size() - 1).toLowerCase(Locale.ROOT));
    }
    rel.getInputs().forEach(this::avoidNames);
  }

  /** An alias for a FROM item, unique in the text and no table's name. */
  public String alias() {
    String alias;
    do {
      alias = "t" + aliases++;
    } while (tableNames.contains(alias));
    return alias;
  }

  /** Makes a source readable in the text and returns its name. */
  public String input(ArrowSource source) {
    String name = "arrow_" + inputs.size();
    inputs.put(name, source);
    if (steps.isEmpty()) {
      return name;
    }
    kept.add(name);
    return KEPT + name;
  }

  /**
   * The step of a recursive query.
   *
   * @param materialized definitions to put before the recursion, each with a comma behind it: a
   *     stream can be read once only, and a step is run many times
   */
  record Step(SelectBlock block, String materialized) {}

  /** Prints a step, in which the rows of the step before are known by {@code name}. */
  Step step(String table, String name, Supplier<SelectBlock> print) {
    boolean outermost = steps.isEmpty();
    String shadowed = steps.put(table, name);
    SelectBlock block = print.get();
    if (shadowed == null) {
      steps.remove(table);
    } else {
      steps.put(table, shadowed);
    }
    StringBuilder materialized = new StringBuilder();
    if (outermost) {
      for (String input : kept) {
        materialized
            .append(dialect.identifier(KEPT + input))
            .append(" AS MATERIALIZED (SELECT * FROM ")
            .append(dialect.identifier(input))
            .append("), ");
      }
      kept.clear();
    }
    return new Step(block, materialized.toString());
  }

  /** The name of the rows of the step before. */
  String stepBefore(String table) {
    String name = steps.get(table);
    if (name == null) {
      throw new NotSupported("recursive " + table + " outside its step");
    }
    return name;
  }

  /** A block that reads columns of a named relation. */
  public SelectBlock scan(String relation, List<String> columnSql, List<String> names) {
    String alias = dialect.identifier(alias());
    List<Column> columns = new ArrayList<>();
    for (String column : columnSql) {
      columns.add(Column.reference(alias + "." + column));
    }
    return SelectBlock.from(relation + " AS " + alias, columns, names);
  }

  /** The block as a sub-query under a new alias. */
  public SelectBlock wrap(SelectBlock block) {
    SelectBlock outer =
        scan(
            "(" + block.toSql(dialect) + ")",
            block.names().stream().map(dialect::identifier).toList(),
            block.names());
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < block.columns().size(); i++) {
      Column reference = outer.columns().get(i);
      columns.add(new Column(reference.sql(), reference.kind(), block.columns().get(i).exact()));
    }
    return outer.withColumns(columns, block.names());
  }

  /** The block itself if clauses can be added to it, else wrapped. */
  public SelectBlock open(SelectBlock block) {
    return block.isOpen() ? block : wrap(block);
  }

  /** Every column cast to its declared type and named as declared. */
  public SelectBlock carried(SelectBlock block, RelDataType rowType) {
    List<Column> columns = new ArrayList<>();
    for (RelDataTypeField field : rowType.getFieldList()) {
      Column column = block.columns().get(field.getIndex());
      columns.add(
          column.exact()
              ? column
              : Column.exact(dialect.carry(column.sql(), field.getType()), column.kind()));
    }
    return block.withColumns(columns, rowType.getFieldNames());
  }

  /** Asks for an order that need not be printed if a scan has it. */
  void wish(OrderWish newWish) {
    wish = newWish;
  }

  /** The order that is wished of a scan, or null. */
  OrderWish wishAbove(StoreScan scan) {
    return wish != null && wish.isFor(scan) ? wish : null;
  }

  /** Prints a side of a join. */
  SelectBlock joined(RelNode side) {
    joinsAbove++;
    try {
      return block(side);
    } finally {
      joinsAbove--;
    }
  }

  /** A relation of which the store is told how large it is, where that matters: in a join. */
  String sized(String relation, int columns, double rows) {
    return joinsAbove > 0 ? dialect.sized(relation, columns, rows) : relation;
  }

  /** Whether the order of this sort may be left to how the rows are stored. */
  boolean mayLeaveOut(StoreSort sort) {
    return sort == checked;
  }

  /** Whether somebody else puts the rows of this sort in order. */
  boolean isLeftOut(StoreSort sort) {
    return sort == leftOut;
  }

  /** Remembers a filter over a scan, whose input references are the scan's columns. */
  void tellFilterAbove(StoreScan scan, RexNode condition) {
    filtersAbove.put(scan, condition);
  }

  /** The filter over a scan, or null. */
  RexNode filterAbove(StoreScan scan) {
    return filtersAbove.get(scan);
  }

  public void correlate(CorrelationId id, List<Column> columns) {
    correlated.put(id, columns);
  }

  /** Prints an expression over the columns of a block. */
  public String expression(RexNode node, List<Column> columns) {
    if (node instanceof RexInputRef ref) {
      return columns.get(ref.getIndex()).sql();
    }
    if (node instanceof RexLiteral literal) {
      return dialect.literal(literal);
    }
    if (node instanceof RexOver over) {
      return over(over, columns);
    }
    if (node instanceof RexCall call) {
      return call(call, columns);
    }
    if (node instanceof RexDynamicParam parameter) {
      return statement.parameter(parameter, dialect);
    }
    if (node instanceof RexFieldAccess access
        && access.getReferenceExpr() instanceof RexCorrelVariable variable) {
      List<Column> outer = correlated.get(variable.id);
      if (!dialect.pushDown().runsCorrelations()) {
        throw new NotSupported("a correlated sub-query");
      }
      if (trial) {
        return "x";
      }
      if (outer == null) {
        throw new NotSupported("correlation " + variable.id + " outside its sub-query");
      }
      return outer.get(access.getField().getIndex()).sql();
    }
    if (node instanceof RexFieldAccess access) {
      return field(expression(access.getReferenceExpr(), columns), access.getField().getIndex());
    }
    throw new NotSupported(node.getClass().getSimpleName() + " " + node);
  }

  /** Prints a field of a printed ROW by its position, from 0. */
  String field(String row, int position) {
    return dialect.pushDown().field(position).spell(position, List.of(row));
  }

  /** Prints an expression and says what kind of column it makes. */
  public Column column(RexNode node, List<Column> columns) {
    if (node instanceof RexInputRef ref) {
      return columns.get(ref.getIndex());
    }
    Kind kind =
        node instanceof RexLiteral || node instanceof RexDynamicParam
            ? Kind.CONSTANT
            : RexOver.containsOver(node) ? Kind.WINDOW : Kind.EXPRESSION;
    return new Column(expression(node, columns), kind, isExact(node));
  }

  /**
   * Casts, literals and window functions are printed with their types; what is sent as another type
   * stays so.
   */
  private static boolean isExact(RexNode node) {
    return node.isA(SqlKind.CAST)
        || node instanceof RexOver
        || node instanceof RexLiteral
        || node instanceof RexCall call && StoreFunctions.isSentAs(call.getOperator());
  }

  private String call(RexCall call, List<Column> columns) {
    if (call.getKind() == SqlKind.SEARCH) {
      return search(call, columns, false);
    }
    List<String> operands = new ArrayList<>();
    for (RexNode node : call.getOperands()) {
      operands.add(
          Operand.WORD.test(node)
              ? ((RexLiteral) node).getValue().toString()
              : expression(node, columns));
    }
    return dialect.pushDown().operator(call).spell(call, operands);
  }

  /** Prints a condition of which only matters whether it is true. */
  String condition(RexNode node, List<Column> columns) {
    if (node instanceof RexCall call && call.isA(SqlKind.AND)) {
      return call.getOperands().stream()
          .map(operand -> condition(operand, columns))
          .collect(Collectors.joining(" AND ", "(", ")"));
    }
    return node instanceof RexCall call && call.isA(SqlKind.SEARCH)
        ? search(call, columns, true)
        : expression(node, columns);
  }

  /**
   * A list of points becomes IN; ranges are written out as comparisons.
   *
   * @param asCondition whether NULL is as good as FALSE; an index sees what NULL is not told from
   */
  private String search(RexCall call, List<Column> columns, boolean asCondition) {
    RexNode operand = call.getOperands().get(0);
    Sarg<?> sarg = ((RexLiteral) call.getOperands().get(1)).getValueAs(Sarg.class);
    RexBuilder rexBuilder = statement.rexBuilder();
    boolean isList = sarg != null && (sarg.isPoints() || sarg.isComplementedPoints());
    if (isList && sarg.pointCount > 2 && dialect.pushDown().runs(call)) {
      boolean in = sarg.isPoints();
      Sarg<?> points = in ? sarg : sarg.negate();
      RelDataType listType = call.getOperands().get(1).getType();
      List<String> values = new ArrayList<>();
      for (Range<?> point : points.rangeSet.asRanges()) {
        values.add(
            dialect.literal(
                (RexLiteral) rexBuilder.makeLiteral(point.lowerEndpoint(), listType, true, true)));
      }
      String text = expression(operand, columns);
      String test = dialect.in(text, operand.getType(), values, in);
      RelDataType required =
          rexBuilder.getTypeFactory().createTypeWithNullability(operand.getType(), false);
      String bare = dialect.in(text, required, values, in);
      String known = "(" + bare + " AND " + text + " IS NOT NULL)";
      return switch (sarg.nullAs) {
        case UNKNOWN -> asCondition && !bare.equals(test) ? known : test;
        case TRUE -> "(" + test + " OR " + text + " IS NULL)";
        case FALSE -> known;
      };
    }
    return expression(RexUtil.expandSearch(rexBuilder, null, call), columns);
  }

  private String over(RexOver over, List<Column> columns) {
    List<String> operands = new ArrayList<>();
    for (RexNode operand : over.getOperands()) {
      operands.add(expression(operand, columns));
    }
    RexWindow window = over.getWindow();
    List<String> parts = new ArrayList<>();
    if (!window.partitionKeys.isEmpty()) {
      parts.add(
          "PARTITION BY "
              + window.partitionKeys.stream()
                  .map(key -> expression(key, columns))
                  .collect(Collectors.joining(", ")));
    }
    if (!window.orderKeys.isEmpty()) {
      parts.add(
          "ORDER BY "
              + window.orderKeys.stream()
                  .map(key -> orderItem(key, columns))
                  .collect(Collectors.joining(", ")));
    }
    if (hasFrame(over.getAggOperator().getKind())) {
      parts.add(
          (window.isRows() ? "ROWS" : "RANGE")
              + " BETWEEN "
              + bound(window.getLowerBound(), columns)
              + " AND "
              + bound(window.getUpperBound(), columns)
              + excluded(window));
    }
    PushDownEntry.Windowed use =
        new PushDownEntry.Windowed(over, " OVER (" + String.join(" ", parts) + ")");
    return dialect.carry(dialect.pushDown().window(use).spell(use, operands), over.getType());
  }

  private static String excluded(RexWindow window) {
    return switch (window.getExclude()) {
      case EXCLUDE_NO_OTHER -> "";
      case EXCLUDE_CURRENT_ROW -> " EXCLUDE CURRENT ROW";
      case EXCLUDE_GROUP -> " EXCLUDE GROUP";
      case EXCLUDE_TIES -> " EXCLUDE TIES";
    };
  }

  private static boolean hasFrame(SqlKind function) {
    return switch (function) {
      case ROW_NUMBER, RANK, DENSE_RANK, PERCENT_RANK, CUME_DIST, NTILE, LEAD, LAG -> false;
      default -> true;
    };
  }

  private String orderItem(RexFieldCollation key, List<Column> columns) {
    boolean descending = key.getDirection() == RelFieldCollation.Direction.DESCENDING;
    boolean nullsFirst =
        switch (key.getNullDirection()) {
          case FIRST -> true;
          case LAST -> false;
          case UNSPECIFIED -> descending;
        };
    return dialect.orderItem(
        expression(key.left, columns), key.left.getType(), descending, nullsFirst);
  }

  private String bound(RexWindowBound bound, List<Column> columns) {
    if (bound.isCurrentRow()) {
      return "CURRENT ROW";
    }
    String direction = bound.isPreceding() ? " PRECEDING" : " FOLLOWING";
    return bound.isUnbounded()
        ? "UNBOUNDED" + direction
        : expression(bound.getOffset(), columns) + direction;
  }
}
