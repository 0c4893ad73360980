package io.tidegate.adapter.bars;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowTableFunction;
import io.tidegate.adapter.arrow.InputReader;
import io.tidegate.functions.BarChecks;
import io.tidegate.functions.BarField;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * A function that validates bars, such as {@code validate_bars}, bound to its arguments.
 *
 * <p>The input comes ordered by partition keys and time. Its columns are the keys, of any types,
 * then the fields, times as microseconds, all else as DOUBLE, and then what is not read but had to
 * be there to be ordered by. NULL is a value that is missing. The output is the keys and the
 * columns, a row for each check of each partition. An input without keys is a partition even if it
 * is empty.
 *
 * @param name of the function, for messages
 * @param partitionKeys how many columns come before the fields
 * @param ordering how many columns come behind the fields
 * @param validations makes what validates one partition
 */
public record ValidationFunction(
    String name,
    int partitionKeys,
    List<BarField> fields,
    int ordering,
    List<CheckColumn> columns,
    Supplier<BarChecks> validations)
    implements ArrowTableFunction {
  public ValidationFunction {
    requireNonNull(name, "name");
    requireNonNull(validations, "validations");
    fields = List.copyOf(fields);
    columns = List.copyOf(columns);
  }

  @Override
  public ArrowReader apply(ArrowReader input, ArrowExecution execution) throws SQLException {
    return InputReader.open(name, input, given -> new ValidationReader(this, given, execution));
  }
}
