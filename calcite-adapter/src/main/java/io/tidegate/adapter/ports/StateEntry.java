package io.tidegate.adapter.ports;

import java.time.Instant;
import java.util.Optional;

/**
 * A value that is there.
 *
 * @param version 1 for a new value, one more each time it is set; begins anew after a deletion
 * @param expiresAt when it will no longer be there
 */
public record StateEntry(
    StateKey key, StateValue value, long version, Optional<Instant> expiresAt) {}
