package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** How features are handed out; their values are in the golden vectors. */
class BarFeaturesTest {
  @Test
  void anyRangeOfBarsHasTheFeaturesOfTheWhole() {
    BarBatch bars = walkBars();
    BarFeatures whole = new BarFeatures();
    whole.compute(bars, 0, bars.size());
    BarFeatures part = new BarFeatures();
    for (int[] range : new int[][] {{3, 5}, {0, bars.size()}, {7, 7}, {1, bars.size() - 1}}) {
      part.compute(bars, range[0], range[1]);
      assertThat(part.size()).isEqualTo(range[1] - range[0]);
      assertThat(Arrays.copyOf(part.ofi(), part.size()))
          .containsExactly(Arrays.copyOfRange(whole.ofi(), range[0], range[1]));
      assertThat(Arrays.copyOf(part.turnoverImbalance(), part.size()))
          .containsExactly(Arrays.copyOfRange(whole.turnoverImbalance(), range[0], range[1]));
    }
  }

  @Test
  void shareOfFlowIsNeverMoreThanTheWhole() {
    BarBatch bars = walkBars();
    BarFeatures features = new BarFeatures();
    features.compute(bars, 0, bars.size());
    for (int row = 0; row < features.size(); row++) {
      assertThat(features.ofi()[row]).isBetween(-1.0, 1.0);
      assertThat(features.turnoverImbalance()[row]).isBetween(-1.0, 1.0);
      assertThat(features.aggressionRatio()[row]).isBetween(0.0, 100.0);
      assertThat(features.aggregationDensity()[row]).isGreaterThanOrEqualTo(1);
    }
  }

  @Test
  void barsThatAreNotThereAreRefused() {
    BarBatch bars = walkBars();
    assertThatThrownBy(() -> new BarFeatures().compute(bars, 0, bars.size() + 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static BarBatch walkBars() {
    TickColumns ticks = Ticks.walk(2, 20_000);
    BarBatch bars = new BarBatch();
    new RangeBars(10).accept(ticks, 0, ticks.capacity(), bars);
    return bars;
  }
}
