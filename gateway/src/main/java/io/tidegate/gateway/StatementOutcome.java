package io.tidegate.gateway;

import java.util.Optional;

/**
 * How one statement of a script went.
 *
 * @param file the script it is from
 * @param step what was executed
 * @param rows rows that it gave or changed
 * @param nanos how long it took
 * @param error why it failed
 */
record StatementOutcome(
    String file, ScriptStep step, long rows, long nanos, Optional<SqlError> error) {}
