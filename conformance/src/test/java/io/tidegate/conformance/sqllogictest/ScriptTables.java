package io.tidegate.conformance.sqllogictest;

import io.tidegate.adapter.sql.TestCatalog;
import io.tidegate.conformance.Placement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The tables of a running script. Rows of consecutive INSERT statements are inserted as one, when a
 * query or another statement wants to see them: every INSERT into the lake is a run of its own.
 */
final class ScriptTables implements AutoCloseable {
  private static final Pattern CREATE =
      Pattern.compile("(?is)CREATE\\s+TABLE\\s+(\\w+)\\s*\\((.*)\\)");
  private static final Pattern VALUES =
      Pattern.compile(
          "(?is)INSERT\\s+INTO\\s+(\\w+)\\s*(?:\\(([^)]*)\\))?\\s*VALUES\\s*\\((.*)\\)");
  private static final Pattern DROP = Pattern.compile("(?is)DROP\\s+TABLE\\s+(\\w+)");

  private final Statement statement;
  private final Placement placement;
  private final TestCatalog catalog;
  private final Map<String, List<String>> columns = new LinkedHashMap<>();
  private final Map<String, List<String>> pending = new LinkedHashMap<>();
  private Pattern names;
  private Set<String> splitOff = Set.of();

  ScriptTables(Statement statement, Placement placement, TestCatalog catalog) {
    this.statement = statement;
    this.placement = placement;
    this.catalog = catalog;
  }

  /** Runs a statement of the script. */
  void run(SqlScript.Command command) throws SQLException {
    Matcher create = CREATE.matcher(command.sql());
    Matcher values = VALUES.matcher(command.sql());
    Matcher drop = DROP.matcher(command.sql());
    if (command.isIndex()) {
      return;
    }
    if (values.matches() && columns.containsKey(values.group(1))) {
      insert(values.group(1), values.group(2), values.group(3));
    } else if (create.matches()) {
      create(create.group(1), create.group(2));
    } else if (drop.matches() && columns.containsKey(drop.group(1))) {
      flush();
      statement.executeUpdate(qualified(command.sql()));
      columns.remove(drop.group(1));
    } else {
      flush();
      statement.executeUpdate(qualified(command.sql()));
    }
  }

  private void create(String table, String definition) throws SQLException {
    List<String> names = new ArrayList<>();
    for (String column : elements(definition)) {
      names.add(column.strip().split("\\s+")[0]);
    }
    columns.put(table, names);
    Set<String> split = new LinkedHashSet<>(splitOff);
    // Every other table, so that each join of neighbours crosses the border.
    if (columns.size() % 2 == 1) {
      split.add(table);
    }
    splitOff = split;
    this.names =
        Pattern.compile(
            "(?i)(?<![\\w.])(?<!\\bAS )(" + String.join("|", columns.keySet()) + ")\\b(?!\\s*\\.)");
    // Tidegate has no keys; no answer depends on them.
    statement.executeUpdate(
        "CREATE TABLE "
            + qualified(table)
            + " ("
            + definition.replaceAll("(?i) PRIMARY KEY", "")
            + ")");
  }

  private void insert(String table, String listed, String values) {
    List<String> row = elements(values);
    if (listed != null) {
      List<String> order =
          elements(listed).stream().map(String::strip).collect(Collectors.toList());
      List<String> given = row;
      row =
          columns.get(table).stream()
              .map(column -> order.contains(column) ? given.get(order.indexOf(column)) : "NULL")
              .toList();
    }
    pending
        .computeIfAbsent(table, each -> new ArrayList<>())
        .add("(" + String.join(",", row) + ")");
  }

  /** What stands between the commas that are in no brackets and no text. */
  private static List<String> elements(String list) {
    List<String> elements = new ArrayList<>();
    StringBuilder element = new StringBuilder();
    int depth = 0;
    boolean quoted = false;
    for (char c : list.toCharArray()) {
      quoted ^= c == '\'';
      depth += quoted ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0 && !quoted) {
        elements.add(element.toString());
        element.setLength(0);
      } else {
        element.append(c);
      }
    }
    elements.add(element.toString());
    return elements;
  }

  /** Inserts the rows that wait. */
  void flush() throws SQLException {
    for (Map.Entry<String, List<String>> rows : pending.entrySet()) {
      statement.executeUpdate(
          "INSERT INTO "
              + qualified(rows.getKey())
              + " VALUES "
              + String.join(", ", rows.getValue()));
    }
    pending.clear();
  }

  /** The statement with its tables in their schemas; a qualified column stays as it is. */
  String qualified(String sql) {
    if (names == null) {
      return sql;
    }
    return names
        .matcher(sql)
        .replaceAll(
            match ->
                placement.schema(
                        match.group(1).toLowerCase(java.util.Locale.ROOT), splitOff, catalog)
                    + "."
                    + match.group(1));
  }

  @Override
  public void close() throws SQLException {
    for (String table : columns.keySet()) {
      statement.executeUpdate("DROP TABLE IF EXISTS " + qualified(table));
    }
  }
}
