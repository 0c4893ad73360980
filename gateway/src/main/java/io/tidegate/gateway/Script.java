package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A script that has been read.
 *
 * @param file its name, as it was given
 * @param steps its statements
 */
record Script(String file, List<ScriptStep> steps) {
  Script {
    requireNonNull(file, "file");
    steps = List.copyOf(steps);
  }
}
