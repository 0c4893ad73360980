package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bars of the reference implementation, to the last bit, by way of SQL. */
class RangeBarsGoldenSqlTest {
  private static final Path GOLDEN = Path.of("../functions/src/test/resources/golden/range-bars");

  /** Integer columns in front of the features. */
  private static final int INTEGERS = 22;

  private static final int RATIOS = 9;

  @TempDir private static Path directory;
  private static LocalCatalog catalog;

  @BeforeAll
  static void loadTicks() throws Exception {
    catalog = new LocalCatalog(directory);
    catalog.update(
        "CREATE TABLE market_data.golden (file VARCHAR, agg_trade_id BIGINT, price BIGINT,"
            + " volume BIGINT, first_trade_id BIGINT, last_trade_id BIGINT, ts TIMESTAMP(6),"
            + " is_buyer_maker INTEGER)");
    List<String> rows = new ArrayList<>();
    for (Path file : files(".*\\.ticks\\.csv")) {
      String name = file.getFileName().toString().replace(".ticks.csv", "");
      // These break the rules of the input; their bars are those of what comes before.
      if (!name.startsWith("c12_err")) {
        for (String line : Files.readAllLines(file).stream().skip(1).toList()) {
          String[] fields = line.split(",");
          fields[5] = "TIMESTAMP '" + timestamp(Long.parseLong(fields[5])) + "'";
          rows.add("('" + name + "', " + String.join(", ", fields) + ")");
        }
      }
    }
    catalog.update("INSERT INTO market_data.golden VALUES " + String.join(", ", rows));
  }

  @AfterAll
  static void closeCatalog() throws Exception {
    catalog.close();
  }

  private static List<Path> files(String pattern) throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      return files.filter(file -> file.getFileName().toString().matches(pattern)).sorted().toList();
    }
  }

  private static String timestamp(long micros) {
    return LocalDateTime.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L),
            (int) Math.floorMod(micros, 1_000_000L) * 1000,
            ZoneOffset.UTC)
        .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS"));
  }

  @ParameterizedTest
  @CsvSource({"10,gate", "100,gate", "250,gate", "250,nogate", "1000,gate"})
  void barsAreThoseOfTheReference(int threshold, String mode) throws Exception {
    Map<String, List<String>> expected = expected(threshold, mode);
    Map<String, List<String>> actual = actual(threshold, mode.equals("gate"));
    actual.keySet().retainAll(expected.keySet());
    expected.values().removeIf(List::isEmpty);
    assertThat(expected).hasSizeGreaterThanOrEqualTo(10);
    assertThat(actual).isEqualTo(expected);
  }

  private static Map<String, List<String>> expected(int threshold, String mode) throws IOException {
    Map<String, List<String>> bars = new TreeMap<>();
    String suffix = ".t" + threshold + "." + mode + ".bars.csv";
    for (Path file : files("c.*" + suffix.replace(".", "\\."))) {
      String name = file.getFileName().toString().replace(suffix, "");
      if (!name.startsWith("c12_err")) {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file).stream().skip(1).toList()) {
          String[] fields = line.split(",");
          for (int i = INTEGERS; i < INTEGERS + RATIOS; i++) {
            fields[i] = bits(Double.parseDouble(fields[i]));
          }
          lines.add(String.join(",", fields));
        }
        bars.put(name, lines);
      }
    }
    return bars;
  }

  private static String bits(double value) {
    return Long.toHexString(Double.doubleToRawLongBits(value));
  }

  private static Map<String, List<String>> actual(int threshold, boolean timeGate)
      throws SQLException {
    Map<String, List<String>> bars = new TreeMap<>();
    try (Statement statement = catalog.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT * FROM TABLE(range_bars(data => TABLE market_data.golden PARTITION BY file"
                    + " ORDER BY ts, threshold_dbps => "
                    + threshold
                    + ", time_gate => "
                    + timeGate
                    + ", include_incomplete => TRUE)) ORDER BY file, first_agg_trade_id")) {
      while (row.next()) {
        bars.computeIfAbsent(row.getString("file"), file -> new ArrayList<>()).add(line(row));
      }
    }
    return bars;
  }

  private static String line(ResultSet row) throws SQLException {
    List<String> fields = new ArrayList<>();
    for (int i = 2; i < 2 + INTEGERS; i++) {
      fields.add(
          switch (row.getMetaData().getColumnTypeName(i)) {
            case "VARCHAR" -> Long.toString(micros(row.getString(i)));
            case "BIGINT" -> Long.toString(row.getLong(i));
            default -> row.getBigDecimal(i).unscaledValue().toString();
          });
    }
    for (int i = 2 + INTEGERS; i < 2 + INTEGERS + RATIOS; i++) {
      fields.add(bits(row.getDouble(i)));
    }
    fields.add(row.getBoolean("complete") ? "1" : "0");
    return String.join(",", fields);
  }

  private static long micros(String timestamp) {
    LocalDateTime time = LocalDateTime.parse(timestamp.replace(' ', 'T'));
    return ChronoUnit.MICROS.between(LocalDateTime.of(1970, 1, 1, 0, 0), time);
  }
}
