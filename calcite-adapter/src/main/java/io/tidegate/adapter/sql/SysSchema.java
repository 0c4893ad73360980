package io.tidegate.adapter.sql;

import io.tidegate.adapter.duckdb.LakeRuns;
import io.tidegate.adapter.lake.RunManifest;
import io.tidegate.adapter.lake.RunState;
import io.tidegate.adapter.lake.TableDirectory;
import io.tidegate.adapter.store.StoreColumn;
import io.tidegate.adapter.store.StoreConvention;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Schema {@code sys}: what this gateway knows of itself. {@code sys.statements} lists what runs
 * now; {@code KILL 'statement_id'} stops one of them. {@code sys.runs} and {@code sys.run_files}
 * list what the lake holds.
 */
final class SysSchema extends AbstractSchema {
  static final String NAME = "sys";

  private final Map<String, Table> tables;

  SysSchema(
      StoreConvention duckDb,
      StatementRegistry registry,
      LakeRuns lakeRuns,
      RelDataTypeFactory typeFactory) {
    ColumnTypes types = new ColumnTypes(typeFactory);
    this.tables =
        Map.of(
            "statements",
            new SysTable(
                duckDb,
                "statements",
                List.of(
                    types.text("statement_id"),
                    types.text("sql"),
                    types.timestamp("started_at"),
                    types.number("rows_so_far")),
                () -> statements(registry)),
            "runs",
            new SysTable(
                duckDb,
                "runs",
                List.of(
                    types.text("table_name"),
                    types.text("run_id"),
                    types.text("state"),
                    types.timestamp("created_at"),
                    types.number("rows"),
                    types.number("bytes"),
                    types.number("files"),
                    types.text("superseded_by"),
                    types.text("content_sha256"),
                    types.text("statement"),
                    types.text("damage")),
                () -> runs(lakeRuns)),
            "run_files",
            new SysTable(
                duckDb,
                "run_files",
                List.of(
                    types.text("table_name"),
                    types.text("run_id"),
                    types.text("path"),
                    types.number("rows"),
                    types.number("bytes"),
                    types.text("sha256"),
                    types.text("sort_key"),
                    types.text("min_value"),
                    types.text("max_value")),
                () -> files(lakeRuns)));
  }

  @Override
  protected Map<String, Table> getTableMap() {
    return tables;
  }

  private static List<Object[]> statements(StatementRegistry registry) {
    List<Object[]> rows = new ArrayList<>();
    for (StatementRegistry.Running running : registry.list()) {
      rows.add(
          new Object[] {
            running.execution().id(),
            running.execution().sql(),
            running.startedAt(),
            running.execution().rows().get()
          });
    }
    return rows;
  }

  private static List<Object[]> runs(LakeRuns lakeRuns) throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    for (Map.Entry<TableDirectory, List<RunState>> table : lakeRuns.states().entrySet()) {
      for (RunState run : table.getValue()) {
        RunManifest manifest = run.manifest().orElse(null);
        rows.add(
            new Object[] {
              table.getKey().name(),
              run.runId(),
              run.state().word(),
              manifest == null ? null : Instant.parse(manifest.createdAt()),
              manifest == null ? null : manifest.rows(),
              manifest == null ? null : manifest.bytes(),
              manifest == null ? null : (long) manifest.files().size(),
              run.supersededBy().orElse(null),
              manifest == null ? null : manifest.contentSha256(),
              manifest == null ? null : manifest.statement(),
              run.damage().orElse(null)
            });
      }
    }
    return rows;
  }

  private static List<Object[]> files(LakeRuns lakeRuns) throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    for (Map.Entry<TableDirectory, List<RunState>> table : lakeRuns.states().entrySet()) {
      for (RunState run : table.getValue()) {
        if (run.manifest().isPresent()) {
          for (RunManifest.DataFile file : run.manifest().get().files()) {
            rows.add(file(table.getKey(), run.runId(), file));
          }
        }
      }
    }
    return rows;
  }

  /** The bounds are those of the first column of the sort key. */
  private static Object[] file(TableDirectory table, String runId, RunManifest.DataFile file) {
    String sortKey = table.definition().sortedBy().stream().findFirst().orElse(null);
    Optional<RunManifest.Bounds> bounds =
        file.columns().stream()
            .filter(column -> column.column().equalsIgnoreCase(sortKey))
            .findFirst();
    return new Object[] {
      table.name(),
      runId,
      file.path(),
      file.rows(),
      file.bytes(),
      file.sha256(),
      sortKey,
      bounds.map(RunManifest.Bounds::min).orElse(null),
      bounds.map(RunManifest.Bounds::max).orElse(null)
    };
  }

  /** Makes the columns of these tables. */
  private record ColumnTypes(RelDataTypeFactory factory) {
    StoreColumn text(String name) {
      return column(name, factory.createSqlType(SqlTypeName.VARCHAR));
    }

    StoreColumn number(String name) {
      return column(name, factory.createSqlType(SqlTypeName.BIGINT));
    }

    StoreColumn timestamp(String name) {
      return column(name, factory.createSqlType(SqlTypeName.TIMESTAMP, 6));
    }

    private StoreColumn column(String name, RelDataType type) {
      return StoreColumn.plain(
          name, factory.createTypeWithNullability(type, true), type.toString());
    }
  }
}
