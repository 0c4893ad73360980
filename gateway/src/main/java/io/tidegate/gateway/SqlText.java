package io.tidegate.gateway;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts SQL text at its semicolons.
 *
 * <p>It knows as much of SQL as that needs: quoted texts and identifiers, and comments. It does not
 * judge: what is not closed reaches to the end, and the engine will say what it thinks of it.
 */
final class SqlText {
  private SqlText() {}

  /**
   * One statement.
   *
   * @param text without the semicolon, without white space and comments before it
   * @param line where it begins, from 1
   */
  record Piece(String text, int line) {}

  /** The statements in order. Pieces of nothing but white space and comments are left out. */
  static List<Piece> split(String sql) {
    List<Piece> pieces = new ArrayList<>();
    int begin = afterBlank(sql, 0);
    int at = begin;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == ';') {
        add(pieces, sql, begin, at);
        begin = afterBlank(sql, at + 1);
        at = begin;
      } else if (c == '\'' || c == '"' || c == '`') {
        at = after(sql, at + 1, String.valueOf(c));
      } else {
        int comment = afterComment(sql, at);
        at = comment > at ? comment : at + 1;
      }
    }
    add(pieces, sql, begin, sql.length());
    return pieces;
  }

  private static void add(List<Piece> pieces, String sql, int begin, int end) {
    String text = begin >= end ? "" : sql.substring(begin, end).stripTrailing();
    if (!text.isEmpty()) {
      int line = 1 + (int) sql.substring(0, begin).chars().filter(c -> c == '\n').count();
      pieces.add(new Piece(text, line));
    }
  }

  private static int afterBlank(String sql, int from) {
    int at = from;
    while (at < sql.length()) {
      int comment = afterComment(sql, at);
      if (comment > at) {
        at = comment;
      } else if (Character.isWhitespace(sql.charAt(at))) {
        at++;
      } else {
        return at;
      }
    }
    return at;
  }

  /** The place after a comment that begins here, or here when none does. */
  private static int afterComment(String sql, int at) {
    if (sql.startsWith("--", at) || sql.startsWith("//", at)) {
      return after(sql, at, "\n");
    }
    if (sql.startsWith("/*", at)) {
      return after(sql, at + 2, "*/");
    }
    return at;
  }

  private static int after(String sql, int from, String end) {
    int found = sql.indexOf(end, from);
    return found < 0 ? sql.length() : found + end.length();
  }
}
