package io.tidegate.adapter.lake;

import static java.util.Objects.requireNonNull;

import io.tidegate.functions.CandleInterval;
import io.tidegate.functions.MintBucket;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * What a table's directories are named after: a column, or a function of one column.
 *
 * <p>The directory key is the column's name for {@link Identity}, otherwise the alias or the
 * function's name. Whoever reads Hive's directories sees it as a column, so no two keys may be
 * equal and only an identity's key may equal a column's name; case does not count. A NULL column
 * has a NULL value.
 */
public sealed interface PartitionExpression {

  /** The column that the expression reads. */
  String column();

  /** The directory key. */
  String key();

  /** The type of the value for a column of the given type, or an error that says what would do. */
  LakeType valueType(LakeType columnType) throws LakeException;

  /** The value for a column's value; neither is null, both are in the lake's Java form. */
  Object evaluate(Object value);

  /** Whether a greater column value never has a smaller partition value. */
  boolean monotone();

  /** Whether the other computes the same from the same column; its key may differ. */
  default boolean isSameFunction(PartitionExpression other) {
    if (!column().equalsIgnoreCase(other.column())) {
      return false;
    }
    if (this instanceof Floor floor) {
      return other instanceof Floor same && same.unit == floor.unit;
    }
    if (this instanceof FloorToInterval floor) {
      return other instanceof FloorToInterval same && same.seconds == floor.seconds;
    }
    return getClass() == other.getClass();
  }

  /** The expression as it stands in PARTITIONED BY. */
  String sql();

  static PartitionExpression identity(String column) {
    return new Identity(column);
  }

  static PartitionExpression mintBucket(String column) {
    return new Bucket(column, Bucket.FUNCTION);
  }

  static PartitionExpression floor(String column, FloorUnit unit) {
    return new Floor(column, unit, Floor.FUNCTION);
  }

  static PartitionExpression floorToInterval(String column, long seconds) {
    return new FloorToInterval(column, seconds, FloorToInterval.FUNCTION);
  }

  /** The same expression under another directory key; an identity keeps its column's name. */
  default PartitionExpression as(String alias) throws LakeException {
    if (this instanceof Bucket bucket) {
      return new Bucket(bucket.column, alias);
    }
    if (this instanceof Floor floor) {
      return new Floor(floor.column, floor.unit, alias);
    }
    if (this instanceof FloorToInterval floor) {
      return new FloorToInterval(floor.column, floor.seconds, alias);
    }
    if (alias.equals(column())) {
      return this;
    }
    throw LakeException.invalid(
        "PARTITIONED BY "
            + column()
            + " AS "
            + alias
            + ": a partition by a bare column is named after the column; leave the alias out");
  }

  /** The calendar units that FLOOR can cut to. */
  enum FloorUnit {
    YEAR,
    MONTH,
    DAY,
    HOUR
  }

  /** The column itself. Types without one text for equal values are refused. */
  record Identity(String column) implements PartitionExpression {
    static final String FUNCTION = "identity";

    public Identity {
      requireNonNull(column, "column");
    }

    @Override
    public String key() {
      return column;
    }

    @Override
    public LakeType valueType(LakeType columnType) throws LakeException {
      if (!columnType.kind().namesDirectories()) {
        throw wrongType(this, columnType, "a text, integer, decimal, boolean or time column");
      }
      return columnType;
    }

    @Override
    public Object evaluate(Object value) {
      return value;
    }

    @Override
    public boolean monotone() {
      return true;
    }

    @Override
    public String sql() {
      return quoted(column);
    }
  }

  /** {@code mint_bucket(column)}: one of 256. */
  record Bucket(String column, String key) implements PartitionExpression {
    static final String FUNCTION = "mint_bucket";

    public Bucket {
      requireNonNull(column, "column");
      requireNonNull(key, "key");
    }

    @Override
    public LakeType valueType(LakeType columnType) throws LakeException {
      if (!columnType.kind().isText()) {
        throw wrongType(this, columnType, "a VARCHAR column");
      }
      return LakeType.of(LakeType.Kind.VARCHAR);
    }

    @Override
    public Object evaluate(Object value) {
      return MintBucket.of((String) value);
    }

    @Override
    public boolean monotone() {
      return false;
    }

    @Override
    public String sql() {
      return FUNCTION + "(" + quoted(column) + ")" + alias(key, FUNCTION);
    }
  }

  /**
   * {@code FLOOR(column TO unit)}, in UTC. Its value is a DATE but for HOUR, so that a directory
   * reads {@code 2024-01-01}.
   */
  record Floor(String column, FloorUnit unit, String key) implements PartitionExpression {
    static final String FUNCTION = "floor";

    public Floor {
      requireNonNull(column, "column");
      requireNonNull(unit, "unit");
      requireNonNull(key, "key");
    }

    @Override
    public LakeType valueType(LakeType columnType) throws LakeException {
      boolean date = columnType.kind() == LakeType.Kind.DATE;
      if (!columnType.kind().isTimestamp() && !(date && unit != FloorUnit.HOUR)) {
        throw wrongType(
            this,
            columnType,
            unit == FloorUnit.HOUR ? "a TIMESTAMP column" : "a DATE or TIMESTAMP column");
      }
      return unit == FloorUnit.HOUR ? columnType : LakeType.of(LakeType.Kind.DATE);
    }

    @Override
    public Object evaluate(Object value) {
      if (unit == FloorUnit.HOUR) {
        return ((LocalDateTime) value).truncatedTo(ChronoUnit.HOURS);
      }
      LocalDate date =
          value instanceof LocalDateTime timestamp ? timestamp.toLocalDate() : (LocalDate) value;
      return switch (unit) {
        case YEAR -> date.withDayOfYear(1);
        case MONTH -> date.withDayOfMonth(1);
        case DAY, HOUR -> date;
      };
    }

    @Override
    public boolean monotone() {
      return true;
    }

    @Override
    public String sql() {
      return "FLOOR(" + quoted(column) + " TO " + unit + ")" + alias(key, FUNCTION);
    }
  }

  /** {@code floor_to_interval(column, seconds)}: intervals counted from the epoch, in UTC. */
  record FloorToInterval(String column, long seconds, String key) implements PartitionExpression {
    static final String FUNCTION = "floor_to_interval";

    /** A thousand years, and far from any overflow. */
    private static final long MAX_SECONDS = 31_556_952_000L;

    public FloorToInterval {
      requireNonNull(column, "column");
      requireNonNull(key, "key");
    }

    @Override
    public LakeType valueType(LakeType columnType) throws LakeException {
      if (!columnType.kind().isTimestamp()) {
        throw wrongType(this, columnType, "a TIMESTAMP column");
      }
      if (seconds < 1 || seconds > MAX_SECONDS) {
        throw LakeException.invalid(
            sql() + ": seconds must be 1 to " + MAX_SECONDS + " but was " + seconds);
      }
      return columnType;
    }

    @Override
    public Object evaluate(Object value) {
      // Starts of intervals are whole seconds, so what is below the second only has to floor.
      long epochSecond = ((LocalDateTime) value).toEpochSecond(ZoneOffset.UTC);
      long start = CandleInterval.floorMicros(Math.multiplyExact(epochSecond, 1_000_000L), seconds);
      return LocalDateTime.ofEpochSecond(start / 1_000_000L, 0, ZoneOffset.UTC);
    }

    @Override
    public boolean monotone() {
      return true;
    }

    @Override
    public String sql() {
      return FUNCTION + "(" + quoted(column) + ", " + seconds + ")" + alias(key, FUNCTION);
    }
  }

  private static LakeException wrongType(
      PartitionExpression expression, LakeType columnType, String wanted) {
    return LakeException.invalid(
        "Cannot partition by "
            + expression.sql()
            + ": "
            + expression.column()
            + " is "
            + columnType
            + ", it takes "
            + wanted);
  }

  private static String quoted(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String alias(String key, String function) {
    return key.toLowerCase(Locale.ROOT).equals(function) ? "" : " AS " + quoted(key);
  }
}
