package io.tidegate.adapter.sql;

import io.tidegate.adapter.arrow.ArrowExecution;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The statements that run on an open catalog now, over all its connections. */
final class StatementRegistry {

  /** A running statement and when it began. */
  record Running(ArrowExecution execution, Instant startedAt) {}

  private final Map<String, Running> running = new ConcurrentHashMap<>();

  /** Lists a statement until its execution is closed. */
  void add(ArrowExecution execution) {
    running.put(execution.id(), new Running(execution, Instant.now()));
    execution.hold(() -> running.remove(execution.id()));
  }

  /** The running statements, oldest first. */
  List<Running> list() {
    return running.values().stream().sorted(Comparator.comparing(Running::startedAt)).toList();
  }

  Optional<ArrowExecution> find(String id) {
    return Optional.ofNullable(running.get(id)).map(Running::execution);
  }
}
