package io.tidegate.adapter.lake;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.Optional;

/**
 * A lake that lives as long as its process, for tables that one job makes and drops again. It is a
 * claim in the staging of the lake that it belongs to: no reader sees it, and what a killed process
 * leaves is swept at the next start.
 *
 * <p>Made when it is first needed. Thread-safe.
 */
public final class ScratchLake implements AutoCloseable {
  private final Lake owner;
  private StagingArea.Claim claim;
  private Lake lake;

  public ScratchLake(Lake owner) {
    this.owner = requireNonNull(owner, "owner");
  }

  /** The lake, if it was needed before. */
  public synchronized Optional<Lake> existing() {
    return Optional.ofNullable(lake);
  }

  /** The lake, made now if it is not there yet. */
  public synchronized Lake lake() throws LakeException {
    if (lake == null) {
      try {
        claim = owner.staging().claim("scratch");
      } catch (IOException e) {
        throw LakeException.io("Cannot make a scratch directory in " + owner.root(), e);
      }
      lake = Lake.openShortLived(claim.directory());
    }
    return lake;
  }

  @Override
  public synchronized void close() throws IOException {
    if (claim != null) {
      claim.close();
      claim = null;
      lake = null;
    }
  }
}
