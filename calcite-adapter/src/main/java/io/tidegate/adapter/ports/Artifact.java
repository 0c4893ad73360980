package io.tidegate.adapter.ports;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A published artifact. Its rows never change.
 *
 * @param id also the run id of its rows in the lake
 * @param table the lake table of its type
 * @param contentSha256 of its rows, without any clock: equal for equal content
 * @param engines what wrote it, with versions
 */
public record Artifact(
    UUID id,
    String type,
    int schemaVersion,
    String logicalKey,
    Status status,
    String table,
    String contentSha256,
    long rows,
    long bytes,
    Instant createdAt,
    String writer,
    Map<String, String> parameters,
    Map<String, String> tags,
    Map<String, String> engines) {

  /** Whether it is to be used. */
  public enum Status {
    ACTIVE,
    /** Another artifact took its place. */
    SUPERSEDED,
    /** It was taken back. Its rows stay in the lake, its entry too. */
    WITHDRAWN
  }
}
