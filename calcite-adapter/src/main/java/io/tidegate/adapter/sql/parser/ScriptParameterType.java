package io.tidegate.adapter.sql.parser;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.Litmus;
import org.apache.calcite.util.Util;

/**
 * The types that a script parameter can be declared with; each makes of a text the very node that
 * the parser makes of the same value written out in SQL, or refuses it with an {@code
 * IllegalArgumentException}.
 */
public enum ScriptParameterType {
  VARCHAR {
    @Override
    SqlNode node(String value, SqlParserPos pos) {
      return SqlLiteral.createCharString(value, pos);
    }
  },
  INTEGER {
    @Override
    SqlNode node(String value, SqlParserPos pos) {
      return number(wholeNumber(value, Integer.SIZE), pos);
    }
  },
  BIGINT {
    @Override
    SqlNode node(String value, SqlParserPos pos) {
      return number(wholeNumber(value, Long.SIZE), pos);
    }
  },
  /** Always with an exponent, because a number without one is exact in SQL. */
  DOUBLE {
    @Override
    SqlNode node(String value, SqlParserPos pos) {
      double number = Double.parseDouble(value.trim());
      if (!NUMBER.matcher(value.trim()).matches() || !Double.isFinite(number)) {
        throw new IllegalArgumentException(value);
      }
      BigDecimal magnitude = new BigDecimal(Double.toString(Math.abs(number)));
      SqlNumericLiteral literal =
          SqlLiteral.createApproxNumeric(Util.toScientificNotation(magnitude), pos);
      return number < 0 ? SqlLiteral.createNegative(literal, pos) : literal;
    }
  },
  /** At most 38 digits. */
  DECIMAL {
    @Override
    SqlNode node(String value, SqlParserPos pos) {
      String trimmed = value.trim();
      // An exponent of more digits than that would be written out as a text of gigabytes.
      if (!NUMBER.matcher(trimmed).matches() || trimmed.matches(".*[eE][+-]?0*[1-9]\\d\\d.*")) {
        throw new IllegalArgumentException(value);
      }
      BigDecimal number = new BigDecimal(trimmed);
      number = number.scale() < 0 ? number.setScale(0) : number;
      if (Math.max(number.precision(), number.scale()) > 38) {
        throw new IllegalArgumentException(value);
      }
      return number(number, pos);
    }
  },
  BOOLEAN {
    @Override
    SqlNode node(String value, SqlParserPos pos) {
      return switch (value.trim().toLowerCase(Locale.ROOT)) {
        case "true" -> SqlLiteral.createBoolean(true, pos);
        case "false" -> SqlLiteral.createBoolean(false, pos);
        default -> throw new IllegalArgumentException(value);
      };
    }
  },
  /** {@code 2024-01-31}. */
  DATE {
    @Override
    SqlNode node(String value, SqlParserPos pos) {
      String trimmed = value.trim();
      if (!DAY.matcher(trimmed).matches()) {
        throw new IllegalArgumentException(value);
      }
      return SqlLiteral.createUnknown("DATE", LocalDate.parse(trimmed).toString(), pos);
    }
  },
  /**
   * {@code 2024-01-31 23:59:59.123456}, with a T instead of the blank or without a time if you
   * like; a Z or an offset is converted to UTC, without one it is UTC. More than microseconds are
   * refused rather than cut.
   */
  TIMESTAMP {
    @Override
    SqlNode node(String value, SqlParserPos pos) {
      Matcher parts = INSTANT.matcher(value.trim());
      if (!parts.matches()) {
        throw new IllegalArgumentException(value);
      }
      LocalDate day = LocalDate.parse(parts.group("day"));
      LocalDateTime moment = day.atStartOfDay();
      if (parts.group("hour") != null) {
        String second = parts.group("second");
        String fraction = parts.group("fraction");
        moment =
            day.atTime(
                Integer.parseInt(parts.group("hour")),
                Integer.parseInt(parts.group("minute")),
                second == null ? 0 : Integer.parseInt(second),
                fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9)));
        String zone = parts.group("zone");
        if (zone != null) {
          moment =
              moment
                  .atOffset(ZoneOffset.of(zone.toUpperCase(Locale.ROOT)))
                  .withOffsetSameInstant(ZoneOffset.UTC)
                  .toLocalDateTime();
        }
      }
      return SqlLiteral.createUnknown("TIMESTAMP", timestampText(moment), pos);
    }
  },
  /** A name or a path of names as SQL writes it: {@code lake.bars}, {@code "my lake"."bars"}. */
  IDENTIFIER {
    @Override
    SqlNode node(String value, SqlParserPos pos) {
      try {
        // Read where a table stands. What more than a name is in the text (an alias, WHERE, a
        // second statement) makes the
        // tree differ from that of the name alone.
        SqlNode select = TidegateParser.parseStatement("SELECT 1 FROM " + value + "\n");
        if (((SqlSelect) select).getFrom() instanceof SqlIdentifier identifier
            && identifier.getClass() == SqlIdentifier.class
            && select.equalsDeep(
                TidegateParser.parseStatement(
                    "SELECT 1 FROM " + identifier.toSqlString(TidegateSqlDialect.INSTANCE)),
                Litmus.IGNORE)) {
          List<SqlParserPos> positions = new ArrayList<>();
          for (int i = 0; i < identifier.names.size(); i++) {
            positions.add(pos.withQuoting(identifier.isComponentQuoted(i)));
          }
          return new SqlIdentifier(identifier.names, null, pos, positions);
        }
      } catch (SQLException | ClassCastException e) {
        throw new IllegalArgumentException(value, e);
      }
      throw new IllegalArgumentException(value);
    }
  };

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");
  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern INSTANT =
      Pattern.compile(
          "(?<day>\\d{4}-\\d{2}-\\d{2})"
              + "([ Tt](?<hour>\\d{2}):(?<minute>\\d{2})"
              + "(:(?<second>\\d{2})(\\.(?<fraction>\\d{1,6})0{0,3})?)?"
              + "\\s*(?<zone>[Zz]|[+-]\\d{2}(:?\\d{2})?)?)?");

  /**
   * The node of a value; an {@code IllegalArgumentException} or a {@code DateTimeException} says
   * that it is none of this type.
   */
  abstract SqlNode node(String value, SqlParserPos pos);

  /** Whether a text is a value of this type. */
  boolean accepts(String value) {
    try {
      node(value, SqlParserPos.ZERO);
      return true;
    } catch (IllegalArgumentException | DateTimeException e) {
      return false;
    }
  }

  private static BigDecimal wholeNumber(String value, int bits) {
    String trimmed = value.trim();
    if (!trimmed.matches("[+-]?\\d{1,19}")) {
      throw new IllegalArgumentException(value);
    }
    BigInteger number = new BigInteger(trimmed);
    if (number.bitLength() >= bits) {
      throw new IllegalArgumentException(value);
    }
    return new BigDecimal(number);
  }

  private static SqlNode number(BigDecimal number, SqlParserPos pos) {
    SqlNumericLiteral literal = SqlLiteral.createExactNumeric(number.abs().toPlainString(), pos);
    return number.signum() < 0 ? SqlLiteral.createNegative(literal, pos) : literal;
  }

  private static String timestampText(LocalDateTime moment) {
    if (moment.getYear() < 1 || moment.getYear() > 9999) {
      throw new IllegalArgumentException(moment.toString());
    }
    String text =
        "%s %02d:%02d:%02d"
            .formatted(
                moment.toLocalDate(), moment.getHour(), moment.getMinute(), moment.getSecond());
    int micros = moment.getNano() / 1000;
    return micros == 0 ? text : text + (".%06d".formatted(micros)).replaceAll("0+$", "");
  }
}
