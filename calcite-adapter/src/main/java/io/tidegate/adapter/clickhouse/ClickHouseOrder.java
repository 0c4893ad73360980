package io.tidegate.adapter.clickhouse;

import io.tidegate.adapter.store.PartitionTerm;
import io.tidegate.adapter.store.StoreColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What rows have to be ordered by before they are inserted, so that a block touches one partition
 * and is in key order.
 *
 * @param partition the partition expression; empty if there is none or Tidegate cannot compute it,
 *     and blocks may then touch several partitions
 * @param sortColumns the leading bare columns of the order key
 */
record ClickHouseOrder(List<PartitionTerm> partition, List<String> sortColumns) {

  private static final Pattern CALL = Pattern.compile("(\\w+)\\(([^()]+)\\)");

  ClickHouseOrder {
    partition = List.copyOf(partition);
    sortColumns = List.copyOf(sortColumns);
  }

  /** Reads the keys as system.tables prints them. */
  static ClickHouseOrder parse(String partitionKey, String sortingKey, List<StoreColumn> columns) {
    List<PartitionTerm> partition = new ArrayList<>();
    boolean known = true;
    for (String text : split(partitionKey)) {
      Optional<PartitionTerm> term = term(text, columns);
      term.ifPresent(partition::add);
      known &= term.isPresent();
    }
    List<String> sortColumns = new ArrayList<>();
    for (String text : split(sortingKey)) {
      Optional<String> column = column(text, columns);
      if (column.isEmpty()) {
        break;
      }
      sortColumns.add(column.get());
    }
    return new ClickHouseOrder(known ? partition : List.of(), sortColumns);
  }

  private static Optional<PartitionTerm> term(String text, List<StoreColumn> columns) {
    Optional<String> bare = column(text, columns);
    if (bare.isPresent()) {
      return Optional.of(new PartitionTerm.Identity(bare.get(), Optional.empty()));
    }
    Matcher call = CALL.matcher(text);
    if (call.matches()) {
      Optional<String> column = column(call.group(2), columns);
      Optional<PartitionTerm.Unit> unit =
          switch (call.group(1)) {
            case "toYear", "toStartOfYear" -> Optional.of(PartitionTerm.Unit.YEAR);
            case "toYYYYMM", "toStartOfMonth" -> Optional.of(PartitionTerm.Unit.MONTH);
            case "toYYYYMMDD", "toDate", "toDate32", "toStartOfDay" ->
                Optional.of(PartitionTerm.Unit.DAY);
            case "toStartOfHour" -> Optional.of(PartitionTerm.Unit.HOUR);
            default -> Optional.empty();
          };
      if (column.isPresent() && unit.isPresent()) {
        return Optional.of(new PartitionTerm.Floor(column.get(), unit.get(), Optional.empty()));
      }
    }
    // What Tidegate's own CREATE TABLE wrote, as the server prints it again.
    for (StoreColumn column : columns) {
      PartitionTerm bucket = new PartitionTerm.MintBucket(column.name(), Optional.empty());
      if (same(ClickHouseTableDdl.term(bucket), text)) {
        return Optional.of(bucket);
      }
    }
    return Optional.empty();
  }

  private static boolean same(String ours, String theirs) {
    return ours.replaceAll("[`\\s]", "").equals(theirs.replaceAll("[`\\s]", ""));
  }

  private static Optional<String> column(String text, List<StoreColumn> columns) {
    String name = text.trim().replace("`", "");
    return columns.stream()
        .map(StoreColumn::name)
        .filter(column -> column.equals(name))
        .findFirst();
  }

  /** Splits at the commas that are in no bracket; the tuple's own brackets are taken off. */
  private static List<String> split(String key) {
    String text = key.trim();
    if (text.startsWith("(") && text.endsWith(")")) {
      text = text.substring(1, text.length() - 1);
    }
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(text.substring(start, i).trim());
        start = i + 1;
      }
    }
    if (!text.substring(start).isBlank()) {
      parts.add(text.substring(start).trim());
    }
    return parts;
  }
}
