package io.tidegate.gateway;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A line on the terminal that shows how far a long statement is.
 *
 * <p>It appears after a second, so short statements leave no trace, and it is wiped when the
 * statement ends. Without a terminal there is none.
 */
final class ProgressLine implements AutoCloseable {
  /** Set by the launcher: whether standard error is a terminal, which Java cannot find out. */
  static final String TERMINAL_PROPERTY = "tidegate.stderr.terminal";

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration BEAT = Duration.ofMillis(200);

  private final ScheduledExecutorService beat;
  private final String task;
  private final RowProgress progress;
  private final String sql;
  private final PrintStream terminal;
  private ProgressBar bar;
  private boolean closed;

  private ProgressLine(String task, String sql, RowProgress progress, PrintStream terminal) {
    this.task = task;
    this.sql = sql;
    this.progress = progress;
    this.terminal = terminal;
    this.beat =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "tidegate-progress");
              thread.setDaemon(true);
              return thread;
            });
    beat.scheduleAtFixedRate(
        this::show, PATIENCE.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Watches a statement that is about to run, if anybody can see it. */
  static AutoCloseable watch(String task, String sql, RowProgress progress) {
    return Boolean.getBoolean(TERMINAL_PROPERTY)
        ? new ProgressLine(task, sql, progress, System.err)
        : () -> {};
  }

  private synchronized void show() {
    if (closed) {
      return;
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(-1)
              .startsFrom(0, PATIENCE)
              .setUnit(" rows", 1)
              .showSpeed()
              .clearDisplayOnFinish()
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis((int) BEAT.toMillis())
              .setConsumer(new ConsoleProgressBarConsumer(terminal))
              .build();
    }
    progress.rowsSoFar(sql).ifPresent(bar::stepTo);
  }

  @Override
  public synchronized void close() {
    closed = true;
    beat.shutdownNow();
    if (bar != null) {
      bar.close();
    }
  }
}
