package io.tidegate.adapter.arrow;

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
    } else if (this instanceof TableFunctionCall call) {
      text.append("Tidegate: ").append(call.call()).append('\n');
      call.input().explain(text, indent + "  ", null);
    } else if (this instanceof Produced produced) {
      text.append("Tidegate: ").append(produced.call()).append('\n');
    }
  }
}
