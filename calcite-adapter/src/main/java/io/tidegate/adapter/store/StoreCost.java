package io.tidegate.adapter.store;

import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;

/**
 * The cost model, in rows that an engine touches. Volcano compares nothing but row counts, so the
 * width of what crosses a border is multiplied into it.
 */
public final class StoreCost {
  /** A vectorised engine's work for a row of input, as a part of moving 8 bytes across a border. */
  private static final double WORK = 0.05;

  /** What any border costs before its first row: a request, a registration. */
  private static final double BORDER = 10;

  private StoreCost() {}

  /** An operator inside a store: its inputs' rows and its own. */
  public static RelOptCost inside(RelNode rel, RelOptPlanner planner, RelMetadataQuery mq) {
    double rows = mq.getRowCount(rel);
    for (RelNode input : rel.getInputs()) {
      rows += mq.getRowCount(input);
    }
    return planner.getCostFactory().makeCost(rows * WORK, 0, 0);
  }

  /** An operator inside a store whose work for a row is several times that of a simple one. */
  public static RelOptCost inside(
      RelNode rel, RelOptPlanner planner, RelMetadataQuery mq, double factor) {
    return inside(rel, planner, mq).multiplyBy(factor);
  }

  /** Rows that leave a store. */
  public static RelOptCost border(RelNode rel, RelOptPlanner planner, RelMetadataQuery mq) {
    double rows = mq.getRowCount(rel);
    return planner.getCostFactory().makeCost(BORDER + rows * bytes(rel.getRowType()) / 8, 0, 0);
  }

  private static double bytes(RelDataType rowType) {
    double bytes = 0;
    for (RelDataTypeField field : rowType.getFieldList()) {
      bytes +=
          switch (field.getType().getSqlTypeName()) {
            case BOOLEAN, TINYINT -> 1;
            case SMALLINT -> 2;
            case INTEGER, REAL, DATE -> 4;
            case DECIMAL, VARCHAR, CHAR, VARBINARY, BINARY -> 16;
            case ARRAY, MAP, ROW, MULTISET -> 64;
            default -> 8;
          };
    }
    return Math.max(bytes, 1);
  }
}
