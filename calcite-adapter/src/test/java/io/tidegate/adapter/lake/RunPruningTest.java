package io.tidegate.adapter.lake;

import static io.tidegate.adapter.lake.LakeFixture.entries;
import static io.tidegate.adapter.lake.LakeFixture.insertTicks;
import static io.tidegate.adapter.lake.LakeFixture.liveIds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.adapter.lake.RunPruning.Outcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPruningTest {
  private static final String START = "2024-01-01 00:00:00";
  private static final Instant LONG_AGO = Instant.parse("2001-01-01T00:00:00Z");
  private static final Instant SOON = Instant.parse("2101-01-01T00:00:00Z");

  @TempDir Path directory;
  private TableDirectory table;

  @BeforeEach
  void create() throws Exception {
    table = Lake.open(directory).create("t", LakeFixture.ticks());
    for (String runId : List.of("c", "a", "b")) {
      insertTicks(table, runId, START, 3);
    }
  }

  @Test
  void newestRunsAreKept() throws Exception {
    // Runs of one millisecond are told apart by their ids.
    List<RunPruning.Pruned> pruned = prune(keep(1), false);
    assertThat(pruned).hasSize(2).allMatch(run -> run.outcome() == Outcome.REMOVED);
    assertThat(liveIds(table)).hasSize(1);
    assertThat(liveIds(table))
        .doesNotContainAnyElementsOf(pruned.stream().map(run -> run.run().runId()).toList());
    assertThat(entries(directory.resolve(".trash"))).isEmpty();
    assertThat(prune(keep(1), false)).isEmpty();
    assertThat(prune(keep(0), false)).hasSize(1);
    assertThat(entries(table.path())).containsExactly("_table.json");
  }

  @Test
  void ageCounts() throws Exception {
    assertThat(prune(before(LONG_AGO), false)).isEmpty();
    assertThat(prune(new RunPruning(OptionalLong.of(2), Optional.of(LONG_AGO)), false)).isEmpty();
    assertThat(prune(new RunPruning(OptionalLong.of(2), Optional.of(SOON)), false)).hasSize(1);
    assertThat(prune(before(SOON), false)).hasSize(2);
    assertThat(liveIds(table)).isEmpty();
  }

  @Test
  void dryRunRemovesNothing() throws Exception {
    assertThat(prune(keep(0), true)).hasSize(3).allMatch(r -> r.outcome() == Outcome.TO_REMOVE);
    assertThat(liveIds(table)).hasSize(3);
  }

  @Test
  void runThatIsReadStaysAndGoesTheNextTime() throws Exception {
    try (HeldRun held = table.hold("a")) {
      assertThat(prune(keep(0), false))
          .allMatch(
              run ->
                  run.outcome()
                      == (run.run().runId().equals("a") ? Outcome.IN_USE : Outcome.REMOVED));
      assertThat(held.files()).hasSize(1);
      assertThat(liveIds(table)).containsExactly("a");
    }
    assertThat(prune(keep(0), false)).hasSize(1);
    assertThat(liveIds(table)).isEmpty();
  }

  @Test
  void whatARunReplacedDoesNotRiseAgain() throws Exception {
    try (HeldRun reader = table.hold("a")) {
      insertTicks(table, "all", START, 9, "a", "b", "c");
      assertThat(reader.files()).hasSize(1);
      assertThat(prune(keep(0), false))
          .extracting(RunPruning.Pruned::outcome)
          .containsExactly(Outcome.IN_USE);
      assertThat(liveIds(table)).containsExactly("all");
    }
    assertThat(prune(keep(0), false))
        .extracting(RunPruning.Pruned::outcome)
        .containsExactly(Outcome.REMOVED);
    assertThat(entries(table.path())).containsExactly("_table.json");
  }

  @Test
  void prunedIdIsFree() throws Exception {
    prune(keep(0), false);
    assertThat(insertTicks(table, "a", START, 3)).isEqualTo(RunDirectory.Outcome.PUBLISHED);
    assertThat(liveIds(table)).containsExactly("a");
  }

  @Test
  void droppedTableIsNotPruned() throws Exception {
    Lake.open(directory).drop("t");
    assertThatThrownBy(() -> prune(keep(0), false)).hasMessageContaining("was dropped");
  }

  private List<RunPruning.Pruned> prune(RunPruning pruning, boolean dryRun) throws LakeException {
    return table.prune(pruning, dryRun);
  }

  private static RunPruning keep(long runs) {
    return new RunPruning(OptionalLong.of(runs), Optional.empty());
  }

  private static RunPruning before(Instant time) {
    return new RunPruning(OptionalLong.empty(), Optional.of(time));
  }
}
