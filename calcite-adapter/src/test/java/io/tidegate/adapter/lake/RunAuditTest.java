package io.tidegate.adapter.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.adapter.lake.RunFinding.Check;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Published runs that somebody changed. */
class RunAuditTest {
  private static final String START = "2024-01-01 00:00:00";

  @TempDir Path directory;
  private TableDirectory table;
  private Path run;
  private Path file;
  private Path manifest;

  @BeforeEach
  void publish() throws Exception {
    table = Lake.open(directory).create("ticks", LakeFixture.ticks());
    LakeFixture.insertTicks(table, "old", START, 10);
    try (LiveRuns reader = table.liveRuns()) {
      LakeFixture.insertTicks(table, "r", START, 1000, "old");
      assertThat(reader.rows()).isEqualTo(10);
    }
    run = table.path().resolve("run_id=r");
    file = run.resolve("part-0000.parquet");
    manifest = run.resolve("_manifest.json");
  }

  @Test
  void runThatIsAsItWasPassesEachCheckOnce() throws Exception {
    assertThat(findings())
        .allMatch(RunFinding::passed)
        .extracting(RunFinding::check)
        .containsExactly(
            Check.MANIFEST, Check.FILES, Check.SHA256, Check.ROWS, Check.SCHEMA, Check.BOUNDS);
    try (RunAudit audit = table.audit("r")) {
      audit.run(() -> {});
      assertThat(audit.readableFiles()).extracting(LakeFile::name).containsExactly(name());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 100, -1, -20})
  void everyFlippedByteIsFound(int position) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[Math.floorMod(position, bytes.length)] ^= 1;
    Files.write(file, bytes);
    assertThat(faults())
        .anySatisfy(
            fault -> {
              assertThat(fault.check()).isEqualTo(Check.SHA256);
              assertThat(fault.file()).contains(name());
              assertThat(fault.detail()).contains("was sealed with");
            });
  }

  @Test
  void missingAndExtraFilesAreNamed() throws Exception {
    Files.move(file, run.resolve("part-0001.parquet"));
    Files.createDirectory(run.resolve("sub"));
    Files.writeString(run.resolve("sub/notes.txt"), "x");
    assertThat(faults())
        .filteredOn(fault -> fault.check() == Check.FILES)
        .extracting(fault -> fault.file().orElseThrow() + " " + fault.detail())
        .containsExactly(
            "part-0000.parquet is missing although the manifest names it",
            "part-0001.parquet is there but the manifest has no such file",
            "sub/notes.txt is there but the manifest has no such file");
    assertThat(faults())
        .extracting(RunFinding::detail)
        .contains("the files hold 0 rows but the manifest has 1000");
  }

  @Test
  void shortenedFileIsFoundByItsSizeItsHashAndItsFooter() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 7));
    assertThat(faults())
        .extracting(RunFinding::check)
        .contains(Check.FILES, Check.SHA256, Check.ROWS);
  }

  @Test
  void fileOfOtherRowsAndColumnsIsFound() throws Exception {
    Files.delete(file);
    LakeFixture.copy("SELECT 1 AS other", file);
    assertThat(faults())
        .extracting(RunFinding::check)
        .contains(Check.SHA256, Check.ROWS, Check.SCHEMA);
    Files.delete(file);
    LakeFixture.copy(LakeFixture.ticksFrom("2025-01-01 00:00:00", 1000), file);
    assertThat(faults()).extracting(RunFinding::check).contains(Check.SHA256, Check.BOUNDS);
  }

  @ParameterizedTest
  @CsvSource({
    "INSERT INTO test, INSERT INTO rest",
    "\"run_id\" : \"old\", \"run_id\" : \"odd\"",
    "2024-01-01 00:00:00, 2024-01-02 00:00:00",
    "\"created_at\" : \"2, \"created_at\" : \"3",
    "\"nullable\" : false, \"nullable\" : true",
    "}, )"
  })
  void everyChangeOfTheManifestIsFound(String part, String other) throws Exception {
    String json = Files.readString(manifest);
    assertThat(json).contains(part);
    Files.writeString(manifest, json.replace(part, other));
    assertThat(faults())
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.check()).isEqualTo(Check.MANIFEST);
              assertThat(fault.file()).contains("_manifest.json");
              assertThat(fault.detail()).startsWith("lake table ticks, run r");
            });
    assertThat(table.runStates()).extracting(RunState::state).contains(RunState.State.DAMAGED);
  }

  @Test
  void runWithoutItsManifestIsDamaged() throws Exception {
    Files.delete(manifest);
    assertThat(faults()).singleElement().extracting(RunFinding::check).isEqualTo(Check.MANIFEST);
    assertThat(table.runStates())
        .filteredOn(state -> state.runId().equals("r"))
        .singleElement()
        .satisfies(state -> assertThat(state.damage().orElseThrow()).contains("_manifest.json"));
  }

  @Test
  void manifestOfBeforeThereWasItsOwnHashIsRead() throws Exception {
    String json = Files.readString(manifest);
    Files.writeString(manifest, json.replaceAll(",\\s*\"manifest_sha256\" : \"[0-9a-f]{64}\"", ""));
    assertThat(Files.readString(manifest)).isNotEqualTo(json);
    assertThat(findings()).allMatch(RunFinding::passed);
  }

  @Test
  void runThatIsNotThereAndNamesThatAreNoRunsAreRefused() throws Exception {
    assertThatThrownBy(() -> table.audit("none"))
        .hasMessage("There is no run none in lake table ticks");
    for (String name : List.of("../ticks/run_id=r", "..", "a/b", "", ".hidden")) {
      assertThatThrownBy(() -> table.audit(name)).hasMessageContaining("cannot be a run id");
      assertThatThrownBy(() -> table.hold(name)).hasMessageContaining("cannot be a run id");
    }
    // Whoever was refused holds nothing.
    LakeFixture.insertTicks(table, "next", START, 5, "r");
    assertThat(Files.exists(run)).isFalse();
  }

  @Test
  void runIsNotRemovedWhileItIsVerified() throws Exception {
    try (RunAudit audit = table.audit("r")) {
      LakeFixture.insertTicks(table, "next", START, 5, "r");
      assertThat(audit.run(() -> {})).allMatch(RunFinding::passed);
    }
    assertThat(Files.exists(run)).isFalse();
  }

  @Test
  void auditIsStopped() throws Exception {
    try (RunAudit audit = table.audit("r")) {
      assertThatThrownBy(
              () ->
                  audit.run(
                      () -> {
                        throw new SQLException("enough", "57014");
                      }))
          .hasMessage("enough");
    }
  }

  private String name() {
    return file.getFileName().toString();
  }

  private List<RunFinding> findings() throws SQLException {
    try (RunAudit audit = table.audit("r")) {
      return audit.run(() -> {});
    }
  }

  private List<RunFinding> faults() throws SQLException {
    return findings().stream().filter(finding -> !finding.passed()).toList();
  }
}
