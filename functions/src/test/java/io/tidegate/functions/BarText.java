package io.tidegate.functions;

import java.util.ArrayList;
import java.util.List;

/** Bars as lines of text, every column to the last bit. */
final class BarText {
  /** Integer columns in front of the complete flag. */
  static final int INTEGERS = 22;

  private BarText() {}

  /** The 22 integer columns and the complete flag, joined by commas. */
  static List<String> integers(BarBatch bars) {
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < bars.size(); row++) {
      lines.add(integers(bars, row));
    }
    return lines;
  }

  /** {@link #integers} and the bits of the nine doubles in hex. */
  static List<String> all(BarBatch bars) {
    BarFeatures features = new BarFeatures();
    features.compute(bars, 0, bars.size());
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < bars.size(); row++) {
      StringBuilder line = new StringBuilder(integers(bars, row));
      for (double value : doubles(features, row)) {
        line.append(',').append(hex(value));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /** The lines of a golden file in the form of {@link #all}. */
  static List<String> expected(List<String> csv) {
    return csv.stream().skip(1).map(BarText::expected).toList();
  }

  private static String expected(String line) {
    String[] fields = line.split(",");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < INTEGERS; i++) {
      text.append(fields[i]).append(',');
    }
    text.append(fields[fields.length - 1]);
    for (int i = INTEGERS; i < fields.length - 1; i++) {
      text.append(',').append(hex(Double.parseDouble(fields[i])));
    }
    return text.toString();
  }

  private static double[] doubles(BarFeatures features, int row) {
    return new double[] {
      features.ofi()[row],
      features.vwapCloseDeviation()[row],
      features.priceImpact()[row],
      features.kyleLambdaProxy()[row],
      features.tradeIntensity()[row],
      features.volumePerTrade()[row],
      features.aggressionRatio()[row],
      features.aggregationDensity()[row],
      features.turnoverImbalance()[row],
    };
  }

  private static String hex(double value) {
    String digits = Long.toHexString(Double.doubleToRawLongBits(value));
    return "0".repeat(16 - digits.length()) + digits;
  }

  private static String integers(BarBatch bars, int row) {
    Object[] columns = {
      bars.openTimeMicros()[row],
      bars.closeTimeMicros()[row],
      bars.openRaw()[row],
      bars.highRaw()[row],
      bars.lowRaw()[row],
      bars.closeRaw()[row],
      bars.volume(row),
      bars.turnover(row),
      bars.buyVolume(row),
      bars.sellVolume(row),
      bars.buyTurnover(row),
      bars.sellTurnover(row),
      bars.firstTradeId()[row],
      bars.lastTradeId()[row],
      bars.firstAggTradeId()[row],
      bars.lastAggTradeId()[row],
      bars.individualTradeCount()[row],
      bars.aggRecordCount()[row],
      bars.buyTradeCount()[row],
      bars.sellTradeCount()[row],
      bars.vwapRaw()[row],
      bars.durationMicros()[row],
      bars.complete()[row] ? 1 : 0,
    };
    StringBuilder line = new StringBuilder();
    for (Object column : columns) {
      line.append(line.isEmpty() ? "" : ",").append(column);
    }
    return line.toString();
  }
}
