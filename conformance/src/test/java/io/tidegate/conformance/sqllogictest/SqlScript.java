package io.tidegate.conformance.sqllogictest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One script of SQLite's sqllogictest, as its records that are for everyone: what stands behind
 * {@code onlyif} is another engine's dialect. See https://www.sqlite.org/sqllogictest.
 *
 * @param name the resource's path below {@code /test}
 */
record SqlScript(String name, List<Entry> entries) {
  private static final Set<String> COMMANDS = Set.of("CREATE TABLE", "INSERT INTO", "DROP TABLE");

  /** A record of a script. */
  sealed interface Entry permits Command, Query {
    int line();

    String sql();
  }

  /**
   * A statement without rows.
   *
   * @param fails whether it has to
   */
  record Command(int line, String sql, boolean fails) implements Entry {
    /** Its first two words, as {@code CREATE TABLE}. */
    String kind() {
      String[] words = sql.strip().toUpperCase(Locale.ROOT).split("\\s+", 3);
      return words.length > 1 ? words[0] + " " + words[1].replaceAll("\\W.*", "") : words[0];
    }

    /** Indexes change no answer, so they are left out. */
    boolean isIndex() {
      String upper = sql.toUpperCase(Locale.ROOT);
      return upper.startsWith("CREATE INDEX")
          || upper.startsWith("CREATE UNIQUE INDEX")
          || upper.startsWith("DROP INDEX");
    }
  }

  /**
   * A query and its answer.
   *
   * @param types a letter for each column: I, R or T
   * @param sort nosort, rowsort or valuesort
   * @param expected the values, or one line with their number and hash
   */
  record Query(int line, String sql, String types, String sort, List<String> expected)
      implements Entry {}

  /** Why the script cannot be run here, if it cannot: the first statement that Tidegate lacks. */
  Optional<String> unsupported() {
    for (Entry entry : entries) {
      if (entry instanceof Command command
          && !command.isIndex()
          && !command.fails()
          && !COMMANDS.contains(command.kind())) {
        return Optional.of(
            command.kind().split(" ")[0].equals("CREATE")
                ? command.kind()
                : command.kind().split(" ")[0]);
      }
    }
    return Optional.empty();
  }

  long queries() {
    return entries.stream().filter(Query.class::isInstance).count();
  }

  static SqlScript read(String name) {
    List<Entry> entries = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                SqlScript.class.getResourceAsStream("/test/" + name), StandardCharsets.UTF_8))) {
      List<String> block = new ArrayList<>();
      int number = 0;
      int first = 1;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank()) {
          if (block.isEmpty()) {
            first = number;
          }
          block.add(line);
        } else if (!block.isEmpty()) {
          entry(block, first).ifPresent(entries::add);
          block.clear();
        }
      }
      if (!block.isEmpty()) {
        entry(block, first).ifPresent(entries::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SqlScript(name, List.copyOf(entries));
  }

  private static Optional<Entry> entry(List<String> block, int first) {
    int at = 0;
    while (at < block.size()
        && (block.get(at).startsWith("#") || block.get(at).startsWith("skipif"))) {
      at++;
    }
    if (at == block.size()) {
      return Optional.empty();
    }
    String[] words = block.get(at).trim().split("\\s+");
    int line = first + at;
    return switch (words[0]) {
      case "statement" ->
          Optional.of(
              new Command(
                  line,
                  String.join("\n", block.subList(at + 1, block.size())),
                  words[1].equals("error")));
      case "query" -> {
        int rule = block.indexOf("----");
        boolean answered = rule >= 0;
        yield Optional.of(
            new Query(
                line,
                String.join("\n", block.subList(at + 1, answered ? rule : block.size())),
                words[1],
                words.length > 2 ? words[2] : "nosort",
                answered ? List.copyOf(block.subList(rule + 1, block.size())) : List.of()));
      }
      // Of other engines, and the size from which answers are hashed.
      case "onlyif", "hash-threshold", "halt" -> Optional.empty();
      default -> throw new IllegalStateException("Unknown record: " + block);
    };
  }
}
