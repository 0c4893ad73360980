package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.lake.LakeCodec;
import io.tidegate.adapter.lake.TargetFileSize;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How an INSERT asks for its run to be written: {@code WITH (run_id = 'x', target_file_mb = 64,
 * "input.window" = 'pre52_post200')}.
 *
 * @param runId the run's id; one that is there already is refused unless the content is equal, and
 *     then nothing is done
 * @param targetFileBytes the size at which a file is ended and the next one begun; without it each
 *     partition is one file
 * @param inputs what the run's manifest shall say of its inputs
 */
record RunOptions(
    Optional<String> runId, OptionalLong targetFileBytes, Map<String, String> inputs) {
  static final RunOptions NONE = new RunOptions(Optional.empty(), OptionalLong.empty(), Map.of());

  private static final String RUN_ID = "run_id";
  private static final String CODEC = "codec";
  private static final String TARGET_FILE_MB = "target_file_mb";
  private static final String INPUT = "input.";

  RunOptions {
    requireNonNull(runId, "runId");
    requireNonNull(targetFileBytes, "targetFileBytes");
    inputs = Map.copyOf(inputs);
  }

  /**
   * Reads the options.
   *
   * @param codec of the table, which none of its runs can have differently
   */
  static RunOptions of(String table, LakeCodec codec, Map<String, String> options)
      throws SQLException {
    Optional<String> runId = Optional.empty();
    OptionalLong targetFileBytes = OptionalLong.empty();
    Map<String, String> inputs = new HashMap<>();
    for (Map.Entry<String, String> option : options.entrySet()) {
      switch (option.getKey()) {
        case RUN_ID -> runId = Optional.of(option.getValue());
        case TARGET_FILE_MB ->
            targetFileBytes = OptionalLong.of(TargetFileSize.bytes(option.getValue()));
        case CODEC -> {
          if (LakeCodec.parse(option.getValue()) != codec) {
            throw new SQLException(
                "INSERT INTO "
                    + table
                    + ": codec '"
                    + option.getValue()
                    + "' is asked for, but the table was made with '"
                    + codec.text()
                    + "'",
                "22023");
          }
        }
        default -> {
          if (option.getKey().startsWith(INPUT)) {
            inputs.put(option.getKey().substring(INPUT.length()), option.getValue());
            continue;
          }
          throw new SQLException(
              "INSERT INTO "
                  + table
                  + ": unknown option '"
                  + option.getKey()
                  + "' (known: "
                  + RUN_ID
                  + ", "
                  + CODEC
                  + ", "
                  + TARGET_FILE_MB
                  + ", \"input.<name>\")",
              "42000");
        }
      }
    }
    return new RunOptions(runId, targetFileBytes, inputs);
  }
}
