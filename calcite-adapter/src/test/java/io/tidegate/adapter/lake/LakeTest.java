package io.tidegate.adapter.lake;

import static io.tidegate.adapter.lake.LakeFixture.entries;
import static io.tidegate.adapter.lake.LakeFixture.insertTicks;
import static io.tidegate.adapter.lake.LakeFixture.liveIds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LakeTest {
  @TempDir Path directory;

  @Test
  void openingCreatesTheRoot() throws Exception {
    Lake lake = Lake.open(directory.resolve("data/lake"));
    assertThat(lake.tableNames()).isEmpty();
    assertThat(entries(lake.root())).contains(".leases", ".lock", ".staging", ".trash");
  }

  @Test
  void tablesAreFoundWithoutCaseAndKeepTheirs() throws Exception {
    Lake lake = Lake.open(directory);
    lake.create("Trades", LakeFixture.ticks());
    assertThat(lake.table("TRADES").orElseThrow().name()).isEqualTo("Trades");
    assertThat(lake.table("Trades").orElseThrow().definition()).isEqualTo(LakeFixture.ticks());
    assertThatThrownBy(() -> lake.create("trades", LakeFixture.ticks()))
        .isInstanceOf(LakeException.class)
        .hasMessage("Cannot create lake table trades: Trades is there");
    assertThat(Lake.open(directory).tableNames()).containsExactly("Trades");
  }

  @Test
  void droppedTableLeavesNothing() throws Exception {
    Lake lake = Lake.open(directory);
    insertTicks(lake.create("t", LakeFixture.ticks()), "r", "2024-01-01 00:00:00", 3);
    lake.drop("t");
    assertThat(directory.resolve("t")).doesNotExist();
    assertThat(entries(directory.resolve(".trash"))).isEmpty();
    assertThatThrownBy(() -> lake.drop("t")).hasMessage("There is no lake table t");
    assertThat(liveIds(lake.create("t", LakeFixture.ticks()))).isEmpty();
  }

  @Test
  void tableWithADamagedDefinitionIsNamedAndCanBeDropped() throws Exception {
    Lake lake = Lake.open(directory);
    lake.create("good", LakeFixture.ticks());
    lake.create("bad", LakeFixture.ticks());
    Files.writeString(directory.resolve("bad/_table.json"), "{");
    assertThatThrownBy(() -> lake.table("bad"))
        .isInstanceOf(LakeException.class)
        .hasMessageStartingWith("lake table bad, file _table.json is not JSON");
    assertThat(Lake.open(directory).table("good")).isPresent();
    lake.drop("bad");
    assertThat(lake.tableNames()).containsExactly("good");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", ".staging", "a/b", "_t", "a b"})
  void nameThatCannotBeADirectoryIsRefused(String name) throws Exception {
    Lake lake = Lake.open(directory);
    assertThatThrownBy(() -> lake.create(name, LakeFixture.ticks()))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("cannot be a table name");
    assertThatThrownBy(() -> lake.drop(name)).isInstanceOf(LakeException.class);
    assertThat(lake.table(name)).isEmpty();
  }

  @Test
  void foreignDirectoryIsNeitherTableNorOverwritten() throws Exception {
    Lake lake = Lake.open(directory);
    Files.createDirectory(directory.resolve("notes"));
    Files.writeString(directory.resolve("notes/readme"), "x");
    assertThat(lake.tableNames()).isEmpty();
    assertThatThrownBy(() -> lake.create("notes", LakeFixture.ticks()))
        .hasMessageContaining("is there but is no lake table; move it away");
    assertThat(directory.resolve("notes/readme")).hasContent("x");
  }

  @Test
  void rootThatIsAFileIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");
    for (Path root : List.of(file, file.resolve("below"))) {
      assertThatThrownBy(() -> Lake.open(root))
          .isInstanceOf(LakeException.class)
          .hasMessageStartingWith("Cannot open the lake at " + root + " for writing: ")
          .message()
          .doesNotContain("\n");
    }
  }

  @Test
  void stagingThatIsAFileIsNamed() throws Exception {
    Lake lake = Lake.open(directory);
    TableDirectory table = lake.create("t", LakeFixture.ticks());
    Files.delete(directory.resolve(".staging"));
    Files.writeString(directory.resolve(".staging"), "x");
    assertThatThrownBy(() -> table.stage("r"))
        .isInstanceOf(LakeException.class)
        .hasMessageStartingWith("Cannot stage run r of lake table t: ");
    assertThatThrownBy(() -> Lake.open(directory)).hasMessageContaining("a file is in the way: ");
  }

  /** Needs a file system of its own, so only where one may be mounted. */
  @Test
  void fullDiskIsNamedAndPublishesNothing() throws Exception {
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", directory.toString()));
    try {
      Lake lake = Lake.open(directory);
      TableDirectory table = lake.create("t", LakeFixture.ticks());
      insertTicks(table, "before", "2024-01-01 00:00:00", 3);
      try (RunDirectory run = table.stage("r")) {
        LakeFixture.copy(LakeFixture.ticksFrom("2024-01-01 00:00:00", 3), run.file());
        fill(directory.resolve("ballast"));
        assertThatThrownBy(() -> run.seal(LakeFixture.report(3)))
            .isInstanceOf(LakeException.class)
            .hasMessageStartingWith("Cannot seal lake table t, run r: ")
            .hasMessageContaining("No space left on device");
      }
      assertThat(liveIds(table)).containsExactly("before");
      assertThat(entries(directory.resolve(".staging"))).isEmpty();
    } finally {
      run("umount", directory.toString());
    }
  }

  private static void fill(Path file) throws Exception {
    byte[] page = new byte[4096];
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  private static boolean run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void manyThreadsAndLakesInOneJvmWriteAndReadAtOnce() throws Exception {
    Lake.open(directory).create("t", LakeFixture.ticks());
    Path parquet = directory.resolve("ticks.parquet");
    LakeFixture.copy(LakeFixture.ticksFrom("2024-01-01 00:00:00", 3), parquet);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> writers = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        writers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 10; i++) {
                    // Each opening sweeps; none may take what another thread is writing.
                    TableDirectory table = Lake.open(directory).table("t").orElseThrow();
                    try (RunDirectory run = table.stage();
                        LiveRuns live = table.liveRuns()) {
                      Files.copy(parquet, run.file());
                      run.seal(LakeFixture.report(3));
                      run.publish();
                      assertThat(live.files()).hasSize((int) (live.rows() / 3));
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
    try (LiveRuns live = Lake.open(directory).table("t").orElseThrow().liveRuns()) {
      assertThat(live.rows()).isEqualTo(120);
    }
  }
}
