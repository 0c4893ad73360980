package io.tidegate.adapter.ticks;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.ticks.TickLine.Malformed;
import io.tidegate.functions.FixedPoint;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;

/**
 * Lines of Exness's quote archives: Exness, Symbol, Timestamp (UTC), Bid, Ask. A quote becomes a
 * tick of its middle price without quantity, a buy.
 *
 * <p>Quotes have no ids. The id of one is its millisecond times 1000 and how many came before it in
 * that millisecond, so the same quote has the same id however often its file is read.
 */
final class QuoteFormat implements TickFormat {
  private static final int COLUMNS = 5;
  private static final int QUOTES_PER_MILLI = 1000;

  /** Up to here a middle price in doubles is the exact one once it is cut to eight places. */
  private static final long SMALL_RAW = 1_000_000 * FixedPoint.SCALE;

  private final String symbol;
  private final QuoteCheck check;
  private long lastMillis = Long.MIN_VALUE;
  private int inMilli;

  QuoteFormat(String symbol, QuoteCheck check) {
    this.symbol = requireNonNull(symbol, "symbol");
    this.check = requireNonNull(check, "check");
  }

  @Override
  public boolean isHeader(TickLine line) throws Malformed {
    String[] names = line.texts();
    if (names.length < 3 || !names[2].strip().equalsIgnoreCase("timestamp")) {
      return false;
    }
    if (!String.join(",", names)
        .replace(" ", "")
        .equalsIgnoreCase("exness,symbol,timestamp,bid,ask")) {
      throw new Malformed(
          "its header must be Exness, Symbol, Timestamp, Bid, Ask, but is "
              + String.join(", ", names));
    }
    return true;
  }

  @Override
  public void parse(TickLine line, Tick tick) throws Malformed {
    if (line.fields() != COLUMNS) {
      throw new Malformed("it must have " + COLUMNS + " fields, but has " + line.fields());
    }
    String named = line.text(1);
    if (!named.equals(symbol) && !named.startsWith(symbol + "_")) {
      throw new Malformed("its symbol must be " + symbol + ", but is '" + line.shown(1) + "'");
    }
    long millis = millis(line.text(2));
    long bid = line.amount(3, "bid");
    long ask = line.amount(4, "ask");
    refuse(bid, ask);
    inMilli = millis == lastMillis ? inMilli + 1 : 0;
    lastMillis = millis;
    if (inMilli == QUOTES_PER_MILLI) {
      throw new Malformed("it is one of more than 1000 quotes in the millisecond " + line.text(2));
    }
    tick.tsMicros = millis * 1000;
    tick.aggTradeId = millis * QUOTES_PER_MILLI + inMilli;
    tick.firstTradeId = tick.aggTradeId;
    tick.lastTradeId = tick.aggTradeId;
    tick.priceRaw = middle(bid, ask);
    tick.quantityRaw = 0;
    tick.buyerMaker = false;
  }

  private void refuse(long bid, long ask) throws Malformed {
    if (bid <= 0 || ask <= 0) {
      throw new Malformed(
          "bid and ask must be positive, but are "
              + FixedPoint.toText(bid)
              + " and "
              + FixedPoint.toText(ask));
    }
    if (bid > ask) {
      throw new Malformed(
          "bid must not be above ask, but they are "
              + FixedPoint.toText(bid)
              + " and "
              + FixedPoint.toText(ask));
    }
    double bidPrice = FixedPoint.toDouble(bid);
    double spreadPercent = (FixedPoint.toDouble(ask) - bidPrice) / bidPrice * 100;
    if (spreadPercent > check.maxSpreadPercent()) {
      throw new Malformed(
          "the spread must be at most "
              + check.maxSpreadPercent()
              + " % of the bid, but is "
              + spreadPercent
              + " %");
    }
  }

  /** The middle of two prices as doubles give it, to eight places. */
  static long middle(long bid, long ask) {
    if ((bid + ask & 1) == 0 && bid < SMALL_RAW && ask < SMALL_RAW) {
      return (bid + ask) / 2;
    }
    double middle = (FixedPoint.toDouble(ask) + FixedPoint.toDouble(bid)) / 2;
    return new BigDecimal(middle)
        .setScale(8, RoundingMode.HALF_EVEN)
        .unscaledValue()
        .longValueExact();
  }

  /** Such as {@code 2024-01-15 00:00:00.032Z}: T or a blank, a fraction or none, Z or nothing. */
  private static long millis(String text) throws Malformed {
    int end = text.endsWith("Z") ? text.length() - 1 : text.length();
    boolean shaped =
        end >= 19
            && (end == 19 || end > 20 && end <= 29 && text.charAt(19) == '.')
            && text.charAt(4) == '-'
            && text.charAt(7) == '-'
            && (text.charAt(10) == ' ' || text.charAt(10) == 'T')
            && text.charAt(13) == ':'
            && text.charAt(16) == ':';
    try {
      if (shaped) {
        long day =
            LocalDate.of(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)).toEpochDay();
        int hour = digits(text, 11, 13);
        int minute = digits(text, 14, 16);
        int second = digits(text, 17, 19);
        int fraction = 0;
        for (int i = 20; i < end; i++) {
          int digit = digits(text, i, i + 1);
          fraction = i < 23 ? fraction * 10 + digit : fraction;
        }
        for (int i = Math.max(end, 20); i < 23; i++) {
          fraction *= 10;
        }
        if (hour < 24 && minute < 60 && second < 60) {
          return ((day * 24 + hour) * 60 + minute) * 60_000 + second * 1000L + fraction;
        }
      }
    } catch (DateTimeException | NumberFormatException e) {
      // Said below.
    }
    throw new Malformed(
        "timestamp must be a time such as 2024-01-15 00:00:00.032Z, but is '" + text + "'");
  }

  private static int digits(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new NumberFormatException(text);
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
