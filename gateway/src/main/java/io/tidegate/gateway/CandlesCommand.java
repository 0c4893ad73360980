package io.tidegate.gateway;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Jobs on tables of candles, whatever their columns are called: see {@link CandleTable}. */
@Command(
    name = "candles",
    mixinStandardHelpOptions = true,
    description = "Query, compare, sync and export tables of candles.",
    synopsisSubcommandLabel = "COMMAND")
final class CandlesCommand {
  private static final int DIFFERENT = 3;

  @Spec private CommandSpec spec;

  /** Which candles are meant. */
  static final class FilterOptions {
    @Option(names = "--mint", description = "Token or symbol, in its exact case.")
    private String mint;

    @Option(names = "--chain", description = "Where the table tells chains.")
    private String chain;

    @Option(
        names = {"--tf", "--interval"},
        paramLabel = "INTERVAL",
        description = "Such as 15s, 1m, 4h, or seconds.")
    private String interval;

    @Option(names = "--start", description = "First moment, UTC.")
    private String start;

    @Option(names = "--end", description = "First moment that is too late, UTC.")
    private String end;

    @Option(names = "--n", description = "The newest N candles of each token and interval.")
    private Integer newest;

    CandleTable.Filter filter() {
      if (newest != null && newest < 1) {
        throw new IllegalArgumentException("--n must be 1 or more, but was " + newest);
      }
      return new CandleTable.Filter(
          Optional.ofNullable(mint),
          Optional.ofNullable(chain),
          Optional.ofNullable(interval).map(CandleTable::seconds),
          Optional.ofNullable(start).map(CandlesCommand::moment),
          Optional.ofNullable(end).map(CandlesCommand::moment),
          Optional.ofNullable(newest));
    }

    Optional<String> chain() {
      return Optional.ofNullable(chain);
    }
  }

  /** A job on an open connection; what the user got wrong is an IllegalArgumentException. */
  private interface Job {
    int run(Connection connection) throws Exception;
  }

  private int run(DataSourceOptions source, Job job) throws Exception {
    try (Connection connection = source.open()) {
      return job.run(connection);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  @Command(
      name = "query",
      mixinStandardHelpOptions = true,
      description = {
        "Candles of a table, or of several as one: each UTC day comes from the table that has most"
            + " of its candles, the first of equals.",
        "With --query any SQL over them, joins with other tables included."
      })
  int query(
      @Mixin DataSourceOptions source,
      @Mixin FilterOptions filter,
      @Option(
              names = "--table",
              required = true,
              description =
                  "Repeatable; lake.btc@5m where"
                      + " neither a column nor the name tells the interval.")
          List<String> tables,
      @Option(names = "--min", defaultValue = "0", description = "Fewer candles are an error.")
          long min,
      @Option(names = "--query", description = "SQL over the relation of --view.") String query,
      @Option(names = "--view", defaultValue = "candles", description = "Its name (candles).")
          String view,
      @Option(names = "--cols", split = ",", description = "Columns to print.") List<String> cols,
      @Option(names = "--counts", description = "Candles of each token and interval.")
          boolean counts,
      @Option(names = "--format", defaultValue = "table", description = "table, csv, json.")
          OutputFormat format)
      throws Exception {
    return run(
        source,
        connection -> {
          CandleTable.Filter wanted = filter.filter();
          if (wanted.newest().isPresent() && min > wanted.newest().get()) {
            throw new IllegalArgumentException(
                "--min (" + min + ") cannot be greater than --n (" + wanted.newest().get() + ")");
          }
          String candles = CandleView.of(connection, tables, wanted);
          if (min > 0) {
            long met = count(connection, candles);
            if (met < min) {
              throw new SQLException(
                  "Not enough candles (got "
                      + met
                      + ", need >= "
                      + min
                      + ") from "
                      + String.join(", ", tables),
                  "02000");
            }
          }
          print(connection, statement(candles, query, view, cols, counts), format);
          return 0;
        });
  }

  private static String statement(
      String candles, String query, String view, List<String> cols, boolean counts) {
    String name = SqlNames.name("--view", view);
    String with = "WITH " + name + " AS (" + candles + ")";
    if (query != null) {
      String sql = query.strip();
      return sql.toUpperCase(Locale.ROOT).startsWith("WITH ")
          ? with + ", " + sql.substring("WITH ".length())
          : with + " " + sql;
    }
    if (counts) {
      return with
          + " SELECT mint, interval_s, COUNT(*) AS candles, MIN(ts) AS first_ts, MAX(ts) AS last_ts"
          + " FROM "
          + name
          + " GROUP BY mint, interval_s ORDER BY mint, interval_s";
    }
    String columns =
        cols == null
            ? "mint, ts, interval_s, open, high, low, close, volume"
            : cols.stream()
                .map(column -> SqlNames.name("--cols", column.strip()))
                .collect(Collectors.joining(", "));
    return with + " SELECT " + columns + " FROM " + name + " ORDER BY mint, interval_s, ts";
  }

  @Command(
      name = "compare",
      mixinStandardHelpOptions = true,
      description =
          "Candle by candle, keyed on (mint, ts, interval): what only one table has, and which"
              + " columns differ. Exit code 0: equal, 3: different.")
  int compare(
      @Mixin DataSourceOptions source,
      @Mixin FilterOptions filter,
      @Option(names = "--left", required = true, description = "A table of candles.") String left,
      @Option(names = "--right", required = true, description = "Another one.") String right,
      @Option(names = "--limit", defaultValue = "20", description = "Differences to list (20).")
          int limit)
      throws Exception {
    return run(
        source,
        connection -> {
          CandleTable.Filter wanted = filter.filter();
          CandleDifference difference =
              CandleDifference.of(
                  connection,
                  CandleTable.of(connection, left),
                  CandleTable.of(connection, right),
                  wanted,
                  limit);
          PrintWriter out = spec.commandLine().getOut();
          out.println(difference.json());
          out.flush();
          return difference.isEqual() ? 0 : DIFFERENT;
        });
  }

  @Command(
      name = "sync",
      mixinStandardHelpOptions = true,
      description =
          "Bring a table's candles into another one, either way: new ones are inserted, ones with"
              + " other values replaced. Repeating it changes nothing.")
  int sync(
      @Mixin DataSourceOptions source,
      @Mixin FilterOptions filter,
      @Option(names = "--from", required = true, description = "A table of candles.") String from,
      @Option(names = "--to", required = true, description = "Another one; made when missing.")
          String to)
      throws Exception {
    return run(
        source,
        connection -> {
          CandleSync.Counts counts =
              new CandleSync(connection, CandleTable.of(connection, from), to, filter.filter())
                  .run();
          spec.commandLine().getOut().println(counts.json());
          spec.commandLine().getOut().flush();
          return 0;
        });
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description =
          "The newest N candles of each interval as a new table, in a directory tf=1m, tf=5m, ... of"
              + " each interval; seen whole or not at all.")
  int export(
      @Mixin DataSourceOptions source,
      @Mixin FilterOptions filter,
      @Option(names = "--table", required = true, description = "A table of candles.") String from,
      @Option(names = "--target", required = true, description = "The table to make.")
          String target)
      throws Exception {
    return run(
        source,
        connection -> {
          CandleTable.Filter wanted = filter.filter();
          String candles = CandleTable.of(connection, from).candles(wanted);
          if (count(connection, candles) == 0) {
            throw new SQLException("No candles found in " + from, "02000");
          }
          String name = SqlNames.name("--target", target);
          try (Statement statement = connection.createStatement()) {
            statement.execute(
                "CREATE TABLE "
                    + name
                    + " PARTITIONED BY (tf) SORTED BY (mint, interval_s, ts) AS"
                    + " SELECT e.mint, e.ts, e.interval_s, e.open, e.high, e.low, e.close, e.volume, "
                    + CandleTable.intervalWord("e.interval_s")
                    + " AS tf FROM ("
                    + candles
                    + ") AS e");
          }
          String counts =
              "SELECT mint, interval_s, COUNT(*) AS candles, MIN(ts) AS first_ts, MAX(ts) AS last_ts"
                  + wanted
                      .newest()
                      .map(n -> ", " + n + " - COUNT(*) AS fewer_than_wanted")
                      .orElse("")
                  + " FROM "
                  + name
                  + " GROUP BY mint, interval_s ORDER BY mint, interval_s";
          print(connection, counts, OutputFormat.TABLE);
          return 0;
        });
  }

  private void print(Connection connection, String sql, OutputFormat format) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      format.printer(out).print(result);
      out.flush();
    }
  }

  private static long count(Connection connection, String candles) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM (" + candles + ") AS c")) {
      result.next();
      return result.getLong(1);
    }
  }

  /** A moment as a TIMESTAMP literal has it; UTC where it tells no zone. */
  private static String moment(String text) {
    return SqlNames.plain(SqlNames.moment(text));
  }
}
