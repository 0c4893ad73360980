package io.tidegate.adapter.sql.parser;

import io.tidegate.adapter.sql.parser.generated.TidegateParserImpl;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.util.Litmus;

/**
 * SQL text in, Calcite's tree out.
 *
 * <p>Identifiers are quoted with double quotes and keep their case. Column names that market data
 * is full of (open, close, date, time, start, end, value, count ...) need no quotes. Errors are
 * {@code SQLException}s of one line with SQLSTATE 42601.
 */
public final class TidegateParser {
  private static final SqlParser.Config CONFIG =
      SqlParser.config()
          .withParserFactory(TidegateParserImpl.FACTORY)
          .withConformance(TidegateConformance.INSTANCE)
          .withQuoting(Quoting.DOUBLE_QUOTE)
          .withUnquotedCasing(Casing.UNCHANGED)
          .withQuotedCasing(Casing.UNCHANGED)
          .withCaseSensitive(false)
          .withIdentifierMaxLength(256);

  private TidegateParser() {}

  /** How Calcite's own entry points (prepare, planner, views) have to parse, too. */
  public static SqlParser.Config config() {
    return CONFIG;
  }

  /** Parses one statement; a semicolon may end it. */
  public static SqlNode parseStatement(String sql) throws SQLException {
    return parseSingle(sql).node();
  }

  /** Parses one statement and gives it with its text, without the semicolon that may end it. */
  public static ScriptStatement parseSingle(String sql) throws SQLException {
    List<ScriptStatement> statements = parseScript(sql);
    if (statements.size() != 1) {
      String met = statements.isEmpty() ? "none" : Integer.toString(statements.size());
      throw new SQLException("Syntax error: expected one statement, met " + met, "42601");
    }
    return statements.get(0);
  }

  /**
   * Parses the statements of a script, which semicolons separate. Nothing of a script that has a
   * syntax error is returned.
   */
  public static List<ScriptStatement> parseScript(String text) throws SQLException {
    List<ScriptStatement> statements = new ArrayList<>();
    for (ScriptLexer.Piece piece : ScriptLexer.split(text)) {
      SqlNode node;
      try {
        node = SqlParser.create(piece.inPlace(), CONFIG).parseStmt();
      } catch (SqlParseException e) {
        throw SyntaxError.of(e, piece.tokens());
      }
      statements.add(new ScriptStatement(node, piece.text(), piece.line()));
    }
    return List.copyOf(statements);
  }

  /**
   * Writes a statement as text that parses back to the same tree, which is checked: what is sent to
   * a server is what was meant here, or an error.
   */
  public static String toSql(SqlNode statement) throws SQLException {
    SQLException unreadable = null;
    for (boolean everyParenthesis : new boolean[] {false, true}) {
      String sql =
          statement
              .toSqlString(
                  config ->
                      config
                          .withDialect(TidegateSqlDialect.INSTANCE)
                          .withAlwaysUseParentheses(everyParenthesis)
                          .withSelectListItemsOnSeparateLines(false)
                          .withUpdateSetListNewline(false)
                          .withClauseStartsLine(true)
                          .withIndentation(0))
              .getSql();
      try {
        if (parseStatement(sql).equalsDeep(statement, Litmus.IGNORE)) {
          return sql;
        }
      } catch (SQLException e) {
        unreadable = e;
      }
    }
    throw new SQLException(
        "Statement cannot be written as SQL text"
            + (unreadable == null ? "" : ": " + unreadable.getMessage()),
        "0A000",
        unreadable);
  }
}
