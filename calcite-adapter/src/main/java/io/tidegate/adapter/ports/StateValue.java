package io.tidegate.adapter.ports;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;

/** A value with its type: what comes back is what went in, so the text "123" stays a text. */
public sealed interface StateValue {

  /** Any text, the empty one too. */
  record Text(String text) implements StateValue {
    public Text {
      requireNonNull(text, "text");
    }
  }

  /** A whole number. */
  record Whole(long number) implements StateValue {}

  /** A decimal number, which keeps its scale. */
  record Exact(BigDecimal number) implements StateValue {
    public Exact {
      requireNonNull(number, "number");
    }
  }

  /** A binary number; NaN and the infinities are numbers too. */
  record Real(double number) implements StateValue {}

  /** True or false. */
  record Flag(boolean set) implements StateValue {}

  /** A JSON text, checked to be one when it is stored and given back as it was. */
  record Json(String json) implements StateValue {
    public Json {
      requireNonNull(json, "json");
    }
  }
}
