package io.tidegate.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The part of a market_data.yaml that a backfill depends on: its markets. They must be the markets
 * that {@link ExchangeMarket} knows; other sections are not read.
 */
final class MarketConfig {
  private MarketConfig() {}

  /** Refuses a market that the file does not have, or has as another one. */
  static void check(Path file, ExchangeMarket wanted) {
    JsonNode markets = required(required(read(file), "market_data"), "markets");
    if (!markets.isArray()) {
      throw expected("list", "market_data.markets", markets);
    }
    Set<Integer> ids = new HashSet<>();
    boolean found = false;
    for (JsonNode market : markets) {
      int id = number(market, "market_id");
      if (!ids.add(id)) {
        throw new IllegalArgumentException("duplicate market_id in config: [" + id + "]");
      }
      String exchange = text(market, "exchange");
      String type = text(market, "market_type");
      text(market, "market_code");
      if (id == wanted.id()) {
        found = true;
        if (!wanted
            .instrumentKey("")
            .equals((exchange + ":" + type + ":").toLowerCase(Locale.ROOT))) {
          throw new IllegalArgumentException(
              "market_id "
                  + id
                  + " is "
                  + wanted.instrumentKey("X").replace(":X", "")
                  + ", but "
                  + file
                  + " says "
                  + exchange
                  + ":"
                  + type);
        }
      }
    }
    if (!found) {
      throw new IllegalArgumentException("market_id not found in config: " + wanted.id());
    }
  }

  private static JsonNode read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("market_data config not found: " + file);
    }
    try {
      JsonNode root = new ObjectMapper(new YAMLFactory()).readTree(file.toFile());
      if (root == null || !root.isObject()) {
        throw new IllegalArgumentException("the top level of " + file + " must be a mapping");
      }
      required(root, "version");
      return root;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          file + " is no YAML: " + e.getOriginalMessage().lines().findFirst().orElse(""), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static JsonNode required(JsonNode parent, String key) {
    JsonNode value = parent.get(key);
    if (value == null || value.isNull()) {
      throw new IllegalArgumentException("missing required key: " + key);
    }
    return value;
  }

  private static int number(JsonNode parent, String key) {
    JsonNode value = required(parent, key);
    if (!value.isInt()) {
      throw expected("int", key, value);
    }
    return value.intValue();
  }

  private static String text(JsonNode parent, String key) {
    JsonNode value = required(parent, key);
    if (!value.isTextual()) {
      throw expected("str", key, value);
    }
    if (value.textValue().isBlank()) {
      throw new IllegalArgumentException("key '" + key + "' must be non-empty");
    }
    return value.textValue().strip();
  }

  private static IllegalArgumentException expected(String type, String key, JsonNode met) {
    return new IllegalArgumentException(
        "expected "
            + type
            + " at key '"
            + key
            + "', got "
            + met.getNodeType().toString().toLowerCase(Locale.ROOT));
  }
}
