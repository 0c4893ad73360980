package io.tidegate.adapter.arrow;

import java.util.List;
import java.util.Map;

/**
 * What a statement runs: a tree of engine queries and table functions joined by Arrow streams. It
 * is made from the plan when the parameters are known, so it holds the exact SQL that each engine
 * gets.
 */
public sealed interface ArrowSource {

  /** One query of one engine, which may read other sources under the names given. */
  record EngineQuery(ArrowClient engine, String sql, Map<String, ArrowSource> inputs)
      implements ArrowSource {
    public EngineQuery {
      inputs = Map.copyOf(inputs);
    }
  }

  /**
   * A query that is given the keys it has to find rows for, as a relation named {@link #KEYS}. If
   * there turn out to be too many, it runs without them: its rows are joined with the keys anyway,
   * so keys only save sending rows.
   *
   * @param keys the query for the keys, run first
   * @param keyTypes the engine's names of the keys' types
   * @param query the query that reads the keys
   * @param whole the same query without them
   */
  record KeyedQuery(
      KeyedClient engine,
      EngineQuery keys,
      List<String> keyTypes,
      EngineQuery query,
      EngineQuery whole)
      implements ArrowSource {
    /** The name under which the query reads the keys. */
    public static final String KEYS = "tidegate_keys";

    public KeyedQuery {
      keyTypes = List.copyOf(keyTypes);
    }
  }

  /** A table function over the batches of its input. */
  record TableFunctionCall(String call, ArrowTableFunction function, ArrowSource input)
      implements ArrowSource {}

  /** Rows that Tidegate reads itself. */
  record Produced(String call, ArrowProducer producer) implements ArrowSource {}

  /** The tree as EXPLAIN prints it, one engine query or function a line, inputs indented. */
  default String explain() {
    StringBuilder text = new StringBuilder();
    explain(text, "", null);
    return text.toString();
  }

  private void explain(StringBuilder text, String indent, String name) {
    text.append(indent).append(name == null ? "" : name + " <- ");
    if (this instanceof EngineQuery query) {
      text.append(query.engine().name()).append(": ").append(query.sql()).append('\n');
      query.inputs().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(input -> input.getValue().explain(text, indent + "  ", input.getKey()));
    } else if (this instanceof KeyedQuery keyed) {
      text.append(keyed.query.engine().name()).append(": ").append(keyed.query.sql()).append('\n');
      ArrowSource keys = keyed.keys;
      keys.explain(text, indent + "  ", KeyedQuery.KEYS + ", at most " + KeyRows.MOST + " or none");
    } else if (this instanceof TableFunctionCall call) {
      text.append("Tidegate: ").append(call.call()).append('\n');
      call.input().explain(text, indent + "  ", null);
    } else if (this instanceof Produced produced) {
      text.append("Tidegate: ").append(produced.call()).append('\n');
    }
  }
}
