package io.tidegate.adapter.sql;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** What a misspelt name may have meant. */
final class NearNames {
  private static final int MOST = 3;

  private NearNames() {}

  /** {@code ; did you mean a, b?} or nothing. */
  static String hint(String name, Collection<String> known) {
    List<String> near = near(name, known);
    return near.isEmpty() ? "" : "; did you mean " + String.join(", ", near) + "?";
  }

  /** Up to three names that a few letters make of the given one, the nearest first. */
  private static List<String> near(String name, Collection<String> known) {
    String wanted = name.toLowerCase(Locale.ROOT);
    int limit = Math.min(3, Math.max(1, wanted.length() / 3));
    return new TreeSet<>(known)
        .stream()
            .filter(candidate -> distance(wanted, candidate) <= limit)
            .sorted(Comparator.comparingInt(candidate -> distance(wanted, candidate)))
            .limit(MOST)
            .toList();
  }

  /** Levenshtein's distance; case does not count. */
  private static int distance(String wanted, String candidate) {
    String other = candidate.toLowerCase(Locale.ROOT);
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= wanted.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = diagonal + (wanted.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}
