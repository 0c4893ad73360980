package io.tidegate.adapter.store;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One SELECT of the SQL that a store gets, while it grows from the scan upwards.
 *
 * <p>Every reference in it is qualified by the alias of a FROM item and every output column has a
 * name that is unique even where case does not count. So an alias can never be taken for a column
 * nor the other way round, which is how generated SQL usually goes wrong. An operator that does not
 * fit into the SELECT that is there wraps it as a sub-query; both engines flatten these again.
 */
public final class SelectBlock {

  /** What the text of a column is; decides whether it may be repeated in another clause. */
  public enum Kind {
    REFERENCE,
    EXPRESSION,
    CONSTANT,
    WINDOW
  }

  /**
   * An output column.
   *
   * @param exact whether its text is known to have the type that the plan says, so that it needs no
   *     cast to leave the store
   */
  public record Column(String sql, Kind kind, boolean exact) {
    public static Column reference(String sql) {
      return new Column(sql, Kind.REFERENCE, true);
    }

    public static Column exact(String sql, Kind kind) {
      return new Column(sql, kind, true);
    }
  }

  /** Longest column text that is copied into a WHERE or GROUP BY instead of being wrapped. */
  private static final int INLINE_CHARACTERS = 400;

  private final String from;
  private final List<Column> columns;
  private final List<String> names;
  private final String where;
  private final String groupBy;
  private final String orderBy;
  private final String limit;

  private SelectBlock(
      String from,
      List<Column> columns,
      List<String> names,
      String where,
      String groupBy,
      String orderBy,
      String limit) {
    this.from = from;
    this.columns = List.copyOf(columns);
    this.names = unique(names);
    this.where = where;
    this.groupBy = groupBy;
    this.orderBy = orderBy;
    this.limit = limit;
  }

  /** A SELECT of the given columns from a FROM item (null: no FROM clause). */
  public static SelectBlock from(String from, List<Column> columns, List<String> names) {
    if (columns.size() != names.size()) {
      throw new IllegalStateException(columns.size() + " columns but " + names.size() + " names");
    }
    return new SelectBlock(from, columns, names, null, null, null, null);
  }

  public List<Column> columns() {
    return columns;
  }

  public List<String> names() {
    return names;
  }

  String fromItem() {
    return requireNonNull(from, "from");
  }

  /** True if this is its FROM item and nothing else: it can stand in a join as it is. */
  boolean isBareFrom() {
    return from != null
        && where == null
        && groupBy == null
        && orderBy == null
        && limit == null
        && columns.stream().allMatch(column -> column.kind() == Kind.REFERENCE);
  }

  boolean isOrderedOrLimited() {
    return orderBy != null || limit != null;
  }

  boolean isGrouped() {
    return groupBy != null;
  }

  boolean hasWindows() {
    return columns.stream().anyMatch(column -> column.kind() == Kind.WINDOW);
  }

  /** True if a WHERE or a GROUP BY can be added and may repeat the column texts. */
  boolean isOpen() {
    return groupBy == null
        && orderBy == null
        && limit == null
        && !hasWindows()
        && columns.stream()
                .filter(column -> column.kind() != Kind.REFERENCE)
                .mapToInt(column -> column.sql().length())
                .sum()
            <= INLINE_CHARACTERS;
  }

  SelectBlock withColumns(List<Column> newColumns, List<String> newNames) {
    return new SelectBlock(from, newColumns, newNames, where, groupBy, orderBy, limit);
  }

  /** The same with one more condition. */
  public SelectBlock where(String condition) {
    String both = where == null ? condition : where + " AND " + condition;
    return new SelectBlock(from, columns, names, both, groupBy, orderBy, limit);
  }

  /** Groups by the given list, which may be empty for one group of all rows. */
  SelectBlock withGroupBy(String keys, List<Column> newColumns, List<String> newNames) {
    return new SelectBlock(from, newColumns, newNames, where, keys, null, null);
  }

  SelectBlock withOrderBy(String newOrderBy, String newLimit) {
    return new SelectBlock(from, columns, names, where, groupBy, newOrderBy, newLimit);
  }

  /** The text of the whole SELECT. */
  public String toSql(StoreDialect dialect) {
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 0; i < columns.size(); i++) {
      sql.append(i == 0 ? "" : ", ").append(columns.get(i).sql());
      sql.append(" AS ").append(dialect.identifier(names.get(i)));
    }
    if (columns.isEmpty()) {
      sql.append("1 AS ").append(dialect.identifier("$none"));
    }
    if (from != null) {
      sql.append(" FROM ").append(from);
    }
    if (where != null) {
      sql.append(" WHERE ").append(where);
    }
    if (groupBy != null && !groupBy.isEmpty()) {
      sql.append(" GROUP BY ").append(groupBy);
    }
    if (orderBy != null) {
      sql.append(" ORDER BY ").append(orderBy);
    }
    if (limit != null) {
      sql.append(' ').append(limit);
    }
    return sql.toString();
  }

  private static List<String> unique(List<String> names) {
    Set<String> taken = new HashSet<>();
    List<String> unique = new ArrayList<>(names.size());
    for (String name : names) {
      String candidate = name;
      for (int i = 0; !taken.add(candidate.toLowerCase(Locale.ROOT)); i++) {
        candidate = name + "_" + i;
      }
      unique.add(candidate);
    }
    return List.copyOf(unique);
  }
}
