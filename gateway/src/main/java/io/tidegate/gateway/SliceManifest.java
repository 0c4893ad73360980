package io.tidegate.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The manifest of an export in the keys of the exporter that came before (lake version v1), with
 * what that one did not say: files with their hashes, schema, chain, a content hash without the
 * clock. It is made of the three runs' sealed manifests and holds nothing that they do not.
 */
final class SliceManifest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private SliceManifest() {}

  /**
   * The manifest as JSON.
   *
   * @param lake the lake's root; without it, as with a server, the files are left out
   * @param parameters of the script
   * @param numbers what its last query gave
   */
  static String json(
      Optional<Path> lake,
      Map<String, String> parameters,
      Map<String, Object> numbers,
      String interval,
      String window)
      throws IOException {
    String runId = parameters.get("run_id");
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("lake_version", "v1");
    manifest.put("run_id", runId);
    JsonNode slices = sealed(lake, parameters.get("slices"), runId);
    manifest.set("created_at", slices.path("created_at"));
    manifest.putObject("exporter").put("name", "tidegate export-slices").put("version", version());
    alerts(lake, manifest.putObject("inputs"), parameters, numbers, slices);
    manifest
        .putObject("slice_spec")
        .put("dataset", "ohlcv")
        .put("interval", interval)
        .put("window", window)
        .put("anchor_rule", "floor_to_interval(ts, interval)")
        .put("interval_s", Long.parseLong(parameters.get("interval_s")))
        .put("whole_span", Boolean.parseBoolean(parameters.get("whole_span")));
    manifest.put("chain", parameters.get("chain"));
    outputs(manifest.putObject("outputs"), parameters, numbers, slices);
    ObjectNode coverage = manifest.putObject("coverage");
    coverage
        .put("min_required_pre", Long.parseLong(parameters.get("min_required_pre")))
        .put("target_total", Long.parseLong(parameters.get("target_total")))
        .put("kept_events", number(numbers, "kept_events"))
        .put("dropped_events", number(numbers, "dropped_events"))
        .put("strict", Boolean.parseBoolean(parameters.get("strict")));
    coverage.set("files", files(sealed(lake, parameters.get("coverage"), runId)));
    manifest.put("duplicates_removed", number(numbers, "duplicates"));
    manifest.set("schema", slices.path("schema"));
    manifest.set("files", files(slices));
    manifest.set("content_sha256", slices.path("content_sha256"));
    return JSON.writeValueAsString(manifest);
  }

  /** Writes beside the file and renames over it: whoever waits for it finds it whole. */
  static void write(String json, Path file) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.writeString(temporary, json + "\n");
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void alerts(
      Optional<Path> lake,
      ObjectNode inputs,
      Map<String, String> parameters,
      Map<String, Object> numbers,
      JsonNode slices)
      throws IOException {
    JsonNode copy = sealed(lake, parameters.get("alerts_copy"), parameters.get("run_id"));
    JsonNode file = copy.path("files").path(0);
    ObjectNode alerts = inputs.putObject("alerts");
    alerts.put(
        "path",
        directory(parameters.get("alerts_copy"), parameters) + "/" + file.path("path").asText());
    alerts.set("sha256", file.path("sha256"));
    alerts.put("rows", number(numbers, "alerts"));
    alerts.put("given", parameters.get("alerts"));
    ObjectNode source = inputs.putObject("source_snapshot").putObject("clickhouse");
    String table = parameters.get("source");
    int schema = table.lastIndexOf('.');
    // Where a schema's server is stands in the catalog, and is not known to its user.
    source.putNull("cluster");
    source.put("database", schema < 0 ? "" : table.substring(0, schema));
    source.put("table", table.substring(schema + 1));
    source.set("as_of", slices.path("created_at"));
  }

  private static void outputs(
      ObjectNode outputs,
      Map<String, String> parameters,
      Map<String, Object> numbers,
      JsonNode slices) {
    TreeSet<String> buckets = new TreeSet<>();
    for (JsonNode file : slices.path("files")) {
      String directory = file.path("path").asText().split("/")[0];
      buckets.add(directory.substring(directory.indexOf('=') + 1));
    }
    ObjectNode output = outputs.putObject(directory(parameters.get("slices"), parameters));
    ArrayNode names = output.putArray("mint_buckets");
    buckets.forEach(names::add);
    output.put("files", slices.path("files").size());
    output.put("rows", number(numbers, "candles"));
    output.put("bytes", slices.path("bytes").asLong());
  }

  private static ArrayNode files(JsonNode sealed) {
    ArrayNode files = JSON.createArrayNode();
    for (JsonNode file : sealed.path("files")) {
      ObjectNode entry = files.addObject();
      for (String key : new String[] {"path", "rows", "bytes", "sha256"}) {
        entry.set(key, file.path(key));
      }
    }
    return files;
  }

  private static String directory(String table, Map<String, String> parameters) {
    return bare(table) + "/run_id=" + parameters.get("run_id");
  }

  private static String bare(String table) {
    return table.substring(table.indexOf('.') + 1).replace("\"", "");
  }

  private static JsonNode sealed(Optional<Path> lake, String table, String runId)
      throws IOException {
    if (lake.isEmpty()) {
      return JSON.missingNode();
    }
    Path run = lake.get().resolve(bare(table)).resolve("run_id=" + runId);
    return JSON.readTree(run.resolve("_manifest.json").toFile());
  }

  private static long number(Map<String, Object> numbers, String name) {
    return ((Number) numbers.get(name)).longValue();
  }

  private static String version() {
    return new Version().getVersion()[0];
  }
}
