package io.tidegate.adapter.catalog;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One mapping of a catalog: keys to texts or to further mappings, with its place for messages.
 *
 * <p>It is read token by token rather than into objects, because YAML guesses types: a password
 * {@code 0123} would be the number 83. Here every scalar stays the text it was.
 */
final class CatalogSection {
  private static final YAMLFactory YAML =
      YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path file;
  private final String prefix;
  private final Map<String, Object> entries;
  private final Variables variables;

  private CatalogSection(
      Path file, String prefix, Map<String, Object> entries, Variables variables) {
    this.file = file;
    this.prefix = prefix;
    this.entries = entries;
    this.variables = variables;
  }

  /** Reads a whole file, which must be one mapping. */
  static CatalogSection read(Path file, Map<String, String> environment) throws CatalogException {
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        JsonParser parser = YAML.createParser(reader)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new CatalogException(file + ": a catalog is a YAML mapping that begins with 'lake:'");
      }
      Map<String, Object> entries = mapping(parser, file, "");
      if (parser.nextToken() != null) {
        throw new CatalogException(file + ": a catalog is one YAML document, this is a second");
      }
      return new CatalogSection(file, "", entries, new Variables(environment));
    } catch (NoSuchFileException e) {
      throw new CatalogException("No such catalog: " + file, e);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      String reason = e.getOriginalMessage().lines().findFirst().orElse("malformed").strip();
      throw new CatalogException(
          file + (line > 0 ? ", line " + line : "") + ": not valid YAML: " + reason, e);
    } catch (IOException e) {
      throw new CatalogException("Cannot read catalog " + file + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> mapping(JsonParser parser, Path file, String prefix)
      throws IOException, CatalogException {
    Map<String, Object> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT) {
        entries.put(key, mapping(parser, file, prefix + key + "."));
      } else if (token == JsonToken.START_ARRAY) {
        throw new CatalogException(file + ": key '" + prefix + key + "' cannot be a list");
      } else if (token == JsonToken.VALUE_NULL) {
        throw new CatalogException(file + ": key '" + prefix + key + "' has no value");
      } else {
        entries.put(key, parser.getText());
      }
    }
    return entries;
  }

  /** Refuses every key but these. */
  void allow(String... known) throws CatalogException {
    List<String> allowed = List.of(known);
    for (String key : entries.keySet()) {
      if (!allowed.contains(key)) {
        throw error(
            "unknown key '" + prefix + key + "' (known: " + String.join(", ", allowed) + ")");
      }
    }
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  Set<String> keys() {
    return entries.keySet();
  }

  CatalogSection section(String key) throws CatalogException {
    return optionalSection(key).orElseThrow(() -> error("missing key '" + prefix + key + "'"));
  }

  CatalogSection sectionOrEmpty(String key) throws CatalogException {
    return optionalSection(key)
        .orElseGet(() -> new CatalogSection(file, prefix + key + ".", Map.of(), variables));
  }

  Optional<CatalogSection> optionalSection(String key) throws CatalogException {
    Object entry = entries.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    if (!(entry instanceof Map<?, ?> mapping)) {
      throw error("key '" + prefix + key + "' must be a mapping but is '" + entry + "'");
    }
    Map<String, Object> nested = new LinkedHashMap<>();
    mapping.forEach((name, value) -> nested.put((String) name, value));
    return Optional.of(new CatalogSection(file, prefix + key + ".", nested, variables));
  }

  CatalogValue required(String key) throws CatalogException {
    if (!has(key)) {
      throw error("missing key '" + prefix + key + "'");
    }
    return value(key, "");
  }

  /** The value of a key, or of {@code absent} when the file does not have it. */
  CatalogValue value(String key, String absent) throws CatalogException {
    Object entry = entries.getOrDefault(key, absent);
    if (!(entry instanceof String text)) {
      throw error("key '" + prefix + key + "' must be a value but is a mapping");
    }
    return CatalogValue.of(this, prefix + key, text, variables);
  }

  CatalogException error(String message) {
    return new CatalogException(file + ": " + message);
  }
}
