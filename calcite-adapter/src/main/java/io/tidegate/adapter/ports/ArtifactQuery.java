package io.tidegate.adapter.ports;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Which artifacts {@link ArtifactPort#find} gives: those that meet all that is given.
 *
 * @param tags all of these, with these values
 * @param createdFrom the first moment
 * @param createdTo the first moment behind
 * @param limit how many at most, the newest first; 1 or more
 */
public record ArtifactQuery(
    Optional<String> type,
    Optional<String> logicalKey,
    Optional<Artifact.Status> status,
    Map<String, String> tags,
    Optional<Instant> createdFrom,
    Optional<Instant> createdTo,
    int limit) {
  public ArtifactQuery {
    requireNonNull(type, "type");
    requireNonNull(logicalKey, "logicalKey");
    requireNonNull(status, "status");
    tags = Map.copyOf(tags);
    requireNonNull(createdFrom, "createdFrom");
    requireNonNull(createdTo, "createdTo");
    if (limit < 1) {
      throw new IllegalArgumentException("A limit must be 1 or more but was " + limit);
    }
  }

  /** The newest active artifacts of a type. */
  public static ArtifactQuery activeOf(String type, int limit) {
    return new ArtifactQuery(
        Optional.of(type),
        Optional.empty(),
        Optional.of(Artifact.Status.ACTIVE),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        limit);
  }

  /** The same with tags. */
  public ArtifactQuery tagged(Map<String, String> newTags) {
    return new ArtifactQuery(type, logicalKey, status, newTags, createdFrom, createdTo, limit);
  }
}
