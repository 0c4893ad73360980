package io.tidegate.adapter.lake;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one run holds: {@code _manifest.json}, written last, and the run's seal.
 *
 * <p>The JSON keys are the names below in snake_case; all must be there and no others. Behind them
 * stands {@code manifest_sha256}, over all that is before it: a manifest in which anything was
 * changed is refused. It may be missing, as in runs that were sealed before there was one.
 *
 * @param formatVersion 2; version 1 knew the bounds of the sort key only
 * @param table the table the run was written for
 * @param runId the directory's name behind {@code run_id=}
 * @param createdAt when it was sealed, ISO-8601 in UTC; the only clock, and no part of the content
 * @param statement the SQL text
 * @param engines versions, by engine
 * @param inputs what the statement read, by table or file: whatever fingerprint the writer has
 * @param supersedes the runs that this one replaces, with their content
 * @param schema the columns of the files
 * @param rows of all files
 * @param bytes of all files
 * @param contentSha256 over the schema and each file's path, rows and sha256: equal for equal
 *     content
 * @param files sorted by path
 */
public record RunManifest(
    int formatVersion,
    String table,
    String runId,
    String createdAt,
    String statement,
    Map<String, String> engines,
    Map<String, String> inputs,
    List<Superseded> supersedes,
    List<Column> schema,
    long rows,
    long bytes,
    String contentSha256,
    List<DataFile> files) {

  static final String NAME = "_manifest.json";
  static final int FORMAT_VERSION = 2;

  private static final int SORT_KEY_ONLY_VERSION = 1;
  private static final String OWN_SHA256 = "manifest_sha256";

  public RunManifest {
    requireNonNull(table, "table");
    requireNonNull(runId, "run_id");
    requireNonNull(createdAt, "created_at");
    requireNonNull(statement, "statement");
    requireNonNull(contentSha256, "content_sha256");
    engines = new TreeMap<>(requireNonNull(engines, "engines"));
    inputs = new TreeMap<>(requireNonNull(inputs, "inputs"));
    supersedes = List.copyOf(requireNonNull(supersedes, "supersedes"));
    schema = List.copyOf(requireNonNull(schema, "schema"));
    files = List.copyOf(requireNonNull(files, "files"));
  }

  /** A run that another replaces. */
  public record Superseded(String runId, String contentSha256) {
    public Superseded {
      requireNonNull(runId, "run_id");
      requireNonNull(contentSha256, "content_sha256");
    }
  }

  /** A column of the files, with its type as SQL text. */
  public record Column(String name, String type, boolean nullable) {
    public Column {
      requireNonNull(name, "name");
      requireNonNull(type, "type");
    }

    static List<Column> of(LakeTableDefinition definition) {
      return definition.columns().stream()
          .map(column -> new Column(column.name(), column.type().sql(), column.nullable()))
          .toList();
    }
  }

  /**
   * One Parquet file.
   *
   * @param path relative to the run's directory, with {@code /} between the parts
   * @param columns bounds of the table's columns, as far as they are known
   */
  public record DataFile(String path, long rows, long bytes, String sha256, List<Bounds> columns) {
    public DataFile {
      requireNonNull(path, "path");
      requireNonNull(sha256, "sha256");
      columns = List.copyOf(requireNonNull(columns, "columns"));
    }
  }

  /**
   * What is known of one column, as {@link ColumnBounds} in text.
   *
   * @param min null when there is no value or no statistic
   * @param max null when there is no value or no statistic
   * @param nulls how many, or -1 when unknown
   * @param distinct about how many different values, or -1 when unknown
   */
  public record Bounds(String column, String min, String max, long nulls, long distinct) {
    public Bounds {
      requireNonNull(column, "column");
    }

    Bounds withoutDistinct() {
      return new Bounds(column, min, max, nulls, -1);
    }
  }

  static String contentSha256(List<Column> schema, List<DataFile> files) {
    MessageDigest digest = DurableFiles.sha256();
    add(digest, "tidegate run content 1");
    for (Column column : schema) {
      add(digest, "column", column.name, column.type, String.valueOf(column.nullable));
    }
    files.stream()
        .sorted(Comparator.comparing(DataFile::path))
        .forEach(file -> add(digest, "file", file.path, String.valueOf(file.rows), file.sha256));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Zero bytes between the parts, so that no two lists of parts read alike. */
  private static void add(MessageDigest digest, String... parts) {
    for (String part : parts) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    digest.update((byte) '\n');
  }

  byte[] toJson() {
    try {
      ObjectNode json = LakeJson.MAPPER.valueToTree(this);
      return LakeJson.MAPPER.writeValueAsBytes(json.put(OWN_SHA256, ownSha256()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a manifest is JSON", e);
    }
  }

  /** A manifest that knew less: what it did not know is unknown. */
  private static void toCurrentVersion(JsonNode manifest) {
    ((ObjectNode) manifest).put("format_version", FORMAT_VERSION);
    for (JsonNode file : manifest.path("files")) {
      if (file instanceof ObjectNode entry && entry.remove("sort_key") instanceof ArrayNode key) {
        key.forEach(bounds -> ((ObjectNode) bounds).put("distinct", -1));
        entry.set("columns", key);
      }
    }
  }

  private String ownSha256() throws JsonProcessingException {
    return HexFormat.of()
        .formatHex(DurableFiles.sha256().digest(LakeJson.MAPPER.writeValueAsBytes(this)));
  }

  /** Reads a manifest and holds it to its own sums; {@code where} names it in errors. */
  static RunManifest read(byte[] json, String where) throws LakeException {
    RunManifest manifest;
    JsonNode sealed;
    boolean changed;
    try {
      JsonNode root = LakeJson.MAPPER.readTree(json);
      sealed = root instanceof ObjectNode object ? object.remove(OWN_SHA256) : null;
      if (root.path("format_version").asInt() == SORT_KEY_ONLY_VERSION) {
        toCurrentVersion(root);
      }
      manifest = LakeJson.MAPPER.treeToValue(root, RunManifest.class);
      changed = sealed != null && !sealed.asText().equals(manifest.ownSha256());
    } catch (IOException e) {
      throw LakeException.corrupt(where + " is not a manifest", DefinitionFile.shortened(e));
    }
    if (manifest == null || manifest.formatVersion != FORMAT_VERSION) {
      throw LakeException.corrupt(
          where
              + ": format_version is "
              + (manifest == null ? "missing" : manifest.formatVersion)
              + "; this Tidegate reads versions "
              + SORT_KEY_ONLY_VERSION
              + " and "
              + FORMAT_VERSION);
    }
    if (!manifest.contentSha256.equals(contentSha256(manifest.schema, manifest.files))
        || manifest.rows != manifest.files.stream().mapToLong(DataFile::rows).sum()
        || manifest.bytes != manifest.files.stream().mapToLong(DataFile::bytes).sum()) {
      throw LakeException.corrupt(
          where + " was changed: its sums and content_sha256 do not follow from its files");
    }
    if (changed) {
      throw LakeException.corrupt(where + " was changed: its " + OWN_SHA256 + " is another");
    }
    return manifest;
  }
}
