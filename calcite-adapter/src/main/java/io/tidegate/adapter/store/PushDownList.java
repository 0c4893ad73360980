package io.tidegate.adapter.store;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.store.PushDownEntry.Aggregated;
import io.tidegate.adapter.store.PushDownEntry.Section;
import io.tidegate.adapter.store.PushDownEntry.Spelling;
import io.tidegate.adapter.store.PushDownEntry.Windowed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Collect;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlKind;

/**
 * What one store may be asked to run. The planner offers a construct to a store only if an entry
 * here matches it, and the store's SQL is spelled by that entry: nothing can be pushed that is not
 * on the list. Of several entries for one construct the first that matches holds.
 *
 * <p>Each entry names the section of a conformance file that proves it, and {@code
 * docs/pushdown.md} is generated from here; both are checked by tests.
 */
public final class PushDownList {
  private static final String FIELD = "field of a ROW";
  private static final String CORRELATE = "CORRELATE";

  private final List<PushDownEntry<?>> entries;
  private final Map<String, String> reasons;
  private final Map<String, List<PushDownEntry<?>>> byName = new LinkedHashMap<>();

  private PushDownList(List<PushDownEntry<?>> entries, Map<String, String> reasons) {
    this.entries = List.copyOf(entries);
    this.reasons = reasons;
    for (PushDownEntry<?> entry : entries) {
      byName
          .computeIfAbsent(key(entry.section(), entry.construct()), name -> new ArrayList<>())
          .add(entry);
    }
  }

  public List<PushDownEntry<?>> entries() {
    return entries;
  }

  /** Constructs that were considered and left out, with the reason. */
  public Map<String, String> reasons() {
    return reasons;
  }

  /** The entry that spells an operator or function call. */
  public PushDownEntry<RexCall> operator(RexCall call) {
    return find(Section.OPERATOR, name(call), call, () -> types(call.getOperands()));
  }

  /** Whether an entry spells an operator or function call. */
  boolean runs(RexCall call) {
    return byName.getOrDefault(key(Section.OPERATOR, name(call)), List.of()).stream()
        .anyMatch(entry -> matches(entry, call));
  }

  @SuppressWarnings("unchecked") // Entries for operators take calls.
  private static boolean matches(PushDownEntry<?> entry, RexCall call) {
    return ((PushDownEntry<RexCall>) entry).applies().test(call);
  }

  /** The entry that spells an aggregate call. */
  public PushDownEntry<Aggregated> aggregate(Aggregated use) {
    String name = name(use.call().getAggregation());
    return find(
        Section.AGGREGATE,
        use.call().isDistinct() ? name + " DISTINCT" : name,
        use,
        () ->
            use.types().stream().map(RelDataType::toString).collect(Collectors.joining(", "))
                + (use.order().isEmpty() ? "" : " ORDER BY"));
  }

  /** The entry that spells a window function. */
  public PushDownEntry<Windowed> window(Windowed use) {
    RexOver over = use.over();
    return find(
        Section.WINDOW, name(over), use, () -> types(over.getOperands()) + " in this frame");
  }

  /** The entry that spells a field of a ROW by its position, from 0. */
  public PushDownEntry<Integer> field(int position) {
    return find(Section.OPERATOR, FIELD, position, () -> "a ROW");
  }

  /** Whether the store can run a sub-query for each row of another. */
  boolean runsCorrelations() {
    return byName.containsKey(key(Section.RELATION, CORRELATE));
  }

  /** The entry that lets the store run a relational operator. */
  public PushDownEntry<RelNode> relation(RelNode rel) {
    return find(Section.RELATION, name(rel), rel, () -> "");
  }

  /** Whether the store's spelling of an expression may fail for some values. */
  boolean mayRaise(RexNode expression) {
    boolean[] raises = {false};
    expression.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitCall(RexCall call) {
            List<PushDownEntry<?>> named =
                byName.getOrDefault(key(Section.OPERATOR, name(call)), List.of());
            if (named.stream().anyMatch(PushDownEntry::raises)) {
              raises[0] |= operator(call).raises();
            }
            return super.visitCall(call);
          }
        });
    return raises[0];
  }

  @SuppressWarnings("unchecked") // A section's entries take what the section is looked up with.
  private <T> PushDownEntry<T> find(
      Section section, String name, T use, Supplier<String> operands) {
    for (PushDownEntry<?> entry : byName.getOrDefault(key(section, name), List.of())) {
      PushDownEntry<T> candidate = (PushDownEntry<T>) entry;
      if (candidate.applies().test(use)) {
        return candidate;
      }
    }
    String reason = reasons.get(name);
    throw new NotSupported(
        switch (section) {
              case OPERATOR -> name + " on " + operands.get();
              case AGGREGATE -> "aggregate " + name + "(" + operands.get() + ")";
              case WINDOW -> "window function " + name + "(" + operands.get() + ")";
              case RELATION -> reason == null ? name + " with these keys" : name;
            }
            + (reason == null ? "" : ": " + reason));
  }

  private static String key(Section section, String name) {
    return section + " " + name;
  }

  private static String types(List<RexNode> operands) {
    return operands.stream()
        .map(node -> node.getType().toString())
        .collect(Collectors.joining(", "));
  }

  /** An operator's one name here; arithmetic that checks for overflow is the only arithmetic. */
  static String name(RexCall call) {
    return switch (call.getKind()) {
      case PLUS, CHECKED_PLUS -> "+";
      case MINUS, CHECKED_MINUS -> "-";
      case TIMES, CHECKED_TIMES -> "*";
      case DIVIDE, CHECKED_DIVIDE -> "/";
      case MINUS_PREFIX, CHECKED_MINUS_PREFIX -> "unary -";
      case PLUS_PREFIX -> "unary +";
      case MOD -> "MOD";
      case SEARCH -> "IN";
      case IS_NULL, IS_UNKNOWN -> "IS NULL";
      case IS_NOT_NULL -> "IS NOT NULL";
      case CAST -> call.getOperands().size() == 1 ? "CAST" : "CAST with a FORMAT";
      default -> {
        if (StoreFunctions.isSentAs(call.getOperator())) {
          yield "$SENT_AS";
        }
        String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
        yield name.equals("CHARACTER_LENGTH") ? "CHAR_LENGTH" : name;
      }
    };
  }

  private static String name(SqlAggFunction function) {
    return function.getKind() == SqlKind.OTHER_FUNCTION
        ? function.getName().toUpperCase(Locale.ROOT)
        : function.getKind().name();
  }

  private static String name(RexOver over) {
    return name(over.getAggOperator())
        + (over.isDistinct() ? " DISTINCT" : "")
        + (over.ignoreNulls() ? " IGNORE NULLS" : "");
  }

  private static String name(RelNode rel) {
    if (rel instanceof Join join) {
      return join.getJoinType().name().replace('_', ' ') + " JOIN";
    }
    if (rel instanceof Uncollect) {
      return "UNNEST";
    }
    if (rel instanceof Collect) {
      return "ARRAY(query)";
    }
    // The step's reading of the step before is a part of it.
    if (rel instanceof RepeatUnion || rel instanceof TableScan) {
      return "WITH RECURSIVE";
    }
    if (rel instanceof Correlate) {
      return CORRELATE;
    }
    if (rel instanceof SetOp setOp) {
      return setOp.kind + (setOp.all ? " ALL" : "");
    }
    if (rel instanceof Aggregate aggregate) {
      return switch (aggregate.getGroupType()) {
        case SIMPLE -> "GROUP BY";
        default -> "GROUPING SETS";
      };
    }
    if (rel instanceof Sort sort) {
      return sort.getCollation().getFieldCollations().isEmpty() ? "LIMIT" : "ORDER BY";
    }
    return rel.getRelTypeName().replaceAll("^(Logical|Store)", "").toUpperCase(Locale.ROOT);
  }

  /** Collects a list, entry by entry. */
  public static final class Builder {
    private final List<PushDownEntry<?>> entries = new ArrayList<>();
    private final Map<String, String> reasons = new LinkedHashMap<>();
    private String proof;

    /** The conformance section, {@code file/section}, that proves the entries that follow. */
    public Builder provenBy(String section) {
      proof = section;
      return this;
    }

    /** A call with exactly these operands, spelled by a template. */
    public Builder operator(String name, String spelling, Operand... operands) {
      return operator(
          name, spelling, (call, printed) -> PushDownEntry.fill(spelling, printed), operands);
    }

    /** A call with exactly these operands. */
    public Builder operator(
        String name, String spelling, Spelling<RexCall> speller, Operand... operands) {
      return operator(
          name, labels(operands), spelling, call -> fits(call.getOperands(), operands), speller);
    }

    /** A call of any number of operands, all of one kind. */
    public Builder variadic(String name, Operand each, String spelling) {
      return operator(
          name,
          each.label() + ", ...",
          spelling,
          call -> call.getOperands().stream().allMatch(each),
          (call, printed) -> PushDownEntry.fill(spelling, printed));
    }

    /** A call that a predicate describes, and words for it. */
    public Builder operator(
        String name,
        String operands,
        String spelling,
        Predicate<RexCall> applies,
        Spelling<RexCall> speller) {
      return add(Section.OPERATOR, name, operands, spelling, applies, speller);
    }

    /** A field of a ROW, whose place is {0}; the speller knows its position, from 0. */
    public Builder field(String spelling, Spelling<Integer> speller) {
      return add(Section.OPERATOR, FIELD, "a ROW", spelling, position -> true, speller);
    }

    /** An aggregate function without an order of its own. */
    public Builder aggregate(
        String name,
        String operands,
        String spelling,
        Predicate<Aggregated> applies,
        Spelling<Aggregated> speller) {
      return orderedAggregate(
          name, operands, spelling, use -> use.order().isEmpty() && applies.test(use), speller);
    }

    /** An aggregate function that heeds the order of WITHIN GROUP. */
    public Builder orderedAggregate(
        String name,
        String operands,
        String spelling,
        Predicate<Aggregated> applies,
        Spelling<Aggregated> speller) {
      return add(Section.AGGREGATE, name, operands, spelling, applies, speller);
    }

    /** A window function. */
    public Builder window(
        String name,
        String operands,
        String spelling,
        Predicate<RexOver> applies,
        Spelling<Windowed> speller) {
      return add(
          Section.WINDOW, name, operands, spelling, use -> applies.test(use.over()), speller);
    }

    /** A relational operator; the spelling is the word between its inputs where it has two. */
    public Builder relation(
        String name, String condition, String spelling, Predicate<RelNode> applies) {
      return add(Section.RELATION, name, condition, spelling, applies, (rel, printed) -> spelling);
    }

    /** Marks the entry that was added last: its spelling fails for some values. */
    public Builder raises() {
      PushDownEntry<?> last = entries.remove(entries.size() - 1);
      entries.add(raising(last));
      return this;
    }

    private static <T> PushDownEntry<T> raising(PushDownEntry<T> entry) {
      return new PushDownEntry<>(
          entry.section(),
          entry.construct(),
          entry.operands(),
          entry.spelling(),
          entry.proof(),
          true,
          entry.applies(),
          entry.speller());
    }

    /** A construct that is left out on purpose, and why: shown by EXPLAIN and in the documents. */
    public Builder leftOut(String name, String reason) {
      reasons.put(name, reason);
      return this;
    }

    public PushDownList build() {
      return new PushDownList(entries, Map.copyOf(reasons));
    }

    private <T> Builder add(
        Section section,
        String name,
        String operands,
        String spelling,
        Predicate<T> applies,
        Spelling<T> speller) {
      entries.add(
          new PushDownEntry<>(
              section,
              name,
              operands,
              spelling,
              requireNonNull(proof, "proof"),
              false,
              applies,
              speller));
      return this;
    }

    private static boolean fits(List<RexNode> given, Operand... operands) {
      if (given.size() != operands.length) {
        return false;
      }
      for (int i = 0; i < operands.length; i++) {
        if (!operands[i].test(given.get(i))) {
          return false;
        }
      }
      return true;
    }

    private static String labels(Operand... operands) {
      return List.of(operands).stream().map(Operand::label).collect(Collectors.joining(", "));
    }
  }
}
