package io.tidegate.adapter.sql;

import io.tidegate.adapter.arrow.ArrowExecution;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks at the flags that {@code Statement.cancel} sets. JDBC's flag is only a flag; this turns it
 * into a call while the statement's own thread waits for an engine.
 */
final class CancelWatch implements AutoCloseable {
  private static final long PERIOD_MILLIS = 50;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "tidegate-cancel-watch");
            thread.setDaemon(true);
            return thread;
          });

  /** Watches until what it returns is closed. A null flag is never set. */
  AutoCloseable watch(ArrowExecution execution, AtomicBoolean flag) {
    if (flag == null) {
      return () -> {};
    }
    ScheduledFuture<?> task =
        timer.scheduleWithFixedDelay(
            () -> {
              if (flag.get()) {
                execution.cancel();
              }
            },
            PERIOD_MILLIS,
            PERIOD_MILLIS,
            TimeUnit.MILLISECONDS);
    return () -> task.cancel(false);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
