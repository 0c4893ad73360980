package io.tidegate.adapter.storage;

import io.tidegate.adapter.duckdb.DuckDbLane;
import io.tidegate.adapter.duckdb.DuckDbPool;
import io.tidegate.adapter.duckdb.LakeSql;
import io.tidegate.adapter.lake.ColumnConstraint;
import io.tidegate.adapter.lake.Lake;
import io.tidegate.adapter.lake.LakeColumn;
import io.tidegate.adapter.lake.LakeFile;
import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.lake.LakeType;
import io.tidegate.adapter.lake.LiveRuns;
import io.tidegate.adapter.lake.TableDirectory;
import io.tidegate.adapter.ports.RowSet;
import io.tidegate.adapter.ports.Slice;
import io.tidegate.adapter.ports.SlicePort;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Slices of lake tables: files left out by what is asked for, the rest read by DuckDB. */
final class LakeSlices implements SlicePort {
  private final Lake lake;
  private final DuckDbPool pool;
  private final BufferAllocator allocator;

  LakeSlices(Lake lake, DuckDbPool pool, BufferAllocator allocator) {
    this.lake = lake;
    this.pool = pool;
    this.allocator = allocator;
  }

  @Override
  public RowSet read(Slice slice, int maxRows) {
    PortCall call = new PortCall("slice", "read");
    if (maxRows < 1) {
      throw call.invalid("at least 1 row must be allowed but it was " + maxRows);
    }
    return call.run(() -> read(call, lake, pool, slice, maxRows, List.of()));
  }

  /** Reads rows that meet further constraints, which leave out whole files exactly. */
  static RowSet read(
      PortCall call,
      Lake lake,
      DuckDbPool pool,
      Slice slice,
      int maxRows,
      List<ColumnConstraint> exact)
      throws SQLException {
    TableDirectory table = table(call, lake, slice);
    try (LiveRuns live = table.liveRuns()) {
      Question question = new Question(call, slice, table.definition(), live, exact);
      List<List<Object>> rows =
          question.files.isEmpty()
              ? List.of()
              : pool.read(
                  lane ->
                      lane.rows(
                          question.sql + " LIMIT " + (maxRows + 1L),
                          question.values,
                          row -> LakeRows.row(row, question.columns)));
      if (rows.size() > maxRows) {
        throw call.tooLarge(
            "the rows asked of " + slice.table() + " are more than the " + maxRows + " allowed");
      }
      return new RowSet(question.columns.stream().map(LakeColumn::name).toList(), rows);
    }
  }

  @Override
  public long scan(Slice slice, Consumer<VectorSchemaRoot> batches) {
    PortCall call = new PortCall("slice", "scan");
    return call.run(
        () -> {
          TableDirectory table = table(call, lake, slice);
          try (LiveRuns live = table.liveRuns()) {
            Question question = new Question(call, slice, table.definition(), live, List.of());
            return question.files.isEmpty() ? 0L : pool.read(lane -> scan(lane, question, batches));
          }
        });
  }

  private long scan(DuckDbLane lane, Question question, Consumer<VectorSchemaRoot> batches)
      throws SQLException {
    return lane.batches(question.sql, question.values, allocator, batches::accept);
  }

  private static TableDirectory table(PortCall call, Lake lake, Slice slice) throws SQLException {
    return lake.table(slice.table())
        .orElseThrow(() -> call.notFound("there is no lake table " + slice.table()));
  }

  /** A slice as a query: text, and the values beside it. */
  private static final class Question {
    final List<LakeColumn> columns = new ArrayList<>();
    final List<Object> values = new ArrayList<>();
    final List<LakeFile> files;
    final String sql;

    Question(
        PortCall call,
        Slice slice,
        LakeTableDefinition definition,
        LiveRuns live,
        List<ColumnConstraint> exact)
        throws SQLException {
      for (String name : slice.columns()) {
        columns.add(column(call, slice, definition, name));
      }
      if (columns.isEmpty()) {
        columns.addAll(definition.columns());
      }
      List<ColumnConstraint> constraints = new ArrayList<>(exact);
      List<String> conditions = new ArrayList<>();
      for (Map.Entry<String, Object> equal : new TreeMap<>(slice.equal()).entrySet()) {
        LakeColumn column = column(call, slice, definition, equal.getKey());
        constraints.add(ColumnConstraint.equalTo(column.name(), equal.getValue()));
        conditions.add(condition(column, " = "));
        values.add(bound(call, column, equal.getValue()));
      }
      if (slice.span().isPresent()) {
        Slice.Span span = slice.span().get();
        LakeColumn column = column(call, slice, definition, span.column());
        if (column.type().kind() != LakeType.Kind.TIMESTAMP
            && column.type().kind() != LakeType.Kind.TIMESTAMP_UTC) {
          throw call.invalid(
              "a span needs a TIMESTAMP but column '"
                  + column.name()
                  + "' of "
                  + slice.table()
                  + " is "
                  + column.type());
        }
        constraints.add(ColumnConstraint.atLeast(column.name(), span.from()));
        constraints.add(ColumnConstraint.lessThan(column.name(), span.to()));
        conditions.add(condition(column, " >= "));
        values.add(bound(call, column, span.from()));
        conditions.add(condition(column, " < "));
        values.add(bound(call, column, span.to()));
      }
      files = live.files(constraints);
      sql =
          "SELECT "
              + columns.stream().map(LakeRows::selected).collect(Collectors.joining(", "))
              + " FROM "
              + LakeSql.readParquet(files)
              + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
              + LakeSql.orderBy(definition);
    }

    private static LakeColumn column(
        PortCall call, Slice slice, LakeTableDefinition definition, String name) {
      Optional<LakeColumn> column = definition.column(name);
      return column.orElseThrow(
          () ->
              call.invalid(
                  slice.table()
                      + " has no column '"
                      + name
                      + "' (known: "
                      + definition.columns().stream()
                          .map(LakeColumn::name)
                          .collect(Collectors.joining(", "))
                      + ")"));
    }

    private static String condition(LakeColumn column, String comparison) {
      return LakeRows.DIALECT.identifier(column.name())
          + comparison
          + "CAST(? AS "
          + LakeRows.duckDbType(column.type())
          + ")";
    }

    private static Object bound(PortCall call, LakeColumn column, Object value) {
      try {
        return LakeRows.bound(column, value);
      } catch (IllegalArgumentException e) {
        throw call.invalid(e.getMessage());
      }
    }
  }
}
