package io.tidegate.adapter.store;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexOver;

/**
 * One line of a store's {@link PushDownList}: a construct that the store runs with Tidegate's
 * meaning, how it is spelled there, and what proves it.
 *
 * @param <T> how the construct stands in a plan: {@link RexCall}, {@link Aggregated}, {@link
 *     Windowed}, {@link RelNode}, or a field's position in a ROW
 * @param construct its SQL name
 * @param operands for which operands, in words
 * @param spelling the store's spelling, in which {0} is the first operand and {*} all of them
 * @param proof {@code file/section}: the section of a conformance file whose answers the store has
 *     to give
 * @param raises whether the store's spelling fails for some values, as a division does; then it may
 *     not stand where the store might compute it for a row that a condition excludes
 */
public record PushDownEntry<T>(
    Section section,
    String construct,
    String operands,
    String spelling,
    String proof,
    boolean raises,
    Predicate<T> applies,
    Spelling<T> speller) {

  /** The kinds of constructs, in the order of the documentation. */
  public enum Section {
    OPERATOR("Operators and functions"),
    AGGREGATE("Aggregate functions"),
    WINDOW("Window functions"),
    RELATION("Relational operators");

    private final String title;

    Section(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  /** Spells a construct over operands that are printed and safe to repeat. */
  @FunctionalInterface
  public interface Spelling<T> {
    /**
     * Spells the construct.
     *
     * @throws NotSupported if the store cannot run it after all
     */
    String spell(T construct, List<String> operands);
  }

  /**
   * An aggregate call with what it needs from its place.
   *
   * @param order the printed ORDER BY items of WITHIN GROUP; mostly none
   * @param filter null or a printed condition
   */
  public record Aggregated(
      AggregateCall call, List<RelDataType> types, List<String> order, String filter) {
    /** The ORDER BY clause, with a space before it; empty if there is none. */
    public String orderBy() {
      return order.isEmpty() ? "" : " ORDER BY " + String.join(", ", order);
    }

    /** DISTINCT with a space behind it, or nothing. */
    public String distinct() {
      return call.isDistinct() ? "DISTINCT " : "";
    }

    /** The FILTER clause, with a space before it; empty if there is none. */
    public String tail() {
      return filter == null ? "" : " FILTER (WHERE " + filter + ")";
    }

    /** The type of the first operand. */
    public RelDataType type() {
      return types.get(0);
    }
  }

  /**
   * A window call.
   *
   * @param clause the printed OVER clause, with a space before it
   */
  public record Windowed(RexOver over, String clause) {}

  public PushDownEntry {
    requireNonNull(section, "section");
    requireNonNull(proof, "proof");
  }

  String spell(T use, List<String> printed) {
    return speller.spell(use, printed);
  }

  /** Fills a spelling's places with the operands. */
  static String fill(String spelling, List<String> printed) {
    String text = spelling;
    if (text.contains("{*}")) {
      text = text.replace("{*}", String.join(", ", printed));
    } else if (printed.size() == 1) {
      return text.replace("{0}", printed.get(0));
    } else {
      // From left to right and once: an operand may contain what looks like a place.
      StringBuilder filled = new StringBuilder();
      for (int at = 0; at < text.length(); ) {
        if (text.charAt(at) == '{' && at + 2 < text.length() && text.charAt(at + 2) == '}') {
          filled.append(printed.get(text.charAt(at + 1) - '0'));
          at += 3;
        } else {
          filled.append(text.charAt(at++));
        }
      }
      text = filled.toString();
    }
    return text;
  }

  @Override
  public String toString() {
    return construct + (operands.isEmpty() ? "" : " of " + operands.toLowerCase(Locale.ROOT));
  }
}
