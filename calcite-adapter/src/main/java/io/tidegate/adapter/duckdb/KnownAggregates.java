package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.lake.ColumnBounds;
import io.tidegate.adapter.lake.LakeFile;
import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.store.SelectBlock;
import io.tidegate.adapter.store.SelectBlock.Column;
import io.tidegate.adapter.store.SelectBlock.Kind;
import io.tidegate.adapter.store.SqlPrinter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimestampString;

/**
 * COUNT, MIN and MAX over all rows of some files, from what their manifests say.
 *
 * <p>MIN and MAX only of types whose statistics are exact: a text's may be cut, and a file with a
 * NaN has none.
 */
final class KnownAggregates {
  private final LakeTableDefinition definition;
  private final List<LakeFile> files;

  KnownAggregates(LakeTableDefinition definition, List<LakeFile> files) {
    this.definition = definition;
    this.files = files;
  }

  /** A row of the values, or nothing if one of them is not known. */
  Optional<SelectBlock> block(SqlPrinter printer, List<AggregateCall> calls) {
    List<Column> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (AggregateCall call : calls) {
      Optional<String> value = value(printer, call);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      columns.add(
          Column.exact(printer.dialect().carry(value.get(), call.getType()), Kind.CONSTANT));
      names.add("c" + names.size());
    }
    return calls.isEmpty() ? Optional.empty() : Optional.of(SelectBlock.from(null, columns, names));
  }

  private Optional<String> value(SqlPrinter printer, AggregateCall call) {
    if (call.hasFilter() || call.getArgList().size() > 1) {
      return Optional.empty();
    }
    return switch (call.getAggregation().getKind()) {
      case COUNT -> call.isDistinct() ? Optional.empty() : count(call).map(String::valueOf);
      case MIN, MAX -> extreme(printer, call);
      default -> Optional.empty();
    };
  }

  private Optional<Long> count(AggregateCall call) {
    long count = 0;
    for (LakeFile file : files) {
      long nulls = call.getArgList().isEmpty() ? 0 : bounds(file, call).nulls();
      if (nulls < 0) {
        return Optional.empty();
      }
      count += file.rows() - nulls;
    }
    return Optional.of(count);
  }

  private Optional<String> extreme(SqlPrinter printer, AggregateCall call) {
    switch (definition.columns().get(call.getArgList().get(0)).type().kind()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, UTINYINT, USMALLINT, UINTEGER, UBIGINT -> {}
      case DECIMAL, DATE, TIMESTAMP -> {}
      default -> {
        return Optional.empty();
      }
    }
    List<Object> values = new ArrayList<>();
    for (LakeFile file : files) {
      ColumnBounds bounds = bounds(file, call);
      if (bounds.nulls() != file.rows()) {
        Optional<Object> bound =
            switch (call.getAggregation().getKind()) {
              case MIN -> bounds.min();
              default -> bounds.max();
            };
        if (bound.isEmpty()) {
          return Optional.empty();
        }
        values.add(bound.get());
      }
    }
    Optional<Object> extreme =
        switch (call.getAggregation().getKind()) {
          case MIN -> values.stream().min(KnownAggregates::compare);
          default -> values.stream().max(KnownAggregates::compare);
        };
    return Optional.of(
        extreme
            .map(value -> literal(printer.statement().rexBuilder(), value, call.getType()))
            .map(printer.dialect()::literal)
            .orElse("NULL"));
  }

  @SuppressWarnings("unchecked")
  private static int compare(Object left, Object right) {
    return ((Comparable<Object>) left).compareTo(right);
  }

  private static ColumnBounds bounds(LakeFile file, AggregateCall call) {
    return file.bounds(call.getArgList().get(0));
  }

  private static RexLiteral literal(RexBuilder rexBuilder, Object value, RelDataType nullable) {
    RelDataType type = rexBuilder.getTypeFactory().createTypeWithNullability(nullable, false);
    if (value instanceof LocalDate date) {
      return rexBuilder.makeDateLiteral(new DateString(date.toString()));
    }
    if (value instanceof LocalDateTime time) {
      TimestampString seconds =
          new TimestampString(
              time.getYear(),
              time.getMonthValue(),
              time.getDayOfMonth(),
              time.getHour(),
              time.getMinute(),
              time.getSecond());
      return rexBuilder.makeTimestampLiteral(
          seconds.withNanos(time.getNano()), type.getPrecision());
    }
    BigDecimal number =
        value instanceof BigDecimal decimal
            ? decimal
            : value instanceof BigInteger integer
                ? new BigDecimal(integer)
                : BigDecimal.valueOf((Long) value);
    return rexBuilder.makeExactLiteral(number, type);
  }
}
