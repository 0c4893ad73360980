package io.tidegate.adapter.bars;

import io.tidegate.functions.BarCheck;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Function;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** The columns of a validation in output order; a column's SQL name is the constant's. */
public enum CheckColumn {
  CHECK(Type.TEXT, false, BarCheck::name),
  FEATURE(Type.TEXT, true, BarCheck::feature),
  OTHER_FEATURE(Type.TEXT, true, BarCheck::otherFeature),
  PASSED(Type.FLAG, true, BarCheck::passed),
  VALUE(Type.NUMBER, true, BarCheck::value),
  LIMIT(Type.TEXT, true, BarCheck::limit),
  REQUIRED(Type.FLAG, false, BarCheck::required);

  /** What a column holds. */
  public enum Type {
    TEXT(ArrowType.Utf8.INSTANCE),
    FLAG(ArrowType.Bool.INSTANCE),
    NUMBER(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE));

    private final ArrowType arrow;

    Type(ArrowType arrow) {
      this.arrow = arrow;
    }

    ArrowType arrow() {
      return arrow;
    }
  }

  private final Type type;
  private final boolean nullable;
  private final Function<BarCheck, Object> value;

  CheckColumn(Type type, boolean nullable, Function<BarCheck, Object> value) {
    this.type = type;
    this.nullable = nullable;
    this.value = value;
  }

  public Type type() {
    return type;
  }

  public boolean nullable() {
    return nullable;
  }

  /** The name in SQL. */
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Writes a check's value into a vector of the type. */
  void write(BarCheck check, FieldVector vector, int row) {
    Object found = value.apply(check);
    if (found == null) {
      vector.setNull(row);
      return;
    }
    switch (type) {
      case TEXT ->
          ((VarCharVector) vector).setSafe(row, ((String) found).getBytes(StandardCharsets.UTF_8));
      case FLAG -> ((BitVector) vector).setSafe(row, (Boolean) found ? 1 : 0);
      case NUMBER -> ((Float8Vector) vector).setSafe(row, (Double) found);
    }
  }
}
