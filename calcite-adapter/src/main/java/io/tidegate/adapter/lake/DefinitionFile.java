package io.tidegate.adapter.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * {@code _table.json}: a {@link LakeTableDefinition} on disk.
 *
 * <pre>{@code
 * {"format_version": 1,
 *  "columns": [{"name": "mint", "type": "VARCHAR", "nullable": false}],
 *  "partitioned_by": [{"function": "mint_bucket", "column": "mint", "key": "mint_bucket"}],
 *  "sorted_by": ["mint"],
 *  "codec": "zstd"}
 * }</pre>
 *
 * <p>Functions are {@code identity}, {@code mint_bucket}, {@code floor} (with {@code unit}) and
 * {@code floor_to_interval} (with {@code seconds}). Anything unknown is an error: a key that an
 * older version does not understand may change what the rows mean.
 */
final class DefinitionFile {
  static final String NAME = "_table.json";
  private static final int FORMAT_VERSION = 1;

  private DefinitionFile() {}

  static byte[] write(LakeTableDefinition definition) {
    ObjectNode root = LakeJson.MAPPER.createObjectNode();
    root.put("format_version", FORMAT_VERSION);
    ArrayNode columns = root.putArray("columns");
    for (LakeColumn column : definition.columns()) {
      columns
          .addObject()
          .put("name", column.name())
          .put("type", column.type().sql())
          .put("nullable", column.nullable());
    }
    ArrayNode partitions = root.putArray("partitioned_by");
    definition.partitionedBy().forEach(expression -> write(expression, partitions.addObject()));
    ArrayNode sorted = root.putArray("sorted_by");
    definition.sortedBy().forEach(sorted::add);
    root.put("codec", definition.codec().text());
    try {
      return LakeJson.MAPPER.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is JSON", e);
    }
  }

  private static void write(PartitionExpression expression, ObjectNode node) {
    if (expression instanceof PartitionExpression.Identity) {
      node.put("function", PartitionExpression.Identity.FUNCTION);
      node.put("column", expression.column());
      return;
    }
    if (expression instanceof PartitionExpression.Bucket) {
      node.put("function", PartitionExpression.Bucket.FUNCTION);
    } else if (expression instanceof PartitionExpression.Floor floor) {
      node.put("function", PartitionExpression.Floor.FUNCTION).put("unit", floor.unit().name());
    } else if (expression instanceof PartitionExpression.FloorToInterval floor) {
      node.put("function", PartitionExpression.FloorToInterval.FUNCTION);
      node.put("seconds", floor.seconds());
    }
    node.put("column", expression.column()).put("key", expression.key());
  }

  /** Reads a definition; {@code where} names the file in errors. */
  static LakeTableDefinition read(byte[] json, String where) throws LakeException {
    JsonNode root;
    try {
      root = LakeJson.MAPPER.readTree(json);
    } catch (IOException e) {
      throw LakeException.corrupt(where + " is not JSON", shortened(e));
    }
    try {
      return read(root);
    } catch (LakeException e) {
      throw LakeException.corrupt(where, e);
    }
  }

  /** Jackson says on further lines where the text was; one line is enough. */
  static Exception shortened(IOException e) {
    return e instanceof JsonProcessingException json
        ? new IOException(
            json.getOriginalMessage()
                + (json.getLocation() == null
                    ? ""
                    : " at line "
                        + json.getLocation().getLineNr()
                        + ", column "
                        + json.getLocation().getColumnNr()))
        : e;
  }

  private static LakeTableDefinition read(JsonNode root) throws LakeException {
    if (root.isObject() && root.path("format_version").asInt(0) != FORMAT_VERSION) {
      throw LakeException.corrupt(
          "format_version is "
              + root.path("format_version")
              + "; this Tidegate reads version "
              + FORMAT_VERSION);
    }
    keys(root, Set.of("format_version", "columns", "partitioned_by", "sorted_by", "codec"));
    List<LakeColumn> columns = new ArrayList<>();
    for (JsonNode column : array(root, "columns")) {
      keys(column, Set.of("name", "type", "nullable"));
      if (!column.path("nullable").isBoolean()) {
        throw LakeException.corrupt("'nullable' must be true or false in " + column);
      }
      columns.add(
          new LakeColumn(
              text(column, "name"),
              LakeType.parse(text(column, "type")),
              column.get("nullable").booleanValue()));
    }
    List<PartitionExpression> partitions = new ArrayList<>();
    for (JsonNode expression : array(root, "partitioned_by")) {
      partitions.add(expression(expression));
    }
    List<String> sorted = new ArrayList<>();
    for (JsonNode name : array(root, "sorted_by")) {
      if (!name.isTextual()) {
        throw LakeException.corrupt("'sorted_by' takes column names but has " + name);
      }
      sorted.add(name.textValue());
    }
    LakeTableDefinition definition =
        new LakeTableDefinition(columns, partitions, sorted, LakeCodec.parse(text(root, "codec")));
    definition.check();
    return definition;
  }

  private static PartitionExpression expression(JsonNode node) throws LakeException {
    String function = text(node, "function");
    switch (function) {
      case PartitionExpression.Identity.FUNCTION -> {
        keys(node, Set.of("function", "column"));
        return PartitionExpression.identity(text(node, "column"));
      }
      case PartitionExpression.Bucket.FUNCTION -> {
        keys(node, Set.of("function", "column", "key"));
        return new PartitionExpression.Bucket(text(node, "column"), text(node, "key"));
      }
      case PartitionExpression.Floor.FUNCTION -> {
        keys(node, Set.of("function", "column", "key", "unit"));
        return new PartitionExpression.Floor(
            text(node, "column"), unit(text(node, "unit")), text(node, "key"));
      }
      case PartitionExpression.FloorToInterval.FUNCTION -> {
        keys(node, Set.of("function", "column", "key", "seconds"));
        if (!node.path("seconds").canConvertToLong() || !node.path("seconds").isIntegralNumber()) {
          throw LakeException.corrupt("'seconds' must be a whole number in " + node);
        }
        return new PartitionExpression.FloorToInterval(
            text(node, "column"), node.get("seconds").longValue(), text(node, "key"));
      }
      default ->
          throw LakeException.corrupt(
              "unknown partition function '"
                  + function
                  + "'; known are identity, mint_bucket, floor and floor_to_interval");
    }
  }

  private static PartitionExpression.FloorUnit unit(String text) throws LakeException {
    for (PartitionExpression.FloorUnit unit : PartitionExpression.FloorUnit.values()) {
      if (unit.name().equals(text)) {
        return unit;
      }
    }
    throw LakeException.corrupt("'unit' must be YEAR, MONTH, DAY or HOUR but is '" + text + "'");
  }

  private static void keys(JsonNode node, Set<String> known) throws LakeException {
    if (!node.isObject()) {
      throw LakeException.corrupt("an object was expected but " + node + " is there");
    }
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw LakeException.corrupt("unknown key '" + name + "'");
      }
    }
  }

  private static JsonNode array(JsonNode node, String key) throws LakeException {
    if (!node.path(key).isArray()) {
      throw LakeException.corrupt("'" + key + "' must be a list");
    }
    return node.get(key);
  }

  private static String text(JsonNode node, String key) throws LakeException {
    if (!node.path(key).isTextual()) {
      throw LakeException.corrupt("'" + key + "' must be a text in " + node);
    }
    return node.get(key).textValue();
  }
}
