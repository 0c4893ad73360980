package io.tidegate.adapter.lake;

import java.util.List;

/** One sealed run, live or superseded, whose files stay where they are until it is closed. */
public final class HeldRun implements AutoCloseable {
  private final TableDirectory table;
  private final TableHold hold;
  private final SealedRun run;

  HeldRun(TableDirectory table, TableHold hold, SealedRun run) {
    this.table = table;
    this.hold = hold;
    this.run = run;
  }

  public TableDirectory table() {
    return table;
  }

  public RunManifest manifest() {
    return run.manifest();
  }

  /** The files, each seen to be there with the size it was sealed with. */
  public List<LakeFile> files() throws LakeException {
    for (LakeFile file : run.files()) {
      file.checkPresent(table.name());
    }
    return run.files();
  }

  @Override
  public void close() {
    hold.close();
  }
}
