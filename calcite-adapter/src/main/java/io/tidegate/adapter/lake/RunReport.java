package io.tidegate.adapter.lake;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Set;

/**
 * What the writer of a run says about it; the manifest keeps it beside what the files say.
 *
 * @param rows how many rows it wrote; the footers must add up to this
 * @param statement the SQL text
 * @param engines versions, by engine
 * @param inputs what it read, by table or file, with whatever fingerprint there is
 * @param supersedes ids of the live runs that this one replaces
 */
public record RunReport(
    long rows,
    String statement,
    Map<String, String> engines,
    Map<String, String> inputs,
    Set<String> supersedes) {
  public RunReport {
    requireNonNull(statement, "statement");
    engines = Map.copyOf(engines);
    inputs = Map.copyOf(inputs);
    supersedes = Set.copyOf(supersedes);
  }

  /** A plain INSERT: nothing superseded. */
  public static RunReport of(
      long rows, String statement, Map<String, String> engines, Map<String, String> inputs) {
    return new RunReport(rows, statement, engines, inputs, Set.of());
  }
}
