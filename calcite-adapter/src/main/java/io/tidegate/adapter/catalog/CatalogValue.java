package io.tidegate.adapter.catalog;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One value of a catalog, its variables put in, read as what the key means.
 *
 * <p>A refusal names the variable that brought the value in, when one did, since that is what the
 * reader has to change.
 */
final class CatalogValue {
  private static final Pattern QUANTITY = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]+)");

  private final CatalogSection section;
  private final String key;
  private final String text;
  private final List<String> variables;

  private CatalogValue(CatalogSection section, String key, String text, List<String> variables) {
    this.section = section;
    this.key = key;
    this.text = text;
    this.variables = variables;
  }

  static CatalogValue of(CatalogSection section, String key, String raw, Variables variables)
      throws CatalogException {
    try {
      Variables.Expansion expansion = variables.expand(raw);
      return new CatalogValue(section, key, expansion.text(), expansion.names());
    } catch (IllegalArgumentException e) {
      throw section.error("key '" + key + "': " + e.getMessage());
    }
  }

  String text() {
    return text;
  }

  String nonBlank() throws CatalogException {
    if (text.isBlank()) {
      throw section.error(subject() + " must be non-empty" + place());
    }
    return text.strip();
  }

  Path path() throws CatalogException {
    try {
      return Path.of(nonBlank());
    } catch (InvalidPathException e) {
      throw mustBe("a path");
    }
  }

  int port() throws CatalogException {
    int port = atLeast(1);
    if (port > 65535) {
      throw mustBe("<= 65535");
    }
    return port;
  }

  int atLeast(int floor) throws CatalogException {
    int number;
    try {
      number = Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw mustBe("a whole number");
    }
    if (number < floor) {
      throw mustBe("> " + (floor - 1));
    }
    return number;
  }

  /** On or off: {@code 1} or {@code 0}, and where the file itself says it also true or false. */
  boolean flag() throws CatalogException {
    switch (text.strip()) {
      case "1":
        return true;
      case "0":
        return false;
      default:
        if (variables.isEmpty() && text.equals("true")) {
          return true;
        }
        if (variables.isEmpty() && text.equals("false")) {
          return false;
        }
        throw section.error(
            "Expected '0' or '1' for boolean "
                + (variables.isEmpty() ? "" : "env var ")
                + subject()
                + " but was '"
                + text
                + "'"
                + place());
    }
  }

  <E extends Enum<E>> E word(Class<E> words) throws CatalogException {
    E[] all = words.getEnumConstants();
    for (E word : all) {
      if (word.name().toLowerCase(Locale.ROOT).equals(text.strip())) {
        return word;
      }
    }
    throw mustBe(
        Arrays.stream(all)
            .map(word -> word.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", ")));
  }

  /** A time with its unit: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}. */
  Duration duration(Duration floor) throws CatalogException {
    Matcher quantity = QUANTITY.matcher(text.strip());
    if (!quantity.matches()) {
      throw mustBe("a time like 500ms, 30s, 5m or 1h");
    }
    long count = Long.parseLong(quantity.group(1));
    Duration duration =
        switch (quantity.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(Math.min(count, Integer.MAX_VALUE));
          case "h" -> Duration.ofHours(Math.min(count, Integer.MAX_VALUE));
          default -> throw mustBe("a time like 500ms, 30s, 5m or 1h");
        };
    if (duration.compareTo(floor) < 0) {
      throw mustBe(
          floor.toMillis() % 1000 == 0
              ? floor.toSeconds() + "s or more"
              : floor.toMillis() + "ms or more");
    }
    return duration;
  }

  /** A size with its unit, in powers of 1024: {@code 512MB}, {@code 4GB}. */
  long bytes(long floor) throws CatalogException {
    Matcher quantity = QUANTITY.matcher(text.strip());
    if (!quantity.matches()) {
      throw mustBe("a size like 512MB or 4GB");
    }
    long unit =
        switch (quantity.group(2).toUpperCase(Locale.ROOT)) {
          case "KB", "KIB" -> 1L << 10;
          case "MB", "MIB" -> 1L << 20;
          case "GB", "GIB" -> 1L << 30;
          case "TB", "TIB" -> 1L << 40;
          default -> throw mustBe("a size like 512MB or 4GB");
        };
    long count = Long.parseLong(quantity.group(1));
    if (count > Long.MAX_VALUE / unit) {
      throw mustBe("a size that fits this machine");
    }
    if (count * unit < floor) {
      throw mustBe((floor >> 20) + "MB or more");
    }
    return count * unit;
  }

  CatalogException mustBe(String what) {
    return section.error(subject() + " must be " + what + " but was '" + text + "'" + place());
  }

  private String subject() {
    return variables.isEmpty() ? "key '" + key + "'" : variables.get(0);
  }

  private String place() {
    return variables.isEmpty() ? "" : " (key '" + key + "')";
  }
}
