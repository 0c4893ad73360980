package io.tidegate.adapter.lake;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** Which Parquet type keeps a {@link LakeType} whole, and what its statistics say in Java. */
final class ParquetTypes {
  private ParquetTypes() {}

  /** Whether a file's column keeps every value of the lake's type and no others. */
  static boolean keeps(LakeType type, Type column) {
    if (type.kind() == LakeType.Kind.ARRAY) {
      return !column.isRepetition(Type.Repetition.REPEATED)
          && column.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation
          && keeps(type.element().orElseThrow(), element(column.asGroupType()));
    }
    if (!column.isPrimitive() || column.isRepetition(Type.Repetition.REPEATED)) {
      return false;
    }
    PrimitiveTypeName stored = column.asPrimitiveType().getPrimitiveTypeName();
    LogicalTypeAnnotation meaning = column.getLogicalTypeAnnotation();
    return switch (type.kind()) {
      case BOOLEAN -> stored == PrimitiveTypeName.BOOLEAN && meaning == null;
      case TINYINT -> isInteger(meaning, 8, true);
      case SMALLINT -> isInteger(meaning, 16, true);
      case INTEGER ->
          stored == PrimitiveTypeName.INT32 && (meaning == null || isInteger(meaning, 32, true));
      case BIGINT ->
          stored == PrimitiveTypeName.INT64 && (meaning == null || isInteger(meaning, 64, true));
      case UTINYINT -> isInteger(meaning, 8, false);
      case USMALLINT -> isInteger(meaning, 16, false);
      case UINTEGER -> isInteger(meaning, 32, false);
      case UBIGINT -> isInteger(meaning, 64, false);
      case REAL -> stored == PrimitiveTypeName.FLOAT && meaning == null;
      case DOUBLE -> stored == PrimitiveTypeName.DOUBLE && meaning == null;
      case DECIMAL ->
          meaning instanceof DecimalLogicalTypeAnnotation decimal
              && decimal.getPrecision() == type.precision()
              && decimal.getScale() == type.scale();
      case CHAR, VARCHAR -> meaning instanceof StringLogicalTypeAnnotation;
      case BINARY, VARBINARY -> stored == PrimitiveTypeName.BINARY && meaning == null;
      case DATE -> meaning instanceof DateLogicalTypeAnnotation;
      case TIME ->
          meaning instanceof TimeLogicalTypeAnnotation time
              && !time.isAdjustedToUTC()
              && keepsDigits(time.getUnit(), type.precision());
      case TIMESTAMP ->
          meaning instanceof TimestampLogicalTypeAnnotation timestamp
              && !timestamp.isAdjustedToUTC()
              && keepsDigits(timestamp.getUnit(), type.precision());
      case TIMESTAMP_UTC ->
          meaning instanceof TimestampLogicalTypeAnnotation timestamp
              && timestamp.isAdjustedToUTC()
              && keepsDigits(timestamp.getUnit(), type.precision());
      case UUID -> meaning instanceof UUIDLogicalTypeAnnotation;
      case ARRAY -> throw new IllegalStateException("An array is no primitive column");
    };
  }

  /** A list is a group around a repeated group around its element. */
  private static Type element(GroupType list) {
    return list.getType(0).asGroupType().getType(0);
  }

  private static boolean isInteger(LogicalTypeAnnotation meaning, int bits, boolean signed) {
    return meaning instanceof IntLogicalTypeAnnotation integer
        && integer.getBitWidth() == bits
        && integer.isSigned() == signed;
  }

  private static boolean keepsDigits(TimeUnit unit, int digits) {
    return digits <= (unit == TimeUnit.MILLIS ? 3 : unit == TimeUnit.MICROS ? 6 : 9);
  }

  /**
   * A statistic of a column in the form of {@link LakeValue}; empty when it has none there, or when
   * the writer cut a text in the middle of a character.
   */
  static Optional<Object> statistic(LakeType type, PrimitiveType column, Object value) {
    return switch (type.kind()) {
      case BOOLEAN -> Optional.of(value);
      case TINYINT, SMALLINT, INTEGER, BIGINT -> Optional.of(((Number) value).longValue());
      case UTINYINT, USMALLINT, UINTEGER -> Optional.of(Integer.toUnsignedLong((Integer) value));
      case UBIGINT -> Optional.of(new BigInteger(Long.toUnsignedString((Long) value)));
      case REAL, DOUBLE -> LakeValue.of(type, value);
      case DECIMAL ->
          Optional.of(
              new BigDecimal(
                  value instanceof Binary binary
                      ? new BigInteger(binary.getBytes())
                      : BigInteger.valueOf(((Number) value).longValue()),
                  type.scale()));
      case CHAR, VARCHAR -> text((Binary) value);
      case DATE -> Optional.of(LocalDate.ofEpochDay((Integer) value));
      case TIME -> {
        TimeUnit unit = ((TimeLogicalTypeAnnotation) column.getLogicalTypeAnnotation()).getUnit();
        yield Optional.of(LocalTime.ofNanoOfDay(((Number) value).longValue() * nanos(unit)));
      }
      case TIMESTAMP, TIMESTAMP_UTC -> {
        TimeUnit unit =
            ((TimestampLogicalTypeAnnotation) column.getLogicalTypeAnnotation()).getUnit();
        long perSecond = 1_000_000_000L / nanos(unit);
        long ticks = (Long) value;
        yield Optional.of(
            LocalDateTime.ofEpochSecond(
                Math.floorDiv(ticks, perSecond),
                (int) (Math.floorMod(ticks, perSecond) * nanos(unit)),
                ZoneOffset.UTC));
      }
      case BINARY, VARBINARY, UUID, ARRAY -> Optional.empty();
    };
  }

  private static long nanos(TimeUnit unit) {
    return unit == TimeUnit.MILLIS ? 1_000_000 : unit == TimeUnit.MICROS ? 1_000 : 1;
  }

  private static Optional<Object> text(Binary value) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(value.toByteBuffer()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
