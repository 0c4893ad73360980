package io.tidegate.adapter.store;

import io.tidegate.adapter.arrow.SqlFailure;
import java.sql.SQLException;

/** Refuses text that UTF-8 cannot write, before a driver writes a question mark for it. */
public final class WellFormedText {
  private WellFormedText() {}

  /** The text itself; fails if half of a surrogate pair stands alone in it. */
  public static String check(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isSurrogate(text.charAt(i))) {
        continue;
      }
      if (!Character.isSurrogatePair(
          text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : 0)) {
        throw SqlFailure.unchecked(
            new SQLException(
                "Text has an unpaired surrogate U+%04X at character %d: it is no Unicode text"
                    .formatted((int) text.charAt(i), i + 1),
                "22021"));
      }
      i++;
    }
    return text;
  }
}
