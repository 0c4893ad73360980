package io.tidegate.adapter.lake;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Names that become directories: tables, run ids and partition keys.
 *
 * <p>All begin with a letter or a digit, because a leading dot or underscore hides a directory from
 * Spark and Trino.
 */
public final class LakeNames {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final AtomicLong LAST_RUN_MICROS = new AtomicLong();

  private LakeNames() {}

  static String checkTable(String name) throws LakeException {
    return check("table name", name);
  }

  /** The id, if it can be one; an error that says what it takes. */
  public static String checkRunId(String runId) throws LakeException {
    return check("run id", runId);
  }

  static String checkKey(String key) throws LakeException {
    return check("partition key", key);
  }

  private static String check(String what, String name) throws LakeException {
    if (!SAFE.matcher(name).matches() || name.contains("..")) {
      throw LakeException.invalid(
          "'"
              + name
              + "' cannot be a "
              + what
              + " in the lake: it takes 1 to 128 of A-Z a-z 0-9 . _ - with a letter or digit first"
              + " and no '..'");
    }
    return name;
  }

  /** A new run id: sorts by time, strictly within one JVM, and is unlike any other's by chance. */
  static String newRunId() {
    long micros =
        LAST_RUN_MICROS.updateAndGet(
            last -> {
              long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
              return Math.max(last + 1, now);
            });
    Instant moment = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    int chance = ThreadLocalRandom.current().nextInt();
    return String.format("%s-%08x", RUN_TIME.format(moment), chance);
  }
}
