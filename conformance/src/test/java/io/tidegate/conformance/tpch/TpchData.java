package io.tidegate.conformance.tpch;

import io.tidegate.adapter.sql.TestCatalog;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.UnaryOperator;

/** The eight tables, generated once, stored in ClickHouse and in the lake through Tidegate. */
final class TpchData {
  static final List<String> TABLES =
      TpchTable.getTables().stream().map(TpchTable::getTableName).toList();

  private TpchData() {}

  /** Generates the tables at a scale and inserts each into both stores. */
  static void load(TestCatalog catalog, double scale) throws SQLException, IOException {
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement local = duckDb.createStatement();
        Statement tidegate = catalog.connection().createStatement()) {
      create(local, table -> table, "\\) SORTED BY .*", ")");
      create(tidegate, table -> catalog.store() + "." + table, "$", "");
      create(tidegate, table -> TestCatalog.LAKE + "." + table, "$", "");
      for (TpchTable<?> table : TpchTable.getTables()) {
        String name = table.getTableName();
        Path text = catalog.directory().resolve(name + ".tbl");
        Path parquet = catalog.directory().resolve(name + ".parquet");
        generate(table, scale, text);
        local.execute("COPY " + name + " FROM '" + text + "' (DELIMITER '|', HEADER false)");
        Files.delete(text);
        local.execute("COPY " + name + " TO '" + parquet + "' (FORMAT parquet)");
        local.execute("DROP TABLE " + name);
        for (String schema : List.of(catalog.store(), TestCatalog.LAKE)) {
          tidegate.executeUpdate(
              "INSERT INTO %s.%s SELECT * FROM TABLE(read_parquet('%s'))"
                  .formatted(schema, name, parquet));
        }
        Files.delete(parquet);
      }
    }
  }

  private static void create(
      Statement statement, UnaryOperator<String> tableName, String pattern, String replacement)
      throws SQLException {
    for (String sql : TpchQuery.resource("tables.sql").split(";\n")) {
      String oneLine = sql.replaceAll("\\s+", " ");
      statement.executeUpdate(TpchQuery.fill(oneLine.replaceAll(pattern, replacement), tableName));
    }
  }

  private static <E extends TpchEntity> void generate(TpchTable<E> table, double scale, Path file)
      throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (E row : table.createGenerator(scale, 1, 1)) {
        String line = row.toLine();
        // Each value is ended by a bar, also the last.
        writer.write(line, 0, line.length() - 1);
        writer.write('\n');
      }
    }
  }

  /** DuckDB without Tidegate, over the Parquet files of the lake. */
  static Connection duckDbAlone(TestCatalog catalog) throws SQLException {
    Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = duckDb.createStatement()) {
      for (String table : TABLES) {
        statement.execute(
            "CREATE VIEW %s AS SELECT * FROM read_parquet('%s/lake/%s/*/*.parquet', hive_partitioning = false)"
                .formatted(table, catalog.directory(), table));
      }
    }
    return duckDb;
  }
}
