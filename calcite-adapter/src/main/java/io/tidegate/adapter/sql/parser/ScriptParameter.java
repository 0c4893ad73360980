package io.tidegate.adapter.sql.parser;

import static java.util.Objects.requireNonNull;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One declared parameter of a script.
 *
 * @param name as declared; matched without regard to case
 * @param type what its value must be
 * @param defaultValue the value when none is given, already without quotes; null when one must be
 *     given
 * @param description what follows the colon, or empty
 * @param line the line of the script that declares it, from 1
 */
public record ScriptParameter(
    String name,
    ScriptParameterType type,
    @Nullable String defaultValue,
    String description,
    int line) {
  public ScriptParameter {
    requireNonNull(name, "name");
    requireNonNull(type, "type");
    requireNonNull(description, "description");
  }

  public boolean isRequired() {
    return defaultValue == null;
  }
}
