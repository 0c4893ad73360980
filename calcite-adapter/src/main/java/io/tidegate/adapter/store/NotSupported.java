package io.tidegate.adapter.store;

/**
 * Says that a store cannot run an expression or operator with Tidegate's meaning. The text names
 * the construct, and is what EXPLAIN shows as the reason why something was not pushed.
 *
 * <p>Thrown while a plan is considered, many times a statement, so it carries no stack trace.
 */
public final class NotSupported extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NotSupported(String construct) {
    super(construct, null, false, false);
  }
}
