package io.tidegate.adapter.ticks;

import java.util.List;
import java.util.Locale;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** The columns of a tick in output order; a column's SQL name is the constant's. None is NULL. */
public enum TickColumn {
  SYMBOL(Type.TEXT),
  TS(Type.TIME),
  AGG_TRADE_ID(Type.ID),
  PRICE(Type.PRICE),
  QUANTITY(Type.AMOUNT),
  FIRST_TRADE_ID(Type.ID),
  LAST_TRADE_ID(Type.ID),
  IS_BUYER_MAKER(Type.FLAG);

  /** What a column holds. */
  public enum Type {
    /** VARCHAR. */
    TEXT(ArrowType.Utf8.INSTANCE),
    /** TIMESTAMP(6), UTC. */
    TIME(new ArrowType.Timestamp(TimeUnit.MICROSECOND, null)),
    /** BIGINT. */
    ID(new ArrowType.Int(64, true)),
    /** DECIMAL(18, 8): prices from 10^10 on do not fit. */
    PRICE(new ArrowType.Decimal(18, 8, 128)),
    /** DECIMAL(19, 8): every long of raw units. */
    AMOUNT(new ArrowType.Decimal(19, 8, 128)),
    /** BOOLEAN. */
    FLAG(ArrowType.Bool.INSTANCE);

    private final ArrowType arrow;

    Type(ArrowType arrow) {
      this.arrow = arrow;
    }
  }

  private final Type type;

  TickColumn(Type type) {
    this.type = type;
  }

  public Type type() {
    return type;
  }

  /** The name in SQL. */
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  Field field() {
    return new Field(sqlName(), FieldType.notNullable(type.arrow), List.of());
  }
}
