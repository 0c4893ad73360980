package io.tidegate.adapter.sql;

import io.tidegate.adapter.duckdb.LakeRuns;
import io.tidegate.adapter.lake.RunFinding;
import io.tidegate.adapter.lake.RunManifest;
import io.tidegate.adapter.lake.RunPruning;
import io.tidegate.functions.CandleInterval;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.calcite.sql.type.SqlTypeName;

/** {@code CALL lake.verify}, {@code lake.diff}, {@code lake.prune} and {@code lake.compact}. */
final class LakeProcedures {
  private static final String TABLE = "table_name";
  private static final String RUN = "run_id";

  private LakeProcedures() {}

  private static Map<String, SqlTypeName> columns(Object... namesAndTypes) {
    Map<String, SqlTypeName> columns = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      columns.put((String) namesAndTypes[i], (SqlTypeName) namesAndTypes[i + 1]);
    }
    return columns;
  }

  static ProcedureRows verify(ProcedureCall call, OpenCatalog catalog) {
    call.refuseOthersThan(TABLE, RUN);
    Optional<String> table = text(call, TABLE);
    Optional<String> run = text(call, RUN);
    return new ProcedureRows(
        columns(
            TABLE,
            SqlTypeName.VARCHAR,
            RUN,
            SqlTypeName.VARCHAR,
            "check",
            SqlTypeName.VARCHAR,
            "passed",
            SqlTypeName.BOOLEAN,
            "file",
            SqlTypeName.VARCHAR,
            "detail",
            SqlTypeName.VARCHAR,
            "elapsed_ms",
            SqlTypeName.BIGINT),
        execution -> {
          List<Object[]> rows = new ArrayList<>();
          for (RunFinding finding : catalog.lakeRuns().verify(table, run, execution)) {
            rows.add(
                new Object[] {
                  finding.table(),
                  finding.runId(),
                  finding.check().word(),
                  passed(finding.verdict()),
                  finding.file().orElse(null),
                  finding.detail(),
                  finding.elapsed().toMillis()
                });
          }
          return rows;
        });
  }

  /** NULL where there was nothing to look at: neither sound nor at fault. */
  private static Boolean passed(RunFinding.Verdict verdict) {
    return switch (verdict) {
      case PASSED -> true;
      case FAILED -> false;
      case NOT_APPLICABLE -> null;
    };
  }

  static ProcedureRows diff(ProcedureCall call, OpenCatalog catalog) {
    call.refuseOthersThan(TABLE, RUN, "other_table_name", "other_run_id");
    String left = call.text(RUN);
    String right = call.text("other_run_id");
    Optional<String> leftTable = text(call, TABLE);
    Optional<String> rightTable = text(call, "other_table_name").or(() -> leftTable);
    return new ProcedureRows(
        columns(
            "item",
            SqlTypeName.VARCHAR,
            "column_name",
            SqlTypeName.VARCHAR,
            "rows",
            SqlTypeName.BIGINT,
            "detail",
            SqlTypeName.VARCHAR),
        execution -> {
          List<Object[]> rows = new ArrayList<>();
          for (LakeRuns.Difference line :
              catalog.lakeRuns().diff(leftTable, left, rightTable, right, execution)) {
            rows.add(
                new Object[] {line.item(), line.column().orElse(null), line.rows(), line.detail()});
          }
          return rows;
        });
  }

  static ProcedureRows prune(ProcedureCall call, OpenCatalog catalog) {
    call.refuseOthersThan(TABLE, "keep", "older_than", "dry_run");
    String table = call.text(TABLE);
    OptionalLong keep = wholeNumber(call, "keep", Integer.MAX_VALUE);
    OptionalLong olderThanSeconds = seconds(call);
    if (keep.isEmpty() && olderThanSeconds.isEmpty()) {
      throw call.invalid("needs keep, a number of runs, or older_than, such as '30d'");
    }
    boolean dryRun = flag(call, "dry_run");
    return new ProcedureRows(
        columns(
            TABLE,
            SqlTypeName.VARCHAR,
            RUN,
            SqlTypeName.VARCHAR,
            "created_at",
            SqlTypeName.VARCHAR,
            "rows",
            SqlTypeName.BIGINT,
            "bytes",
            SqlTypeName.BIGINT,
            "outcome",
            SqlTypeName.VARCHAR),
        execution -> {
          Optional<Instant> before =
              olderThanSeconds.isPresent()
                  ? Optional.of(Instant.now().minusSeconds(olderThanSeconds.getAsLong()))
                  : Optional.empty();
          List<Object[]> rows = new ArrayList<>();
          for (RunPruning.Pruned pruned :
              catalog.lakeRuns().prune(table, new RunPruning(keep, before), dryRun)) {
            RunManifest run = pruned.run();
            rows.add(
                new Object[] {
                  run.table(),
                  run.runId(),
                  run.createdAt(),
                  run.rows(),
                  run.bytes(),
                  pruned.outcome().words()
                });
          }
          return rows;
        });
  }

  static ProcedureRows compact(ProcedureCall call, OpenCatalog catalog) {
    call.refuseOthersThan(TABLE, "smaller_than_bytes");
    String table = call.text(TABLE);
    OptionalLong smallerThan = wholeNumber(call, "smaller_than_bytes", Long.MAX_VALUE);
    return new ProcedureRows(
        columns(
            TABLE,
            SqlTypeName.VARCHAR,
            RUN,
            SqlTypeName.VARCHAR,
            "runs_replaced",
            SqlTypeName.BIGINT,
            "rows",
            SqlTypeName.BIGINT,
            "files_before",
            SqlTypeName.BIGINT,
            "files",
            SqlTypeName.BIGINT,
            "bytes_before",
            SqlTypeName.BIGINT,
            "bytes",
            SqlTypeName.BIGINT),
        execution -> {
          LakeRuns.Compacted done = catalog.lakeRuns().compact(table, smallerThan, execution);
          List<Object[]> rows = new ArrayList<>();
          done.run().ifPresent(run -> rows.add(compacted(run, done.replaced())));
          return rows;
        });
  }

  private static Object[] compacted(RunManifest run, List<RunManifest> replaced) {
    return new Object[] {
      run.table(),
      run.runId(),
      (long) replaced.size(),
      run.rows(),
      replaced.stream().mapToLong(old -> old.files().size()).sum(),
      (long) run.files().size(),
      replaced.stream().mapToLong(RunManifest::bytes).sum(),
      run.bytes()
    };
  }

  private static Optional<String> text(ProcedureCall call, String argument) {
    return call.literal(argument).isEmpty() ? Optional.empty() : Optional.of(call.text(argument));
  }

  private static boolean flag(ProcedureCall call, String argument) {
    Object value = call.literal(argument).orElse(false);
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw call.invalid(argument + " must be TRUE or FALSE, but was " + value);
  }

  private static OptionalLong wholeNumber(ProcedureCall call, String argument, long greatest) {
    Optional<Object> value = call.literal(argument);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      long number = value.get() instanceof BigDecimal decimal ? decimal.longValueExact() : -1;
      if (number >= 0 && number <= greatest) {
        return OptionalLong.of(number);
      }
    } catch (ArithmeticException e) {
      // Not a whole number, or too great a one.
    }
    throw call.invalid(
        argument + " must be a whole number from 0 to " + greatest + ", but was " + value.get());
  }

  private static OptionalLong seconds(ProcedureCall call) {
    if (call.literal("older_than").isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(CandleInterval.parse(call.text("older_than")));
    } catch (IllegalArgumentException e) {
      throw call.invalid("older_than: " + e.getMessage());
    }
  }
}
