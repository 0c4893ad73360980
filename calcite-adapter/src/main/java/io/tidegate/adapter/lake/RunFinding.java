package io.tidegate.adapter.lake;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What one check of a run came to: one finding when it passed or had nothing to look at, one for
 * each fault when not.
 *
 * @param file the file at fault, relative to the run; empty when the check passed
 * @param detail what was looked at, or what was met
 * @param elapsed how long the check took for the whole run
 */
public record RunFinding(
    String table,
    String runId,
    Check check,
    Verdict verdict,
    Optional<String> file,
    String detail,
    Duration elapsed) {

  /** What is looked at, in this order. */
  public enum Check {
    /** The manifest can be read and nothing in it was changed. */
    MANIFEST,
    /** The files are those of the manifest, no more and no fewer, and as long. */
    FILES,
    /** Every byte is the one that was sealed. */
    SHA256,
    /** The footers are whole and add up to the manifest's rows. */
    ROWS,
    /** Columns, types and codec are the table's. */
    SCHEMA,
    /** The bounds of the columns, by which files are left out, are the footers' own. */
    BOUNDS,
    /** The rows of each file are in the order of the sort key. */
    ORDER,
    /** The rows of each file belong into its directory. */
    PARTITION,
    /** The coverage of an export of slices is what its slices give. */
    COVERAGE;

    /** The word for it in SQL. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What a check came to. */
  public enum Verdict {
    PASSED,
    FAILED,
    /** There was nothing that the check could look at, which is not the same as being sound. */
    NOT_APPLICABLE
  }

  public RunFinding {
    requireNonNull(verdict, "verdict");
    requireNonNull(table, "table");
    requireNonNull(runId, "runId");
    requireNonNull(check, "check");
    requireNonNull(file, "file");
    requireNonNull(detail, "detail");
    requireNonNull(elapsed, "elapsed");
  }

  /** Whether something was looked at and found to be sound. */
  public boolean passed() {
    return verdict == Verdict.PASSED;
  }
}
