package io.tidegate.gateway.fetch;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A bar of files on the terminal with the bytes that arrived; nothing where there is no terminal.
 */
final class FetchProgress implements AutoCloseable {
  /** Set by the launcher: whether standard error is a terminal, which Java cannot find out. */
  private static final String TERMINAL_PROPERTY = "tidegate.stderr.terminal";

  private final ProgressBar bar;
  private long bytes;

  private FetchProgress(ProgressBar bar) {
    this.bar = bar;
  }

  static FetchProgress of(int files) {
    if (!Boolean.getBoolean(TERMINAL_PROPERTY)) {
      return new FetchProgress(null);
    }
    return new FetchProgress(
        new ProgressBarBuilder()
            .setTaskName("files")
            .setInitialMax(files)
            .setStyle(ProgressBarStyle.ASCII)
            .setConsumer(new ConsoleProgressBarConsumer(System.err))
            .clearDisplayOnFinish()
            .build());
  }

  void arrived(long count) {
    bytes += count;
    if (bar != null) {
      bar.setExtraMessage(bytes / 1_000_000 + " MB");
    }
  }

  /** One file less to go, or so many more. */
  void done(int more) {
    if (bar != null) {
      bar.maxHint(bar.getMax() + more);
      bar.step();
    }
  }

  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
