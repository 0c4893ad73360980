package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What scipy, statsmodels and scikit-learn say about the bars of a golden file and about series;
 * {@code golden/bar-validation/references.py} made them and names the versions.
 */
final class References {
  private static final String FOLDER = "/golden/bar-validation/";

  private References() {}

  /** A figure: what was measured of one column or of two. */
  record Figure(String data, String measure, String first, String second, double value) {}

  /** The figures about some data, of which there are as many as the test knows of. */
  static List<Figure> of(String data, int count) {
    List<Figure> figures =
        lines(FOLDER + "references.csv").stream()
            .skip(1)
            .map(line -> line.split(",", -1))
            .filter(fields -> fields[0].equals(data))
            .map(f -> new Figure(f[0], f[1], f[2], f[3], Double.parseDouble(f[4])))
            .toList();
    assertThat(figures).hasSize(count);
    return figures;
  }

  /** The series by name. */
  static Map<String, double[]> series() {
    return columns(lines(FOLDER + "series.csv"));
  }

  /** The complete bars of 250 decimal basis points of the walk, as {@link BarValidation} takes. */
  static double[][] bars() {
    Map<String, double[]> columns =
        columns(
            Ticks.goldenLines("walk1m_seed1.t250.gate.bars.csv").stream()
                .filter(line -> !line.endsWith(",0"))
                .toList());
    double[][] fields = new double[BarField.values().length][];
    for (BarField field : BarField.values()) {
      fields[field.ordinal()] =
          switch (field) {
            case TIME, OPEN_TIME -> columns.get("open_time_us");
            case CLOSE_TIME -> columns.get("close_time_us");
            case OPEN, HIGH, LOW, CLOSE, VOLUME, BUY_VOLUME, SELL_VOLUME ->
                Arrays.stream(columns.get(field.toString())).map(raw -> raw / 1e8).toArray();
            case FORWARD_RETURN -> null;
            default -> columns.get(field.toString());
          };
    }
    return fields;
  }

  private static Map<String, double[]> columns(List<String> lines) {
    String[] names = lines.get(0).split(",");
    Map<String, double[]> columns = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      int column = i;
      columns.put(
          names[i],
          lines.stream()
              .skip(1)
              .mapToDouble(line -> Double.parseDouble(line.split(",")[column]))
              .toArray());
    }
    return columns;
  }

  private static List<String> lines(String resource) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(References.class.getResourceAsStream(resource), resource),
                StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }
}
