package io.tidegate.adapter.clickhouse;

import com.google.common.net.InetAddresses;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * The values that a ClickHouse type takes of the SQL type that carries it. What is outside,
 * ClickHouse would move to the nearest end, turn into another day or write as NULL, without an
 * error.
 */
sealed interface ValueLimit {

  /** What the type takes, for messages. */
  String text();

  /** Whether the value of a row, which is not NULL, is inside. */
  boolean takes(FieldVector vector, int row);

  /** Dates and times between two seconds, both included, counted from 1970. */
  record Seconds(long first, long last, String text) implements ValueLimit {
    private static final long DAY = 86_400;

    @Override
    public boolean takes(FieldVector vector, int row) {
      long second =
          vector instanceof DateDayVector days
              ? days.get(row) * DAY
              : Math.floorDiv(((TimeStampVector) vector).get(row), perSecond(vector));
      return first <= second && second <= last;
    }

    private static long perSecond(FieldVector vector) {
      TimeUnit unit = ((ArrowType.Timestamp) vector.getField().getType()).getUnit();
      return switch (unit) {
        case SECOND -> 1;
        case MILLISECOND -> 1_000;
        case MICROSECOND -> 1_000_000;
        case NANOSECOND -> 1_000_000_000;
      };
    }
  }

  /** Texts of one form. */
  enum Text implements ValueLimit {
    UUID("a UUID as text", "isNull(toUUIDOrNull(%s))") {
      private static final Pattern FORM =
          Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

      @Override
      boolean takes(String text) {
        return FORM.matcher(text).matches();
      }
    },
    IPV4("an IPv4 address as text", "isNull(toIPv4OrNull(%s))") {
      @Override
      boolean takes(String text) {
        return text.indexOf(':') < 0 && InetAddresses.isInetAddress(text);
      }
    },
    IPV6("an IPv6 address as text", "NOT isIPv6String(%s)") {
      @Override
      boolean takes(String text) {
        return text.indexOf(':') >= 0 && text.indexOf('%') < 0 && InetAddresses.isInetAddress(text);
      }
    };

    private final String form;
    private final String refused;

    Text(String form, String refused) {
      this.form = form;
      this.refused = refused;
    }

    abstract boolean takes(String text);

    @Override
    public String text() {
      return form;
    }

    @Override
    public boolean takes(FieldVector vector, int row) {
      return takes(new String(bytes(vector, row), StandardCharsets.UTF_8));
    }
  }

  /** Texts of so many bytes at most that do not end in NUL, with which ClickHouse fills them up. */
  record Bytes(int length) implements ValueLimit {
    @Override
    public String text() {
      return "a text of at most " + length + " bytes that does not end in NUL";
    }

    @Override
    public boolean takes(FieldVector vector, int row) {
      byte[] bytes = bytes(vector, row);
      return bytes.length <= length && (bytes.length == 0 || bytes[bytes.length - 1] != 0);
    }
  }

  /** Arrays of values within a limit. */
  record Elements(ValueLimit element) implements ValueLimit {
    @Override
    public String text() {
      return "an array, each element " + element.text();
    }

    @Override
    public boolean takes(FieldVector vector, int row) {
      ListVector list = (ListVector) vector;
      FieldVector elements = list.getDataVector();
      for (int i = list.getElementStartIndex(row); i < list.getElementEndIndex(row); i++) {
        if (!elements.isNull(i) && !element.takes(elements, i)) {
          return false;
        }
      }
      return true;
    }
  }

  private static byte[] bytes(FieldVector vector, int row) {
    return vector instanceof LargeVarCharVector large
        ? large.get(row)
        : ((VarCharVector) vector).get(row);
  }

  /**
   * The ClickHouse condition under which it would change a text on the way into the type; {@code
   * %s} is the text. Empty if there is none.
   */
  static Optional<String> refusedText(ValueLimit limit) {
    if (limit instanceof Text text) {
      return Optional.of(text.refused);
    }
    return limit instanceof Bytes bytes
        ? Optional.of("(length(%s) > " + bytes.length() + " OR endsWith(%s, '\\0'))")
        : Optional.empty();
  }

  /** The limit of a type; empty if every value of its SQL type is inside or ClickHouse checks. */
  static Optional<ValueLimit> of(ClickHouseTypeText type) {
    return switch (type.name()) {
      case "Nullable", "LowCardinality" -> of(type.argument(0));
      case "Array" -> of(type.argument(0)).map(Elements::new);
      case "Date" -> Optional.of(new Seconds(0, 5_662_310_399L, "1970-01-01 to 2149-06-06"));
      case "Date32" ->
          Optional.of(new Seconds(-2_208_988_800L, 10_413_791_999L, "1900-01-01 to 2299-12-31"));
      case "DateTime" ->
          Optional.of(new Seconds(0, 4_294_967_295L, "1970-01-01 00:00:00 to 2106-02-07 06:28:15"));
      case "DateTime64" ->
          Optional.of(
              type.number(0) == 9
                  ? new Seconds(
                      -2_208_988_800L, 9_223_372_035L, "1900-01-01 00:00:00 to 2262-04-11 23:47:15")
                  : new Seconds(
                      -2_208_988_800L,
                      10_413_791_999L,
                      "1900-01-01 00:00:00 to 2299-12-31 23:59:59"));
      case "UUID" -> Optional.of(Text.UUID);
      case "IPv4" -> Optional.of(Text.IPV4);
      case "IPv6" -> Optional.of(Text.IPV6);
      case "FixedString" -> Optional.of(new Bytes(type.number(0)));
      default -> Optional.empty();
    };
  }
}
