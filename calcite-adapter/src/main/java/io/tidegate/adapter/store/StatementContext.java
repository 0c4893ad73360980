package io.tidegate.adapter.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;

/**
 * What a plan's text depends on beside the plan: the parameter values, and which lake runs are
 * live. One statement prints all its texts with one context, so that it sees one state of the lake.
 *
 * <p>Parameter values become literals of the parameter's declared type when the statement starts,
 * by the same quoting function as every literal. So there is one tested way for a value to reach an
 * engine, and a parameter prunes lake files as a literal does.
 */
public final class StatementContext {
  private final RexBuilder rexBuilder;
  private final Function<Integer, Object> parameterValues;
  private final List<AutoCloseable> held = new ArrayList<>();
  private final Map<Object, Object> once = new HashMap<>();
  private final Set<String> notes = new LinkedHashSet<>();

  private StatementContext(RexBuilder rexBuilder, Function<Integer, Object> parameterValues) {
    this.rexBuilder = rexBuilder;
    this.parameterValues = parameterValues;
  }

  /** For a statement that starts: values by parameter index. */
  public static StatementContext running(
      RexBuilder rexBuilder, Function<Integer, Object> parameterValues) {
    return new StatementContext(rexBuilder, parameterValues);
  }

  /**
   * For EXPLAIN and for trying whether a store can run something: parameters print as {@code ?}.
   */
  public static StatementContext explaining(RexBuilder rexBuilder) {
    return new StatementContext(rexBuilder, null);
  }

  public RexBuilder rexBuilder() {
    return rexBuilder;
  }

  public boolean isRunning() {
    return parameterValues != null;
  }

  /** The value of a parameter as a literal of its declared type; only while running. */
  public RexLiteral parameterLiteral(RexDynamicParam parameter) {
    return ParameterLiterals.of(
        rexBuilder,
        parameterValues.apply(parameter.getIndex()),
        parameter.getType(),
        parameter.getIndex());
  }

  String parameter(RexDynamicParam parameter, StoreDialect dialect) {
    return isRunning()
        ? dialect.literal(parameterLiteral(parameter))
        : dialect.carry("?" + parameter.getIndex(), parameter.getType());
  }

  /** Adds a line to what EXPLAIN shows. */
  public void note(String line) {
    notes.add(line);
  }

  /** What was noted while the plan was printed, each once. */
  public Set<String> notes() {
    return notes;
  }

  /** A value that a statement has once, such as the live runs of a lake table. */
  @SuppressWarnings("unchecked")
  public <T> T once(Object key, Supplier<T> value) {
    Object known = once.get(key);
    if (known == null) {
      known = value.get();
      once.put(key, known);
    }
    return (T) known;
  }

  /** Keeps a resource, such as a lease on lake runs, until the statement ends. */
  public void hold(AutoCloseable resource) {
    held.add(resource);
  }

  /** Hands over what is held; the caller closes it. */
  public List<AutoCloseable> held() {
    return List.copyOf(held);
  }
}
