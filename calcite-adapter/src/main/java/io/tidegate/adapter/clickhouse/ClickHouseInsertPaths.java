package io.tidegate.adapter.clickhouse;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowSource;
import io.tidegate.adapter.arrow.ArrowUpdate;
import io.tidegate.adapter.store.InsertRel;
import io.tidegate.adapter.store.InsertRows;
import io.tidegate.adapter.store.InsertTarget;
import io.tidegate.adapter.store.KeyOrder;
import io.tidegate.adapter.store.LogicalTableFunction;
import io.tidegate.adapter.store.PartitionTerm;
import io.tidegate.adapter.store.StatementRel;
import io.tidegate.adapter.store.StoreColumn;
import io.tidegate.adapter.store.StoreConvention;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.calcite.rel.RelNode;

/**
 * The two ways into a ClickHouse table: rows that ClickHouse computes itself stay there, in one
 * native statement; all others come from the local engine as Arrow, in order of partition and key.
 */
final class ClickHouseInsertPaths {
  /** Limits of ClickHouse's unsigned types, which SQL has none of. */
  private static final Map<String, BigDecimal> UNSIGNED_LIMITS =
      Map.of(
          "UInt8", BigDecimal.valueOf(255),
          "UInt16", BigDecimal.valueOf(65_535),
          "UInt32", BigDecimal.valueOf(4_294_967_295L),
          "UInt64", new BigDecimal("18446744073709551615"),
          "UInt128", new BigDecimal(ClickHouseTypes.LARGEST));

  private ClickHouseInsertPaths() {}

  static List<InsertTarget.Path> of(ClickHouseTable table, StoreConvention local) {
    return List.of(new Native(table), new FromLocal(table, local));
  }

  /** The given columns in their own order, with the checks that the target's types need. */
  private static InsertRows given(ClickHouseTable table, RelNode rows, List<String> columns) {
    InsertRows shaped = new InsertRows(rows, columns, table.catalogName());
    for (String name : columns) {
      add(shaped, table.column(name));
    }
    return shaped;
  }

  private static void add(InsertRows shaped, StoreColumn column) {
    shaped.column(column.name(), column.type());
    BigDecimal limit = UNSIGNED_LIMITS.get(bareType(column).name());
    if (limit != null) {
      shaped.atMost(bareType(column).name(), limit);
    }
  }

  private static ClickHouseTypeText bareType(StoreColumn column) {
    ClickHouseTypeText type = ClickHouseTypeText.parse(column.storeType());
    while (type.name().equals("Nullable") || type.name().equals("LowCardinality")) {
      type = type.argument(0);
    }
    return type;
  }

  /** The type that DuckDB has to send, where it is not that of the SQL type. */
  private static Optional<String> arrowType(ClickHouseTypeText type) {
    return switch (type.name()) {
      case "Nullable", "LowCardinality" -> arrowType(type.argument(0));
      case "Array" -> arrowType(type.argument(0)).map(element -> element + "[]");
      case "UInt8" -> Optional.of("UTINYINT");
      case "UInt16" -> Optional.of("USMALLINT");
      case "UInt32" -> Optional.of("UINTEGER");
      case "UInt64" -> Optional.of("UBIGINT");
      case "DateTime" -> Optional.of("TIMESTAMP_S");
      case "DateTime64" ->
          type.number(0) > 3
              ? Optional.empty()
              : Optional.of(type.number(0) == 0 ? "TIMESTAMP_S" : "TIMESTAMP_MS");
      default -> Optional.empty();
    };
  }

  /**
   * Nothing passes through here. A NULL that may not be is found by the other way, before writing,
   * and so is an element that an array may not have.
   */
  private record Native(ClickHouseTable table) implements InsertTarget.Path {
    @Override
    public StoreConvention source() {
      return table.store();
    }

    @Override
    public boolean accepts(RelNode rows, List<String> columns) {
      for (int i = 0; i < columns.size(); i++) {
        StoreColumn column = table.column(columns.get(i));
        if (rows.getRowType().getFieldList().get(i).getType().isNullable()
            && !column.type().isNullable()) {
          return false;
        }
        ClickHouseTypeText type = bareType(column);
        if (type.name().equals("Array")
            && (ValueLimit.of(type).isPresent() || arrowType(type).isPresent())) {
          return false;
        }
      }
      return true;
    }

    @Override
    public RelNode shape(RelNode rows, List<String> columns) {
      InsertRows shaped = new InsertRows(rows, columns, table.catalogName());
      for (String name : columns) {
        StoreColumn column = table.column(name);
        add(shaped, column);
        ValueLimit.of(bareType(column))
            .ifPresent(limit -> refuse(shaped, column.storeType(), limit));
      }
      return shaped.shaped();
    }

    private static void refuse(InsertRows shaped, String storeType, ValueLimit limit) {
      if (limit instanceof ValueLimit.Seconds seconds) {
        shaped.between(storeType, seconds.first(), seconds.last(), limit.text());
      }
      ValueLimit.refusedText(limit)
          .ifPresent(condition -> shaped.refuseText(storeType, condition, limit.text()));
    }

    @Override
    public StatementRel.Update end(RelNode shaped, List<String> columns) {
      return new InsertRel(
          shaped.getCluster(),
          shaped,
          table.catalogName(),
          0,
          rows -> new NativeInsert(table, columns, rows));
    }
  }

  private record NativeInsert(
      ClickHouseTable table, List<String> columns, ArrowSource.EngineQuery rows)
      implements ArrowUpdate {

    @Override
    public long run(ArrowExecution execution) throws SQLException {
      return creating(table, () -> table.engine().execute(sql(), execution));
    }

    /** One statement may fill any number of partitions here: nobody waits for its blocks. */
    private String sql() {
      return "INSERT INTO "
          + table.quotedName()
          + columns.stream()
              .map(ClickHouseIdentifiers::quote)
              .collect(Collectors.joining(", ", " (", ")"))
          + " SETTINGS max_partitions_per_insert_block = 0 "
          + rows.sql();
    }

    @Override
    public String explain() {
      return createLine(table) + "ClickHouse: " + sql();
    }
  }

  /** From DuckDB, sorted by the target's partition expression and key. */
  private record FromLocal(ClickHouseTable table, StoreConvention local)
      implements InsertTarget.Path {
    static final String PARTITION = "$partition";

    @Override
    public StoreConvention source() {
      return local;
    }

    @Override
    public RelNode shape(RelNode rows, List<String> columns) {
      InsertRows shaped = given(table, rows, columns);
      for (String name : columns) {
        arrowType(bareType(table.column(name))).ifPresent(type -> shaped.sendAs(name, type));
      }
      List<Integer> order = new ArrayList<>();
      List<PartitionTerm> terms = table.order().partition();
      boolean hasPartition =
          !terms.isEmpty() && terms.stream().allMatch(term -> shaped.position(term.column()) >= 0);
      if (hasPartition) {
        order.add(shaped.partitions(PARTITION, terms));
      }
      List<Integer> key = new ArrayList<>();
      for (String column : table.order().sortColumns()) {
        int position = shaped.position(column);
        if (position < 0) {
          break;
        }
        key.add(position);
      }
      // ClickHouse orders the rows of a chunk itself. An order over all chunks keeps its parts
      // apart, which saves merging them; rows that were stored so have it without sorting.
      if (hasPartition || shaped.hasChecks() || !KeyOrder.isBy(rows, key)) {
        order.addAll(key);
      }
      if (order.isEmpty() && (shaped.hasChecks() || LogicalTableFunction.isBelow(rows))) {
        // A sort sees every row before it gives the first: what is refused is refused before
        // writing.
        order.add(0);
      }
      shaped.sort(order);
      return shaped.shaped();
    }

    @Override
    public StatementRel.Update end(RelNode shaped, List<String> columns) {
      boolean hasPartition = shaped.getRowType().getFieldCount() > columns.size();
      return new InsertRel(
          shaped.getCluster(),
          shaped,
          table.catalogName(),
          1,
          rows -> new ArrowInsert(table, columns, hasPartition, rows));
    }
  }

  private record ArrowInsert(
      ClickHouseTable table,
      List<String> columns,
      boolean hasPartition,
      ArrowSource.EngineQuery rows)
      implements ArrowUpdate {

    @Override
    public long run(ArrowExecution execution) throws SQLException {
      return creating(
          table,
          () -> {
            try (ArrowReader reader = execution.open(rows)) {
              return new ClickHouseInsert(
                      table.engine().client(),
                      table.name().database(),
                      table.name().table(),
                      columns,
                      hasPartition ? OptionalInt.of(columns.size()) : OptionalInt.empty(),
                      execution.id(),
                      execution::isCancelled)
                  .write(reader);
            } catch (IOException e) {
              throw new SQLException(e.getMessage(), "08006", e);
            }
          });
    }

    @Override
    public String explain() {
      return createLine(table)
          + "ClickHouse: INSERT INTO "
          + table.quotedName()
          + columns.stream()
              .map(ClickHouseIdentifiers::quote)
              .collect(Collectors.joining(", ", " (", ")"))
          + " FORMAT ArrowStream, in chunks\n"
          + rows.explain().indent(2);
    }
  }

  private static String createLine(ClickHouseTable table) {
    return table.isNew() ? "ClickHouse: " + table.createSql() + "\n" : "";
  }

  /** Something that inserts. */
  private interface Insert {
    long run() throws SQLException;
  }

  /** Makes a new table before its first rows, and takes it back if they fail. */
  private static long creating(ClickHouseTable table, Insert insert) throws SQLException {
    if (!table.isNew()) {
      try {
        return insert.run();
      } finally {
        table.rowsChanged();
      }
    }
    table.create();
    try {
      long rows = insert.run();
      table.rowsChanged();
      return rows;
    } catch (SQLException | RuntimeException e) {
      try {
        table.undoCreate();
      } catch (SQLException undo) {
        e.addSuppressed(undo);
      }
      throw e;
    }
  }
}
