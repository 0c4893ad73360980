package io.tidegate.adapter.lake;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A column type that the lake can keep, as SQL text and as what a Parquet file must carry for it.
 *
 * <p>{@code FLOAT} is eight bytes wide, as in Calcite and the SQL standard; its canonical text is
 * {@code DOUBLE}. Types that a Parquet writer would bend in silence (DuckDB writes HUGEINT as
 * DOUBLE) are refused by name: DECIMAL(38, 0) holds them.
 *
 * @param kind the type without its numbers
 * @param precision digits of a DECIMAL, of the second of TIME and TIMESTAMP, length of text; -1
 *     when the text gives none
 * @param scale digits after the point of a DECIMAL, otherwise -1
 * @param element what an ARRAY is of, otherwise empty
 */
public record LakeType(Kind kind, int precision, int scale, Optional<LakeType> element) {

  /** The types without their numbers; the text is the canonical SQL spelling. */
  public enum Kind {
    BOOLEAN("BOOLEAN"),
    TINYINT("TINYINT"),
    SMALLINT("SMALLINT"),
    INTEGER("INTEGER"),
    BIGINT("BIGINT"),
    UTINYINT("UTINYINT"),
    USMALLINT("USMALLINT"),
    UINTEGER("UINTEGER"),
    UBIGINT("UBIGINT"),
    REAL("REAL"),
    DOUBLE("DOUBLE"),
    DECIMAL("DECIMAL"),
    CHAR("CHAR"),
    VARCHAR("VARCHAR"),
    BINARY("BINARY"),
    VARBINARY("VARBINARY"),
    DATE("DATE"),
    TIME("TIME"),
    TIMESTAMP("TIMESTAMP"),
    TIMESTAMP_UTC("TIMESTAMP WITH LOCAL TIME ZONE"),
    UUID("UUID"),
    ARRAY("ARRAY");

    private final String sql;

    Kind(String sql) {
      this.sql = sql;
    }

    boolean isText() {
      return this == CHAR || this == VARCHAR;
    }

    boolean isTimestamp() {
      return this == TIMESTAMP || this == TIMESTAMP_UTC;
    }

    /** Whether equal values have one text, so that a directory can be named after them. */
    boolean namesDirectories() {
      return switch (this) {
        case REAL, DOUBLE, BINARY, VARBINARY, UUID, ARRAY -> false;
        default -> true;
      };
    }
  }

  private static final String ARRAY_SUFFIX = " ARRAY";

  private static final Pattern TEXT =
      Pattern.compile(
          "([A-Z_]+(?: PRECISION| UNSIGNED| VARYING)?)\\s*"
              + "(?:\\(\\s*(\\d{1,9})\\s*(?:,\\s*(\\d{1,9})\\s*)?\\))?\\s*"
              + "(WITH (?:LOCAL )?TIME ZONE)?");

  public LakeType {
    requireNonNull(kind, "kind");
    requireNonNull(element, "element");
  }

  private LakeType(Kind kind, int precision, int scale) {
    this(kind, precision, scale, Optional.empty());
  }

  /** An array of elements that may be NULL. */
  public static LakeType arrayOf(LakeType element) {
    return new LakeType(Kind.ARRAY, -1, -1, Optional.of(element));
  }

  static LakeType of(Kind kind) {
    return new LakeType(kind, -1, -1);
  }

  /** Reads an SQL type, case and spacing free. */
  public static LakeType parse(String sql) throws LakeException {
    String text = sql.trim().toUpperCase(Locale.ROOT).replaceAll("\\s+", " ");
    if (text.endsWith(ARRAY_SUFFIX)) {
      return arrayOf(parse(text.substring(0, text.length() - ARRAY_SUFFIX.length())));
    }
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw unknown(sql);
    }
    Kind kind = kind(matcher.group(1), matcher.group(4) != null, sql);
    int precision = matcher.group(2) == null ? -1 : Integer.parseInt(matcher.group(2));
    int scale = matcher.group(3) == null ? -1 : Integer.parseInt(matcher.group(3));
    return new LakeType(kind, precision, scale).checked(sql);
  }

  private static Kind kind(String name, boolean zoned, String sql) throws LakeException {
    Kind kind =
        switch (name) {
          case "INT" -> Kind.INTEGER;
          case "FLOAT", "DOUBLE PRECISION" -> Kind.DOUBLE;
          case "NUMERIC", "DEC" -> Kind.DECIMAL;
          case "CHARACTER" -> Kind.CHAR;
          case "CHARACTER VARYING", "CHAR VARYING" -> Kind.VARCHAR;
          case "BINARY VARYING" -> Kind.VARBINARY;
          case "TINYINT UNSIGNED" -> Kind.UTINYINT;
          case "SMALLINT UNSIGNED" -> Kind.USMALLINT;
          case "INTEGER UNSIGNED", "INT UNSIGNED" -> Kind.UINTEGER;
          case "BIGINT UNSIGNED" -> Kind.UBIGINT;
          case "TIMESTAMP_WITH_LOCAL_TIME_ZONE", "TIMESTAMP_TZ" -> Kind.TIMESTAMP_UTC;
          default -> {
            for (Kind candidate : Kind.values()) {
              if (candidate.sql.equals(name) && candidate != Kind.ARRAY) {
                yield candidate;
              }
            }
            throw unknown(sql);
          }
        };
    if (zoned && kind != Kind.TIMESTAMP) {
      throw unknown(sql);
    }
    return zoned ? Kind.TIMESTAMP_UTC : kind;
  }

  private LakeType checked(String sql) throws LakeException {
    boolean sound =
        switch (kind) {
          case DECIMAL ->
              precision == -1 || (precision >= 1 && precision <= 38 && scale <= precision);
          case TIME, TIMESTAMP, TIMESTAMP_UTC -> precision <= 9 && scale == -1;
          case CHAR, VARCHAR, BINARY, VARBINARY -> precision != 0 && scale == -1;
          default -> precision == -1 && scale == -1;
        };
    if (!sound) {
      throw unknown(sql);
    }
    if (kind == Kind.DECIMAL) {
      return precision == -1
          ? new LakeType(kind, 38, 0)
          : new LakeType(kind, precision, Math.max(scale, 0));
    }
    if (kind == Kind.TIME || kind.isTimestamp()) {
      return precision == -1 ? new LakeType(kind, 6, -1) : this;
    }
    return this;
  }

  private static LakeException unknown(String sql) {
    return LakeException.invalid(
        "The lake cannot keep the type "
            + sql
            + "; it keeps BOOLEAN, TINYINT to BIGINT and their unsigned forms, REAL, DOUBLE,"
            + " DECIMAL(1 to 38, s), CHAR, VARCHAR, BINARY, VARBINARY, DATE, TIME(p), TIMESTAMP(0"
            + " to 9) [WITH LOCAL TIME ZONE], UUID and ARRAYs of these");
  }

  /** The canonical SQL text; {@link #parse} reads it back to an equal type. */
  public String sql() {
    return switch (kind) {
      case ARRAY -> element.orElseThrow().sql() + ARRAY_SUFFIX;
      case DECIMAL -> "DECIMAL(" + precision + ", " + scale + ")";
      case TIMESTAMP_UTC -> "TIMESTAMP(" + precision + ") WITH LOCAL TIME ZONE";
      default -> precision == -1 ? kind.sql : kind.sql + "(" + precision + ")";
    };
  }

  @Override
  public String toString() {
    return sql();
  }
}
