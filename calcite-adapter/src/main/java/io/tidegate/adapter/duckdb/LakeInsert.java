package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowSource;
import io.tidegate.adapter.arrow.ArrowUpdate;
import io.tidegate.adapter.arrow.ReadAhead;
import io.tidegate.adapter.lake.FileErrors;
import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.lake.PartitionExpression;
import io.tidegate.adapter.lake.RunDirectory;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * One INSERT into the lake: rows are written into staging, verified, sealed and published as one
 * run.
 *
 * <p>An unpartitioned table is one COPY, a partitioned one, or one whose files have a target size,
 * a COPY for each file.
 *
 * @param toSort whether the rows come in no order though the table has one: each partition is then
 *     sorted by itself
 */
record LakeInsert(LakeTable table, ArrowSource.EngineQuery rows, boolean toSort)
    implements ArrowUpdate {

  @Override
  public long run(ArrowExecution execution) throws SQLException {
    boolean oneFile =
        definition().partitionedBy().isEmpty() && table.runOptions().targetFileBytes().isEmpty();
    return table.run(
        execution,
        Map.of("duckdb", engine().version()),
        run -> oneFile ? copy(run, execution) : partition(run, execution));
  }

  private long copy(RunDirectory run, ArrowExecution execution) throws SQLException {
    Map<String, ArrowReader> inputs = execution.openInputs(rows);
    if (!definition().sortedBy().isEmpty()) {
      // Where the order comes from outside, so do the borders of its batches: not into the file.
      inputs.replaceAll((name, reader) -> new WholeVectors(reader, execution.allocator()));
    }
    try (DuckDbSession session = engine().session(inputs, execution)) {
      return session.update(LakeSql.copy(rows.sql(), run.file(), definition()));
    }
  }

  private long partition(RunDirectory run, ArrowExecution execution) throws SQLException {
    try (ArrowReader read = new ReadAhead(execution.open(rows), execution.allocator())) {
      return new PartitionedCopy(
              engine(), run, definition(), table.runOptions().targetFileBytes(), toSort, execution)
          .write(read);
    } catch (IOException e) {
      throw new SQLException(e.getMessage(), FileErrors.state(e.getMessage()), e);
    }
  }

  @Override
  public String explain() {
    String into =
        "Lake: a run of "
            + table.catalogName()
            + (definition().partitionedBy().isEmpty()
                ? ""
                : " partitioned by "
                    + definition().partitionedBy().stream()
                        .map(PartitionExpression::sql)
                        .collect(Collectors.joining(", ")))
            + (toSort ? ", each partition sorted" : "")
            + "\n";
    return into + rows.explain().indent(2);
  }

  private LakeTableDefinition definition() {
    return table.definition();
  }

  private DuckDbEngine engine() {
    return table.engine();
  }
}
