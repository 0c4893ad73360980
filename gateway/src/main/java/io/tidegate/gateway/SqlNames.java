package io.tidegate.gateway;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Values and names as Tidegate's SQL writes them. */
final class SqlNames {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");
  private static final Pattern ZONED = Pattern.compile("([Zz]|[+-]\\d\\d(:?\\d\\d)?)$");
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  private SqlNames() {}

  static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  static String timestamp(Instant moment) {
    return "TIMESTAMP " + text(TIMESTAMP.format(moment));
  }

  /** A moment without zone, which is UTC. */
  static String plain(Instant moment) {
    return TIMESTAMP.format(moment);
  }

  /** A moment as users write it; UTC where it tells no zone. */
  static Instant moment(String text) {
    String iso = text.strip().replace(' ', 'T');
    iso = iso.length() == "2024-01-01".length() ? iso + "T00:00:00" : iso;
    try {
      return ZONED.matcher(iso).find()
          ? OffsetDateTime.parse(iso).toInstant()
          : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "a time is such as 2024-01-01T00:00:00Z, but was '" + text + "'", e);
    }
  }

  /**
   * A name given by a user, quoted.
   *
   * @param what what it names, for the error
   */
  static String name(String what, String given) {
    if (!NAME.matcher(given).matches()) {
      throw new IllegalArgumentException(
          what + " must be a name such as market_data or lake.candles, but was '" + given + "'");
    }
    return Arrays.stream(given.split("\\."))
        .map(part -> '"' + part + '"')
        .collect(Collectors.joining("."));
  }
}
