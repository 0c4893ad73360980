package io.tidegate.adapter.clickhouse;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The session settings that go with every request: they make ClickHouse answer as SQL says. */
final class ClickHouseSettings {
  /** What a query means, and how its Arrow looks. */
  static final Map<String, String> SESSION = session();

  private ClickHouseSettings() {}

  private static Map<String, String> session() {
    Map<String, String> settings = new LinkedHashMap<>();
    // Semantics. Without these the answers differ from standard SQL, some without an error.
    settings.put("cast_keep_nullable", "1");
    settings.put("prefer_column_name_to_alias", "1");
    settings.put("aggregate_functions_null_for_empty", "1");
    settings.put("join_use_nulls", "1");
    settings.put("group_by_use_nulls", "1");
    settings.put("union_default_mode", "DISTINCT");
    settings.put("session_timezone", "UTC");
    settings.put("data_type_default_nullable", "0");
    settings.put("input_format_null_as_default", "0");
    settings.put("insert_null_as_default", "0");
    settings.put("async_insert", "0");
    // A row goes to the shard that its Distributed table says, and is there when the insert ends;
    // otherwise whichever shard has read it keeps it, or gets it later.
    settings.put("parallel_distributed_insert_select", "0");
    settings.put("insert_distributed_sync", "1");
    // A statement may name thousands of files of the lake.
    settings.put("max_query_size", "33554432");
    // Arrow. lz4 is slow in Java. Only settings that servers have had for years: an unknown one
    // fails every request, and dates arrive as such by the casts of ClickHouseTypes.
    settings.put("output_format_arrow_compression_method", "none");
    settings.put("output_format_arrow_string_as_string", "1");
    settings.put("output_format_arrow_low_cardinality_as_dictionary", "0");
    // A server that works says so every second; one that does not is silent and times out.
    settings.put("send_progress_in_http_headers", "1");
    settings.put("http_headers_progress_interval_ms", "1000");
    return Collections.unmodifiableMap(settings);
  }
}
