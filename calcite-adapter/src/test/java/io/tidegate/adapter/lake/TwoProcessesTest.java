package io.tidegate.adapter.lake;

import static io.tidegate.adapter.lake.LakeFixture.entries;
import static io.tidegate.adapter.lake.LakeFixture.insertTicks;
import static io.tidegate.adapter.lake.LakeFixture.liveIds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on one lake, one of them killed. */
@Timeout(60)
class TwoProcessesTest {
  private static final String START = "2024-01-01 00:00:00";

  @TempDir Path directory;
  private Path root;
  private Path parquet;
  private TableDirectory table;

  @BeforeEach
  void createTable() throws Exception {
    root = directory.resolve("lake");
    parquet = directory.resolve("ticks.parquet");
    LakeFixture.copy(LakeFixture.ticksFrom(START, 3), parquet);
    table = Lake.open(root).create("t", LakeFixture.ticks());
  }

  @Test
  void bothWritersSucceedAndNeitherSweepsTheOther() throws Exception {
    try (RunDirectory mine = table.stage("mine");
        LakeProcess other = LakeProcess.writing(root, "other", parquet)) {
      // The other one opened the lake, and so swept it, while mine was staged.
      assertThat(other.says()).isEqualTo("written");
      Files.copy(parquet, mine.file());
      Lake.open(root);
      assertThat(entries(root.resolve(".staging"))).hasSize(4);
      other.goOn();
      assertThat(other.says()).isEqualTo("sealed");
      Lake.open(root);
      mine.seal(LakeFixture.report(3));
      assertThat(liveIds(table)).isEmpty();
      other.goOn();
      assertThat(other.says()).isEqualTo("published");
      assertThat(liveIds(table)).containsExactly("other");
      mine.publish();
    }
    assertThat(liveIds(table)).containsExactly("mine", "other");
    assertThat(entries(root.resolve(".staging"))).isEmpty();
  }

  @Test
  void killedWriterLeavesNothingVisibleAndTheNextStartSweeps() throws Exception {
    try (LakeProcess other = LakeProcess.writing(root, "other", parquet)) {
      assertThat(other.says()).isEqualTo("written");
      other.goOn();
      assertThat(other.says()).isEqualTo("sealed");
      other.kill();
    }
    assertThat(liveIds(table)).isEmpty();
    assertThat(entries(root.resolve(".staging"))).hasSize(2);
    Lake.open(root);
    assertThat(entries(root.resolve(".staging"))).isEmpty();
    assertThat(entries(root.resolve(".trash"))).isEmpty();
    assertThat(liveIds(table)).isEmpty();
  }

  @Test
  void readerInAnotherProcessKeepsItsFiles() throws Exception {
    insertTicks(table, "a", START, 3);
    try (LakeProcess other = LakeProcess.reading(root)) {
      assertThat(other.says()).isEqualTo("reading");
      insertTicks(table, "b", START, 3, "a");
      assertThat(entries(table.path())).contains("run_id=a", "run_id=b");
      Lake lake = Lake.open(root);
      lake.drop("t");
      assertThat(lake.table("t")).isEmpty();
      assertThat(entries(table.path())).contains("run_id=a", "_dropped.json");
      assertThatThrownBy(() -> lake.create("t", LakeFixture.ticks()))
          .hasMessageContaining("still being read");
      other.goOn();
      assertThat(other.says()).isEqualTo("read");
    }
    // The reader's end removed the table, and it would have gone with the next start too.
    Lake.open(root);
    assertThat(table.path()).doesNotExist();
  }

  @Test
  void killedReaderKeepsNothing() throws Exception {
    insertTicks(table, "a", START, 3);
    try (LakeProcess other = LakeProcess.reading(root)) {
      assertThat(other.says()).isEqualTo("reading");
      insertTicks(table, "b", START, 3, "a");
      assertThat(entries(table.path())).contains("run_id=a");
      other.kill();
    }
    // This JVM was refused once, so its next reader's end tries again.
    assertThat(liveIds(table)).containsExactly("b");
    assertThat(entries(table.path())).containsExactly("_table.json", "run_id=b");
  }
}
