package io.tidegate.adapter.store;

import io.tidegate.adapter.arrow.SqlFailure;
import java.sql.SQLException;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;

/** A constant LIKE pattern, rewritten so that a backslash escapes in it and nothing else does. */
public final class LikePattern {
  private LikePattern() {}

  /** Whether the pattern of a call, and its escape character if it has one, are literals. */
  public static boolean isConstant(RexCall like) {
    return like.getOperands().stream().skip(1).allMatch(Operand.TEXT_LITERAL);
  }

  /**
   * The pattern of a LIKE call. DuckDB knows no escape character beyond ASCII, ClickHouse none but
   * the backslash, and neither minds one that stands before an ordinary character.
   */
  public static String escapedByBackslash(RexCall like) {
    String pattern = text(like, 1);
    String escape = like.getOperands().size() > 2 ? text(like, 2) : null;
    if (escape != null && escape.codePointCount(0, escape.length()) != 1) {
      throw invalid("LIKE: ESCAPE must be one character but was '" + escape + "'", "22019");
    }
    StringBuilder escaped = new StringBuilder();
    int[] characters = pattern.codePoints().toArray();
    for (int i = 0; i < characters.length; i++) {
      int character = characters[i];
      boolean isEscaped = escape != null && character == escape.codePointAt(0);
      if (isEscaped) {
        character = ++i < characters.length ? characters[i] : -1;
        if (character != '%' && character != '_' && character != escape.codePointAt(0)) {
          throw invalid(
              "LIKE: '" + escape + "' must stand before %, _ or itself in '" + pattern + "'",
              "22025");
        }
      }
      if (character == '\\' || isEscaped && (character == '%' || character == '_')) {
        escaped.append('\\');
      }
      escaped.appendCodePoint(character);
    }
    return escaped.toString();
  }

  private static String text(RexCall like, int operand) {
    return ((RexLiteral) like.getOperands().get(operand)).getValueAs(String.class);
  }

  private static RuntimeException invalid(String message, String state) {
    return SqlFailure.unchecked(new SQLException(message, state));
  }
}
