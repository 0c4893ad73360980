package io.tidegate.adapter.ports;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** One step of {@link StatePort#transaction}. */
public sealed interface StateOperation {
  StateKey key();

  /** Reads a value, as the steps before have left it. */
  record Get(StateKey key) implements StateOperation {
    public Get {
      requireNonNull(key, "key");
    }
  }

  /** Sets a value. */
  record Set(StateKey key, StateValue value, Optional<Duration> timeToLive)
      implements StateOperation {
    public Set {
      requireNonNull(key, "key");
      requireNonNull(value, "value");
      if (timeToLive.isPresent() && (timeToLive.get().isNegative() || timeToLive.get().isZero())) {
        throw new IllegalArgumentException(
            "A time to live must be more than zero but was " + timeToLive.get());
      }
    }

    public Set(StateKey key, StateValue value) {
      this(key, value, Optional.empty());
    }
  }

  /** Deletes a value, if it is there. */
  record Delete(StateKey key) implements StateOperation {
    public Delete {
      requireNonNull(key, "key");
    }
  }

  /** Goes on only if the value has this version, or if there is none when the version is empty. */
  record Expect(StateKey key, OptionalLong version) implements StateOperation {
    public Expect {
      requireNonNull(key, "key");
      requireNonNull(version, "version");
    }
  }
}
