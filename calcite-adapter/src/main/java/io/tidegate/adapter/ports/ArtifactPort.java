package io.tidegate.adapter.ports;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps results for good: rows in the lake, and beside them what they are, where they come from and
 * what became of them.
 */
public interface ArtifactPort {

  /**
   * What publishing did.
   *
   * @param artifact the new one, or the one that was there
   * @param wasThere whether an artifact of this type and key with equal content was there, so that
   *     nothing was written
   */
  record Published(Artifact artifact, boolean wasThere) {}

  /** Publishes an artifact: all of it is there when the call returns, or after an error nothing. */
  Published publish(NewArtifact artifact);

  Optional<Artifact> get(UUID id);

  /** The newest active artifact of a type, in any version of its columns, and key. */
  Optional<Artifact> latest(String type, String logicalKey);

  /** The newest first. */
  List<Artifact> find(ArtifactQuery query);

  /**
   * The rows of an artifact, in the order of its type.
   *
   * @param maxRows a larger artifact is refused
   */
  RowSet rows(UUID id, int maxRows);

  /** Adds tags; a tag that is there gets the new value. */
  void tag(UUID id, Map<String, String> tags);

  /** Says that an active artifact takes the place of another active one of its type. */
  void supersede(UUID newer, UUID older);

  /** Takes an artifact back. */
  void withdraw(UUID id);

  /** The artifacts that this one was made from. */
  Set<UUID> inputs(UUID id);

  /** The artifacts that were made from this one. */
  Set<UUID> outputs(UUID id);
}
