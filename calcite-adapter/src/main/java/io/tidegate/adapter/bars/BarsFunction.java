package io.tidegate.adapter.bars;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowTableFunction;
import io.tidegate.adapter.arrow.InputReader;
import io.tidegate.adapter.arrow.ReadAhead;
import io.tidegate.functions.BarMachine;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * A function that makes bars of ticks, such as {@code range_bars}, bound to its arguments.
 *
 * <p>The input comes ordered by partition keys, time and, if it has them, record ids. Its columns
 * are those of the layout: keys of any type, time as microseconds, price and volume as DOUBLE,
 * DECIMAL of at most eight places or raw BIGINT, ids as BIGINT, the maker flag as BOOLEAN or BIGINT
 * 0 and 1. Only keys may be NULL. The output is the keys and the {@linkplain BarColumn columns of a
 * bar}.
 *
 * @param name of the function, for messages
 * @param machines makes what turns one partition's ticks into bars
 * @param includeIncomplete whether the bar that each partition leaves open is given too
 * @param output the positions, ascending, of the columns that are given, counted over the keys and
 *     the columns of a bar
 */
public record BarsFunction(
    String name,
    TickLayout layout,
    Supplier<BarMachine> machines,
    boolean includeIncomplete,
    List<Integer> output)
    implements ArrowTableFunction {

  /** Gives all columns. */
  public BarsFunction(
      String name, TickLayout layout, Supplier<BarMachine> machines, boolean includeIncomplete) {
    this(
        name,
        layout,
        machines,
        includeIncomplete,
        IntStream.range(0, layout.partitionKeys() + BarColumn.values().length).boxed().toList());
  }

  public BarsFunction {
    requireNonNull(name, "name");
    requireNonNull(layout, "layout");
    requireNonNull(machines, "machines");
    output = List.copyOf(output);
  }

  @Override
  public Optional<ArrowTableFunction> only(List<Integer> columns) {
    return Optional.of(
        new BarsFunction(
            name, layout, machines, includeIncomplete, columns.stream().map(output::get).toList()));
  }

  @Override
  public ArrowReader apply(ArrowReader input, ArrowExecution execution) throws SQLException {
    // Bars are made of one batch while the store gives the next.
    return InputReader.open(
        name,
        new ReadAhead(input, execution.allocator()),
        given -> new BarsReader(this, given, execution));
  }
}
