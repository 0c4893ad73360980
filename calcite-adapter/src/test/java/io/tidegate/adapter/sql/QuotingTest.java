package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever goes in as a value or a name comes back equal, on both engines. */
class QuotingTest {
  private static final int STRINGS = 10_000;
  private static final int BATCH = 250;

  /** What has a meaning in some SQL, beside letters of every length in UTF-8. */
  private static final String[] PIECES = {
    "'",
    "''",
    "\"",
    "`",
    "\\",
    "\\\\",
    "\\'",
    "\0",
    "\n",
    "\r\n",
    "\t",
    "%",
    "_",
    "$1",
    "?",
    ":p",
    "{p:String}",
    "${x}",
    "--",
    "/*",
    "*/",
    ";",
    "x",
    "0",
    " ",
    "ä",
    "東",
    "🚀",
    "\u200d",
    "\ufeff",
    "\uffff",
    "E'",
    "U&'",
    "\\x27",
    "\\0",
    "\\N",
    "NULL",
    "' OR 1=1 --",
    "\u2028",
    "\u0001",
    "\u001a"
  };

  @Test
  void clickHouseGivesEveryStringBack(@TempDir Path directory) throws Exception {
    try (TestCatalog catalog = TestCatalog.clickHouse(QuotingTest.class, directory)) {
      everyStringComesBack(catalog);
    }
  }

  @Test
  void duckDbGivesEveryStringBack(@TempDir Path directory) throws Exception {
    try (TestCatalog catalog = TestCatalog.duckDb(directory)) {
      everyStringComesBack(catalog);
    }
  }

  @Test
  void clickHouseKeepsEveryName(@TempDir Path directory) throws Exception {
    try (TestCatalog catalog = TestCatalog.clickHouse(QuotingTest.class, directory)) {
      everyNameIsKept(catalog);
    }
  }

  @Test
  void duckDbKeepsEveryName(@TempDir Path directory) throws Exception {
    try (TestCatalog catalog = TestCatalog.duckDb(directory)) {
      everyNameIsKept(catalog);
    }
  }

  /** As a literal beside a column, so that the store's engine sees it, and as a parameter. */
  private static void everyStringComesBack(TestCatalog catalog) throws SQLException {
    List<String> strings = strings();
    try (Connection connection = catalog.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + catalog.store() + ".q (k INTEGER NOT NULL, s VARCHAR)");
      statement.execute("INSERT INTO " + catalog.store() + ".q VALUES (1, 'x')");
      for (int from = 0; from < STRINGS; from += BATCH) {
        List<String> batch = strings.subList(from, from + BATCH);
        StringBuilder literals = new StringBuilder("SELECT k");
        StringBuilder parameters = new StringBuilder("SELECT k");
        for (int i = 0; i < BATCH; i++) {
          String literal = "'" + batch.get(i).replace("'", "''") + "'";
          literals.append(", s || ").append(literal).append(" AS c").append(i);
          parameters.append(", s || CAST(? AS VARCHAR) AS c").append(i);
        }
        String from1 = " FROM " + catalog.store() + ".q";
        try (ResultSet rows = statement.executeQuery(literals + from1)) {
          same(rows, batch);
        }
        try (PreparedStatement prepared = connection.prepareStatement(parameters + from1)) {
          for (int i = 0; i < BATCH; i++) {
            prepared.setString(i + 1, batch.get(i));
          }
          try (ResultSet rows = prepared.executeQuery()) {
            same(rows, batch);
          }
        }
      }
      // Half of a surrogate pair is no character, and UTF-8 has no bytes for it.
      assertThatThrownBy(
              () -> statement.executeQuery("SELECT s || '\ud83d' FROM " + catalog.store() + ".q"))
          .isInstanceOf(SQLException.class)
          .hasStackTraceContaining("surrogate");
      try (PreparedStatement prepared =
          connection.prepareStatement(
              "SELECT s || CAST(? AS VARCHAR) FROM " + catalog.store() + ".q")) {
        prepared.setString(1, "a\udc00b");
        assertThatThrownBy(prepared::executeQuery)
            .isInstanceOf(SQLException.class)
            .hasStackTraceContaining("surrogate");
      }
    }
  }

  private static void same(ResultSet rows, List<String> strings) throws SQLException {
    assertThat(rows.next()).isTrue();
    for (int i = 0; i < strings.size(); i++) {
      assertThat(rows.getString(i + 2)).isEqualTo("x" + strings.get(i));
    }
    assertThat(rows.next()).isFalse();
  }

  private static List<String> strings() {
    Random random = new Random(20_260_726);
    List<String> strings = new ArrayList<>();
    while (strings.size() < STRINGS) {
      StringBuilder text = new StringBuilder();
      int pieces = random.nextInt(12);
      for (int i = 0; i < pieces; i++) {
        if (random.nextInt(4) > 0) {
          text.append(PIECES[random.nextInt(PIECES.length)]);
        } else {
          int character = random.nextInt(Character.MAX_CODE_POINT + 1);
          boolean isHalf = character >= 0xd800 && character <= 0xdfff;
          text.appendCodePoint(isHalf ? 'h' : character);
        }
      }
      strings.add(text.toString());
    }
    return strings;
  }

  private static void everyNameIsKept(TestCatalog catalog) throws SQLException {
    List<String> names =
        List.of(
            "it's",
            "back\\slash",
            "\\",
            "tick`tick",
            "say \"x\"",
            "semi; DROP TABLE q; --",
            "/* x */",
            "ä 東京 🚀",
            "select",
            "a.b",
            "$1",
            "{p:String}",
            "%s?",
            " lead",
            "?",
            "tab\tin");
    try (Connection connection = catalog.connect();
        Statement statement = connection.createStatement()) {
      for (String name : names) {
        String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
        String table = catalog.store() + "." + quoted;
        statement.execute(
            "CREATE TABLE " + table + " (" + quoted + " VARCHAR, \"plain\" INTEGER NOT NULL)");
        statement.execute("INSERT INTO " + table + " VALUES ('v', 7)");
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT "
                    + quoted
                    + " AS "
                    + quoted
                    + ", max(\"plain\") AS m FROM "
                    + table
                    + " AS "
                    + quoted
                    + " WHERE "
                    + quoted
                    + "."
                    + quoted
                    + " = 'v' GROUP BY "
                    + quoted)) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getMetaData().getColumnLabel(1)).isEqualTo(name);
          assertThat(rows.getString(1)).isEqualTo("v");
          assertThat(rows.getInt(2)).isEqualTo(7);
        }
        statement.execute("DROP TABLE " + table);
      }
    }
  }
}
