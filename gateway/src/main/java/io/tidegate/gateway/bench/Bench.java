package io.tidegate.gateway.bench;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The measured paths between the stores. */
final class Bench {
  private static final String SORTED = "SORTED BY (mint, ts)";
  private static final String BUCKETS = "PARTITIONED BY (mint_bucket(mint)) " + SORTED;
  private static final String CANDLES = "market_data.candles";

  private final Path home;
  private final Path lake;
  private final long rows;
  private final int rounds;
  private final Reference reference;
  private final PrintWriter out;
  private boolean holds = true;

  Bench(Path home, long rows, int rounds, Reference reference, PrintWriter out) {
    this.home = home;
    this.lake = home.resolve("lake");
    this.rows = rows;
    this.rounds = rounds;
    this.reference = reference;
    this.out = out;
  }

  /** Runs the given paths and prints a row for each; returns whether all floors hold. */
  boolean run(Set<BenchPath> paths) throws Exception {
    long small = rows / 5;
    Path catalog = catalog("catalog.yaml", "");
    try (Product product = new Product(catalog, lake)) {
      makeCandles(product, CANDLES, rows);
      makeCandles(product, CANDLES + "_small", small);
      makeLabels(product);
      out.println(Race.header());
      out.flush();
      if (paths.contains(BenchPath.COPY)) {
        export(product, "lake, one file, unordered: COPY alone", "", 1.0, true);
      }
      if (paths.contains(BenchPath.SORTED)) {
        export(product, "lake, one file, total order, sealed", SORTED, 0.7, false);
      }
      if (paths.contains(BenchPath.BUCKETS)) {
        export(product, "lake, 256 buckets, total order, sealed", BUCKETS, 0.5, false);
      }
      if (paths.contains(BenchPath.INSERT)) {
        insert(product);
      }
      if (paths.contains(BenchPath.JOIN)) {
        join(product);
      }
      if (paths.contains(BenchPath.VERIFY)) {
        verify(product);
      }
    }
    if (paths.contains(BenchPath.BOUNDED)) {
      bounded(small);
    }
    if (paths.contains(BenchPath.SLICES)) {
      out.println();
      out.println(BoundedRun.header(small, rows));
      SlicesBench slices =
          new SlicesBench(
              home, catalog("slices.yaml", bounds()), lake, reference, rows, rounds, out);
      holds &= slices.measure(CANDLES);
    }
    return holds;
  }

  private Path catalog(String name, String more) throws Exception {
    return Files.writeString(
        home.resolve(name),
        """
        lake:
          root: "%s"
        schemas:
          market_data:
            type: embedded-clickhouse
            data: "%s"
        %s"""
            .formatted(lake, home.resolve("clickhouse"), more));
  }

  private void makeCandles(Product product, String table, long count) throws Exception {
    product.update("DROP TABLE IF EXISTS " + table);
    product.update(Candles.create(table, SORTED));
    reference.run(Candles.fill(table, count));
    // One part, so that no merge in the background disturbs the measuring.
    reference.run("OPTIMIZE TABLE " + table + " FINAL");
  }

  private void makeLabels(Product product) throws Exception {
    reference.run("DROP TABLE IF EXISTS market_data.labels");
    reference.run(
        "CREATE TABLE market_data.labels ENGINE = MergeTree ORDER BY mint AS " + Candles.labels());
    product.update("DROP TABLE IF EXISTS lake.labels");
    product.update("CREATE TABLE lake.labels (mint VARCHAR NOT NULL, label VARCHAR NOT NULL)");
    product.update("INSERT INTO lake.labels SELECT mint, label FROM market_data.labels");
  }

  private void export(Product product, String path, String layout, double floor, boolean copyAlone)
      throws Exception {
    Race race = new Race(path, floor);
    export(product, CANDLES + "_small", rows / 5, layout);
    for (int round = 0; round < rounds; round++) {
      race.theirs(nativeExport());
      long start = System.currentTimeMillis();
      double seconds = export(product, CANDLES, rows, layout);
      if (copyAlone) {
        // COPY is over with the last byte of its file; sealing and publishing do not touch it.
        Path file = product.files("exported").get(0);
        seconds = (Files.getLastModifiedTime(file).toMillis() - start) / 1e3;
      }
      race.ours(seconds);
    }
    print(race);
  }

  /** Into a new table; returns the seconds of the INSERT, which include seal and publication. */
  private double export(Product product, String source, long count, String layout)
      throws Exception {
    product.update("DROP TABLE IF EXISTS lake.exported");
    product.update(Candles.create("lake.exported", layout));
    double seconds =
        Race.seconds(
            () ->
                check(count, product.update("INSERT INTO lake.exported SELECT * FROM " + source)));
    return seconds;
  }

  private double nativeExport() throws Exception {
    Path file = home.resolve("reference.parquet");
    double seconds =
        Race.seconds(
            () ->
                reference.download(
                    "SELECT * FROM "
                        + CANDLES
                        + " FORMAT Parquet SETTINGS output_format_parquet_compression_method='zstd'",
                    file));
    Files.delete(file);
    return seconds;
  }

  private void insert(Product product) throws Exception {
    export(product, CANDLES, rows, SORTED);
    Path file = product.files("exported").get(0);
    Race race = new Race("lake -> ClickHouse, rows in key order", 0.9);
    for (int round = 0; round < rounds; round++) {
      race.theirs(nativeInsert(product, file));
      race.ours(insert(product, "market_data.imported"));
    }
    print(race);
  }

  private double insert(Product product, String table) throws Exception {
    product.update("DROP TABLE IF EXISTS " + table);
    product.update(Candles.create(table, SORTED));
    return Race.seconds(
        () -> check(rows, product.update("INSERT INTO " + table + " SELECT * FROM lake.exported")));
  }

  private double nativeInsert(Product product, Path file) throws Exception {
    product.update("DROP TABLE IF EXISTS market_data.posted");
    product.update(Candles.create("market_data.posted", SORTED));
    double seconds =
        Race.seconds(() -> reference.upload("INSERT INTO market_data.posted FORMAT Parquet", file));
    check(rows, Long.parseLong(reference.run("SELECT count() FROM market_data.posted")));
    product.update("DROP TABLE market_data.posted");
    return seconds;
  }

  private void join(Product product) throws Exception {
    Race race = new Race("join with 500 lake rows, aggregated", 0.5);
    String query =
        "SELECT l.label, COUNT(*) AS n, SUM(c.volume) AS volume, MAX(c.high) AS high FROM "
            + CANDLES
            + " AS c JOIN %s AS l ON l.mint = c.mint GROUP BY l.label ORDER BY l.label";
    List<String> ours = new ArrayList<>();
    List<String> theirs = new ArrayList<>();
    for (int round = 0; round <= 2 * rounds; round++) {
      double reference =
          Race.seconds(() -> theirs.add(this.reference.run(query.formatted("market_data.labels"))));
      double seconds =
          Race.seconds(
              () -> ours.add(String.join("\n", product.query(query.formatted("lake.labels")))));
      if (round > 0) {
        race.theirs(reference);
        race.ours(seconds);
      }
    }
    if (ours.get(0).isEmpty() || !counts(ours.get(0)).equals(counts(theirs.get(0)))) {
      throw new IllegalStateException(
          "The join gives\n" + ours.get(0) + "\nbut ClickHouse alone gives\n" + theirs.get(0));
    }
    print(race);
  }

  /** Label and count of each group; sums of DOUBLE differ in the last digits with their order. */
  private static List<String> counts(String rows) {
    return rows.lines().map(row -> row.split("\t")).map(row -> row[0] + " " + row[1]).toList();
  }

  /** A run of more than a gigabyte, from 10 M candles on. */
  private void verify(Product product) throws Exception {
    String large = CANDLES + "_large";
    makeCandles(product, large, rows * 5 / 2);
    product.update("DROP TABLE IF EXISTS lake.verified");
    product.update(Candles.create("lake.verified", BUCKETS + " WITH (codec = 'none')"));
    check(rows * 5 / 2, product.update("INSERT INTO lake.verified SELECT * FROM " + large));
    product.update("DROP TABLE " + large);
    VerifyBench verify = new VerifyBench(product, rounds, out);
    holds &= verify.measure("verified");
    String few = CANDLES + "_small";
    SlicesBench.export(product, few, SlicesBench.alerts(reference, few, home), "verified");
    verify.coverage("verified");
  }

  private void bounded(long small) throws Exception {
    Path catalog = catalog("bounded.yaml", bounds());
    out.println();
    out.println(BoundedRun.header(small, rows));
    out.flush();
    try (Product product = new Product(catalog, lake)) {
      for (String table : List.of("candles", "candles_small")) {
        product.update("DROP TABLE IF EXISTS lake." + table);
        product.update(Candles.create("lake." + table, SORTED));
        product.update("INSERT INTO lake." + table + " SELECT * FROM market_data." + table);
      }
      for (BoundedRun.Kind kind : BoundedRun.Kind.values()) {
        BoundedRun few = BoundedRun.start(kind, catalog, small, "candles_small");
        Race race = new Race(kind.path(), kind.floor());
        long peakBytes = 0;
        for (int round = 0; round < rounds; round++) {
          race.theirs(
              kind == BoundedRun.Kind.INSERT
                  ? nativeInsert(product, product.files("candles").get(0))
                  : nativeExport());
          BoundedRun many = BoundedRun.start(kind, catalog, rows, "candles");
          race.ours(many.seconds());
          peakBytes = Math.max(peakBytes, many.peakBytes());
        }
        boolean bounded = BoundedRun.isBounded(peakBytes);
        holds &= race.holds() && bounded;
        out.println(race.row() + BoundedRun.cells(few.peakBytes(), peakBytes));
        out.flush();
      }
    }
  }

  private String bounds() {
    return """
        duckdb:
          memory-limit: 1GB
          temp-directory: "%s"
        """
        .formatted(home.resolve("spill"));
  }

  static String layout(BoundedRun.Kind kind) {
    return kind == BoundedRun.Kind.BUCKETS ? BUCKETS : SORTED;
  }

  private void print(Race race) {
    holds &= race.holds();
    out.println(race.row());
    out.flush();
  }

  private static void check(long wanted, long met) {
    if (wanted != met) {
      throw new IllegalStateException("Moved " + met + " rows, not " + wanted);
    }
  }
}
