package io.tidegate.adapter.store;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowProducer;
import io.tidegate.adapter.arrow.ArrowSource;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/** A relation whose rows Tidegate reads itself and gives to a store as an Arrow stream. */
public final class ProducedRelation extends StoreRelation {
  private final RelDataType rowType;
  private final ArrowSource source;

  /**
   * Creates a relation.
   *
   * @param store the store that reads the stream; it must be able to
   * @param columns the columns of the stream, each of a type that SQL carries
   */
  public ProducedRelation(
      StoreConvention store,
      RelDataType rowType,
      List<StoreColumn> columns,
      double rowCount,
      String call,
      ArrowProducer producer) {
    super(store, call, columns, rowCount, call);
    this.rowType = requireNonNull(rowType, "rowType");
    this.source = new ArrowSource.Produced(call, producer);
  }

  @Override
  public SelectBlock block(SqlPrinter printer, RexNode condition) {
    return ArrowInput.read(printer, source, rowType);
  }
}
