package io.tidegate.adapter.ports;

import static java.util.Objects.requireNonNull;

/**
 * The name of a value.
 *
 * @param namespace keeps the keys of one use apart from those of another
 * @param key any text but the empty one, compared exactly
 */
public record StateKey(String namespace, String key) {
  /** The namespace of keys that name none. */
  public static final String DEFAULT_NAMESPACE = "default";

  public StateKey {
    requireNonNull(namespace, "namespace");
    requireNonNull(key, "key");
    if (namespace.isEmpty() || key.isEmpty()) {
      throw new IllegalArgumentException("A state key needs a namespace and a key");
    }
  }

  public static StateKey of(String key) {
    return new StateKey(DEFAULT_NAMESPACE, key);
  }
}
