package io.tidegate.adapter.sql;

import io.tidegate.functions.BarMachine;
import io.tidegate.functions.DollarBars;
import io.tidegate.functions.TickBars;
import io.tidegate.functions.TimeBars;
import io.tidegate.functions.VolumeBars;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import org.apache.calcite.sql.SqlCall;

/**
 * Bars that end when something counted is enough: {@code time_bars(..., interval_s)}, {@code
 * tick_bars(..., ticks)}, {@code volume_bars(..., volume)}, {@code dollar_bars(..., turnover)}. The
 * number is positive; see {@link TimeBars}, {@link TickBars}, {@link VolumeBars}, {@link
 * DollarBars}.
 */
final class CountedBarsOperator extends BarsOperator {
  private static final int AMOUNT = 1;

  private final String argument;
  private final int places;
  private final BigDecimal most;
  private final Function<BigDecimal, BarMachine> machine;

  private CountedBarsOperator(
      String name,
      String argument,
      int places,
      BigDecimal most,
      Function<BigDecimal, BarMachine> machine) {
    super(name, new Parameter(argument, null));
    this.argument = argument;
    this.places = places;
    this.most = most;
    this.machine = machine;
  }

  static List<CountedBarsOperator> all() {
    return List.of(
        new CountedBarsOperator(
            "time_bars",
            "interval_s",
            0,
            BigDecimal.valueOf(TimeBars.MAX_INTERVAL_SECONDS),
            seconds -> new TimeBars(seconds.longValueExact())),
        new CountedBarsOperator(
            "tick_bars",
            "ticks",
            0,
            BigDecimal.valueOf(Long.MAX_VALUE),
            ticks -> new TickBars(ticks.longValueExact())),
        new CountedBarsOperator(
            "volume_bars",
            "volume",
            8,
            BigDecimal.valueOf(Long.MAX_VALUE, 8),
            volume -> new VolumeBars(volume.movePointRight(8).longValueExact())),
        new CountedBarsOperator(
            "dollar_bars",
            "turnover",
            16,
            // The most that a DECIMAL(38, 16) can hold.
            BigDecimal.TEN.pow(22).subtract(BigDecimal.ONE.movePointLeft(16)),
            turnover -> new DollarBars(turnover.movePointRight(16).toBigIntegerExact())));
  }

  @Override
  Rule rule(SqlCall call) {
    BigDecimal amount = amount(call);
    return new Rule(
        argument + " => " + amount.stripTrailingZeros().toPlainString(),
        () -> machine.apply(amount));
  }

  private BigDecimal amount(SqlCall call) {
    Object value = constant(call, AMOUNT);
    if (value instanceof BigDecimal number
        && number.signum() > 0
        && number.stripTrailingZeros().scale() <= places
        && number.compareTo(most) <= 0) {
      return number;
    }
    throw invalid(
        argument
            + " must be "
            + (places == 0
                ? "a whole number from 1"
                : "positive, with at most " + places + " decimals, up")
            + " to "
            + most.toPlainString()
            + " but was "
            + shown(value));
  }
}
