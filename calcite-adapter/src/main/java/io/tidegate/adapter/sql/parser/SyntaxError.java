package io.tidegate.adapter.sql.parser;

import io.tidegate.adapter.sql.parser.generated.Token;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * Turns the parser's failures into one line: where, what was met, what would have been understood.
 *
 * <p>Where an expression or an identifier fits, the generated parser lists some three hundred
 * words. They are summed up, the rest is cut to the few that look most like what was met.
 */
final class SyntaxError {
  private static final String SQLSTATE = "42601";
  private static final int LISTED = 6;

  private SyntaxError() {}

  static SQLException at(int line, int column, String what, Throwable cause) {
    return new SQLException(
        "Syntax error at line " + line + ", column " + column + ": " + what, SQLSTATE, cause);
  }

  static SQLException of(SqlParseException e, List<Token> tokens) {
    SqlParserPos pos = e.getPos();
    int[][] sequences = e.getExpectedTokenSequences();
    if (sequences == null || sequences.length == 0) {
      return refusal(e, pos, tokens);
    }
    int start = indexAt(tokens, pos);
    // A sequence is more than one token where the parser had to look ahead; the culprit stands
    // behind the longest
    // beginning that the text has in common with any of them.
    int understood = 0;
    for (int[] sequence : sequences) {
      understood = Math.max(understood, commonLength(sequence, tokens, start));
    }
    Set<String> expected = new TreeSet<>();
    for (int[] sequence : sequences) {
      if (sequence.length > understood && commonLength(sequence, tokens, start) == understood) {
        expected.add(e.getTokenImages()[sequence[understood]]);
      }
    }
    int culprit = start + understood;
    if (culprit >= tokens.size()) {
      Token last = tokens.get(tokens.size() - 1);
      return at(
          last.endLine,
          last.endColumn + 1,
          "met the end of the statement, expected " + summary(expected, ""),
          e);
    }
    Token met = tokens.get(culprit);
    return at(
        met.beginLine,
        met.beginColumn,
        "met \"" + met.image + "\", expected " + summary(expected, met.image),
        e);
  }

  /** What the grammar took and an action of it refused: Calcite's own words, on one line. */
  private static SQLException refusal(SqlParseException e, SqlParserPos pos, List<Token> tokens) {
    if (e.getCause() instanceof StackOverflowError) {
      return new SQLException("Syntax error: the statement is nested too deeply", SQLSTATE, e);
    }
    String message = e.getMessage() == null ? "not understood" : e.getMessage();
    if (e.getCause() instanceof CalciteException cause && cause.getMessage() != null) {
      message = cause.getMessage();
    }
    if (message.startsWith("Non-query expression") && indexAt(tokens, pos) == 0) {
      Token met = tokens.get(0);
      return at(
          met.beginLine,
          met.beginColumn,
          "met \""
              + met.image
              + "\", expected a statement: SELECT, INSERT, CREATE TABLE, EXPLAIN, ...",
          e);
    }
    message = message.replaceAll("\\s+", " ").trim();
    return pos == null
        ? new SQLException("Syntax error: " + message, SQLSTATE, e)
        : at(pos.getLineNum(), pos.getColumnNum(), message, e);
  }

  private static int indexAt(List<Token> tokens, SqlParserPos pos) {
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.beginLine == pos.getLineNum() && token.beginColumn == pos.getColumnNum()) {
        return i;
      }
    }
    return tokens.size();
  }

  private static int commonLength(int[] sequence, List<Token> tokens, int start) {
    int common = 0;
    while (common < sequence.length
        && start + common < tokens.size()
        && tokens.get(start + common).kind == sequence[common]) {
      common++;
    }
    return common;
  }

  private static String summary(Set<String> images, String met) {
    List<String> names = new ArrayList<>();
    boolean expression = images.contains("<IDENTIFIER>") && images.contains("\"(\"");
    if (expression && images.contains("<QUOTED_STRING>")) {
      names.add("an expression");
    } else if (images.contains("<IDENTIFIER>")) {
      names.add("an identifier");
    } else if (images.contains("<QUOTED_STRING>")) {
      names.add("a string");
    } else if (images.contains("<UNSIGNED_INTEGER_LITERAL>")) {
      names.add("a number");
    }
    if (images.contains("<EOF>")) {
      names.add("the end of the statement");
    }
    List<String> words =
        images.stream()
            .filter(image -> image.startsWith("\""))
            .map(image -> image.substring(1, image.length() - 1))
            .sorted(
                Comparator.comparing((String word) -> !Character.isLetter(word.charAt(0)))
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    if (!names.contains("an expression")) {
      names.addAll(words);
    }
    // A word misspelt comes first: FORM for FROM.
    List<String> meant =
        words.stream()
            .filter(word -> word.length() > 2 && distance(word, met) <= (word.length() > 4 ? 2 : 1))
            .sorted(Comparator.comparingInt(word -> distance(word, met)))
            .toList();
    names.removeAll(meant);
    names.addAll(0, meant);
    if (names.isEmpty()) {
      return "something else";
    }
    return names.size() <= LISTED
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, LISTED)) + ", ...";
  }

  /** How many letters differ, a swap of two neighbours counting once: FORM is 1 from FROM. */
  private static int distance(String word, String met) {
    String a = word.toUpperCase(Locale.ROOT);
    String b = met.toUpperCase(Locale.ROOT);
    if (Math.abs(a.length() - b.length()) > 2) {
      return 3;
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], 1 + d[i - 2][j - 2]);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
