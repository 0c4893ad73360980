package io.tidegate.conformance.sqllogictest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The failures that are meant, with the reason: {@code sqllogictest/differences.txt}. Each of its
 * paragraphs is a reason and, indented, patterns of errors, or of {@code script:line} for a wrong
 * answer.
 */
record Differences(List<Difference> listed) {

  /** Failures of one reason. */
  record Difference(String reason, List<Pattern> patterns) {}

  static Differences read() {
    List<Difference> listed = new ArrayList<>();
    try (InputStream stream =
        Differences.class.getResourceAsStream("/sqllogictest/differences.txt")) {
      List<Pattern> patterns = List.of();
      for (String line :
          new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (line.startsWith("  ")) {
          patterns.add(Pattern.compile(line.strip()));
        } else if (!line.isBlank() && !line.startsWith("#")) {
          patterns = new ArrayList<>();
          listed.add(new Difference(line.strip(), patterns));
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return new Differences(List.copyOf(listed));
  }

  /**
   * Why a failure is meant, if it is.
   *
   * @param failure an error with its SQLSTATE in front, or {@code script:line wrong answer}
   */
  Optional<String> reason(String failure) {
    return listed.stream()
        .filter(each -> each.patterns().stream().anyMatch(p -> p.matcher(failure).find()))
        .map(Difference::reason)
        .findFirst();
  }
}
