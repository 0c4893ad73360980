package io.tidegate.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends files of a store's own SQL to it, statement by statement. */
@Command(
    name = "ddl",
    mixinStandardHelpOptions = true,
    description = "Make tables and views in a store's own SQL.",
    synopsisSubcommandLabel = "COMMAND")
final class DdlCommand {
  @Spec private CommandSpec spec;

  @Command(
      name = "apply",
      mixinStandardHelpOptions = true,
      description = "Run the statements of files, such as catalogs/ddl/candles_1m.clickhouse.sql.")
  int apply(
      @Mixin DataSourceOptions source,
      @Option(
              names = "--schema",
              defaultValue = "market_data",
              description = "Schema that names belong to (default: ${DEFAULT-VALUE}).")
          String schema,
      @Parameters(arity = "1..*", paramLabel = "FILE.sql", description = "Files, in this order.")
          List<Path> files)
      throws SQLException {
    try (Connection connection = source.open();
        Statement statement = connection.createStatement()) {
      for (Path file : files.stream().map(DataSourceOptions::located).toList()) {
        for (SqlText.Piece piece : SqlText.split(text(file))) {
          try {
            statement.executeUpdate(call(schema, piece.text()));
          } catch (SQLException e) {
            SqlError error = SqlErrors.of(e);
            throw new SQLException(
                file + ":" + piece.line() + ": " + error.message(), error.sqlState(), e);
          }
          spec.commandLine().getErr().println(schema + ": " + title(piece.text()));
        }
      }
    }
    return 0;
  }

  /** The statement that runs a text in a store's own SQL. */
  static String call(String schema, String nativeSql) {
    return "CALL native_execute(schema => "
        + literal(schema)
        + ", sql => "
        + literal(nativeSql)
        + ")";
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String title(String statement) {
    return statement.lines().findFirst().orElse("").strip();
  }

  private static String text(Path file) throws SQLException {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new SQLException("No such file: " + file, "58P01", e);
    } catch (IOException e) {
      throw new SQLException("Cannot read " + file + ": " + e.getMessage(), "58030", e);
    }
  }
}
