package io.tidegate.adapter.ports;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What {@link ArtifactPort#publish} is given.
 *
 * @param logicalKey what the artifact is about; artifacts with one key are versions of one thing
 * @param inputs the artifacts that it was made from; all must be there
 * @param tags names and values to find it by
 * @param parameters what it was made with, kept as given
 * @param writer who made it, with its version, such as {@code sweep 1.4}
 */
public record NewArtifact(
    ArtifactType type,
    String logicalKey,
    ArtifactContent content,
    Set<UUID> inputs,
    Map<String, String> tags,
    Map<String, String> parameters,
    String writer) {
  public NewArtifact {
    requireNonNull(type, "type");
    requireNonNull(logicalKey, "logicalKey");
    requireNonNull(content, "content");
    inputs = new LinkedHashSet<>(inputs);
    tags = new TreeMap<>(tags);
    parameters = new TreeMap<>(parameters);
    requireNonNull(writer, "writer");
  }

  /** An artifact without inputs, tags and parameters. */
  public static NewArtifact of(
      ArtifactType type, String logicalKey, ArtifactContent content, String writer) {
    return new NewArtifact(type, logicalKey, content, Set.of(), Map.of(), Map.of(), writer);
  }

  /** The same with inputs. */
  public NewArtifact from(UUID... artifacts) {
    return new NewArtifact(type, logicalKey, content, Set.of(artifacts), tags, parameters, writer);
  }

  /** The same with tags. */
  public NewArtifact tagged(Map<String, String> newTags) {
    return new NewArtifact(type, logicalKey, content, inputs, newTags, parameters, writer);
  }

  /** The same with parameters. */
  public NewArtifact with(Map<String, String> newParameters) {
    return new NewArtifact(type, logicalKey, content, inputs, tags, newParameters, writer);
  }
}
