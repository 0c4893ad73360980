package io.tidegate.adapter.store;

import java.util.List;
import org.apache.calcite.plan.volcano.RelSubset;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexInputRef;

/**
 * Whether rows come in the order of the table that they are read from: seen through projections and
 * filters, which keep an order, and through nothing else.
 */
public final class KeyOrder {
  private KeyOrder() {}

  /** Whether the key of the table below begins with these columns. */
  public static boolean isBy(RelNode rows, List<Integer> columns) {
    for (int i = 0; i < columns.size(); i++) {
      if (!isBy(rows, columns.get(i), i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBy(RelNode rows, int column, int keyPosition) {
    RelNode rel = rows;
    int index = column;
    while (!(rel instanceof StoreScan)) {
      if (rel instanceof RelSubset subset) {
        rel = subset.getBestOrOriginal();
      } else if (rel instanceof Filter filter) {
        rel = filter.getInput();
      } else if (rel instanceof Project project
          && project.getProjects().get(index) instanceof RexInputRef reference) {
        index = reference.getIndex();
        rel = project.getInput();
      } else {
        return false;
      }
    }
    List<String> key = ((StoreScan) rel).keyOrder();
    return keyPosition < key.size()
        && rel.getRowType().getFieldNames().get(index).equals(key.get(keyPosition));
  }
}
