package io.tidegate.adapter.sql;

import java.nio.file.Path;
import org.junit.jupiter.api.*;
import org.junit.jupiter.api.io.TempDir;

class RangeBarsTest {
  @Test
  void smoke(@TempDir Path directory) throws Exception {
    try (LocalCatalog catalog = new LocalCatalog(directory)) {
      catalog.update(
          "CREATE TABLE lake.ticks (symbol VARCHAR, ts TIMESTAMP(6), price DOUBLE, volume DOUBLE)");
      catalog.update(
          "INSERT INTO lake.ticks VALUES ('a', TIMESTAMP '2024-01-01 00:00:00', 100, 1), ('a', TIMESTAMP '2024-01-01 00:00:01', 101, 1), ('a', TIMESTAMP '2024-01-01 00:00:02', 101, 2),('b', TIMESTAMP '2024-01-01 00:00:02', 101, 2)");
      for (String s :
          new String[] {
            "SELECT * FROM TABLE(range_bars(TABLE lake.ticks PARTITION BY symbol ORDER BY ts, 250))",
            "EXPLAIN PLAN FOR SELECT * FROM TABLE(range_bars(TABLE lake.ticks PARTITION BY symbol ORDER BY ts, 250)) WHERE symbol = 'a' AND volume > 1",
            "SELECT symbol, open, complete FROM range_bars(data => TABLE lake.ticks PARTITION BY symbol ORDER BY ts, Include_Incomplete => TRUE, threshold_dbps => 'medium')",
            "SELECT symbol, open, complete FROM range_bars((SELECT * FROM lake.ticks) PARTITION BY symbol ORDER BY ts, 250)",
            "SELECT * FROM TABLE(window_slice(TABLE lake.ticks, DESCRIPTOR(ts), 60, 52, 4948)) AS w",
            "SELECT * FROM TABLE(window_slice(TABLE lake.ticks, DESCRIPTOR(ts), 60, 'pre52_post4948')) AS w",
            "SELECT * FROM TABLE(range_bars(TABLE lake.ticks PARTITION BY symbol ORDER BY ts, 0))",
            "SELECT * FROM TABLE(range_bars(TABLE lake.ticks, 250))",
          }) {
        System.out.println("== " + s);
        try {
          catalog.rows(s).forEach(System.out::println);
        } catch (Exception e) {
          System.out.println(e);
          if (e.toString().contains("bug")) e.printStackTrace(System.out);
        }
      }
    }
  }
}
