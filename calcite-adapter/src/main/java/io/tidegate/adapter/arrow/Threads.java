package io.tidegate.adapter.arrow;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Threads that work for one statement. */
public final class Threads {
  private Threads() {}

  /**
   * Waits until all that was given to the threads is done, however often this thread is
   * interrupted: what they write to or read from is about to go.
   */
  public static void awaitEnd(ExecutorService threads) {
    threads.shutdown();
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        threads.awaitTermination(1, TimeUnit.HOURS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
