package io.tidegate.adapter.ports;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Keeps small values by key: cursors, settings, the state of a job. A value that was set is on the
 * disk when the call returns.
 */
public interface StatePort {

  /** The value, or empty if there is none or its time is over. */
  Optional<StateEntry> get(StateKey key);

  /** Sets a value that stays; returns its version. */
  long set(StateKey key, StateValue value);

  /** Sets a value that is gone after a while; returns its version. */
  long set(StateKey key, StateValue value, Duration timeToLive);

  /** Deletes a value; says whether there was one. */
  boolean delete(StateKey key);

  /**
   * The values of a namespace whose keys begin with a prefix, by key.
   *
   * @param prefix compared as text; empty for all
   * @param limit how many at most; 1 or more
   */
  List<StateEntry> list(String namespace, String prefix, int limit);

  /**
   * Does all steps or none, with nobody writing in between. An {@link StateOperation.Expect} that
   * is not met fails the whole with {@link PortException.Code#CONFLICT}.
   *
   * @return for each step the value as it is after it; empty if there is none
   */
  List<Optional<StateEntry>> transaction(List<StateOperation> steps);

  /** Removes the values whose time is over, which no call shows any more; returns how many. */
  long removeExpired();
}
