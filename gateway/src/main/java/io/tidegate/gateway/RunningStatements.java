package io.tidegate.gateway;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The requests that are being worked on right now, so that nothing they use is taken for idle.
 *
 * <p>Avatica's caches count from the last look-up. An INSERT that runs for an hour looks its
 * statement up once, so the caches would close it in the middle. While a request is registered here
 * its connection and statement are looked up again every third of the idle time. The same beat lets
 * the caches drop what has really expired, which otherwise waits for the next request.
 */
final class RunningStatements implements AutoCloseable {
  private final Map<Long, Request> requests = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final ScheduledExecutorService beat;

  /**
   * One request at work.
   *
   * @param connectionId its connection
   * @param statementId its statement
   */
  record Request(String connectionId, int statementId) {}

  RunningStatements(Duration idle, Consumer<Request> keep, Runnable dropExpired) {
    beat =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "tidegate-keep-running");
              thread.setDaemon(true);
              return thread;
            });
    long period = Math.max(10, idle.toMillis() / 3);
    beat.scheduleAtFixedRate(
        () -> {
          requests.values().forEach(keep);
          dropExpired.run();
        },
        period,
        period,
        TimeUnit.MILLISECONDS);
  }

  /** Registers a request until the returned mark is closed. */
  Mark begin(String connectionId, int statementId) {
    long id = ids.incrementAndGet();
    requests.put(id, new Request(connectionId, statementId));
    return () -> requests.remove(id);
  }

  /** Ends one registration. */
  @FunctionalInterface
  interface Mark extends AutoCloseable {
    @Override
    void close();
  }

  @Override
  public void close() {
    beat.shutdownNow();
  }
}
