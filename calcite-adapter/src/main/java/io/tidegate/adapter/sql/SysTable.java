package io.tidegate.adapter.sql;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.store.SelectBlock;
import io.tidegate.adapter.store.SelectBlock.Column;
import io.tidegate.adapter.store.SqlPrinter;
import io.tidegate.adapter.store.StoreColumn;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreDialect;
import io.tidegate.adapter.store.StoreRelation;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/**
 * A table of what Tidegate knows, printed as literal rows when a statement that reads it starts.
 */
final class SysTable extends StoreRelation {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  /** What is known now, a value for each column: String, Long, Instant or null. */
  @FunctionalInterface
  interface Rows {
    List<Object[]> now() throws SQLException;
  }

  private final Rows rows;

  SysTable(StoreConvention duckDb, String name, List<StoreColumn> columns, Rows rows) {
    super(duckDb, SysSchema.NAME + "." + name, columns, 10, null);
    this.rows = requireNonNull(rows, "rows");
  }

  @Override
  public SelectBlock block(SqlPrinter printer, RexNode condition) {
    List<Object[]> now;
    try {
      now = printer.statement().isRunning() ? rows.now() : List.of();
    } catch (SQLException e) {
      throw SqlFailure.unchecked(e);
    }
    if (now.isEmpty()) {
      return empty(printer);
    }
    StoreDialect dialect = printer.dialect();
    List<String> names = columns().stream().map(StoreColumn::name).toList();
    String alias = dialect.identifier(printer.alias());
    // DuckDB gives a column of nothing but NULL a type of its own, so the first row says which.
    List<String> lines = new ArrayList<>();
    for (Object[] row : now) {
      lines.add(lines.isEmpty() ? line(row, dialect, true) : line(row, dialect, false));
    }
    String from =
        "(VALUES "
            + String.join(", ", lines)
            + ") AS "
            + alias
            + "("
            + names.stream().map(dialect::identifier).collect(Collectors.joining(", "))
            + ")";
    List<Column> references =
        names.stream()
            .map(name -> Column.reference(alias + "." + dialect.identifier(name)))
            .toList();
    return SelectBlock.from(from, references, names);
  }

  private String line(Object[] row, StoreDialect dialect, boolean typed) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < row.length; i++) {
      RelDataType type = columns().get(i).type();
      String value = literal(row[i], dialect);
      values.add(typed ? dialect.carry(value, type) : value);
    }
    return "(" + String.join(", ", values) + ")";
  }

  private static String literal(Object value, StoreDialect dialect) {
    if (value == null) {
      return "NULL";
    }
    if (value instanceof Instant time) {
      return "TIMESTAMP " + dialect.string(TIME.format(time));
    }
    return value instanceof Long number ? number.toString() : dialect.string((String) value);
  }
}
