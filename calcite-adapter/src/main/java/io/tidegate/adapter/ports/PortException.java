package io.tidegate.adapter.ports;

import static java.util.Objects.requireNonNull;

/** A port could not do what it was asked; nothing of it was done. */
public final class PortException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is, for code that decides what to do next. */
  public enum Code {
    /** The request cannot be meant: a bad name, a value that does not fit its column. */
    INVALID,
    /** What the request builds on is not there. */
    NOT_FOUND,
    /** Something else was there first, or an expected value was another. */
    CONFLICT,
    /** The result is larger than the caller allows. */
    TOO_LARGE,
    /** It took longer than the gateway allows, or was interrupted. */
    TIMEOUT,
    /** The storage cannot be reached, is closed, full or in use by another process. */
    UNAVAILABLE,
    /** What is stored is not what was stored. */
    CORRUPT,
    /** Everything else, with its cause. */
    FAILED
  }

  private final Code code;
  private final String port;
  private final String operation;
  private final String sqlState;
  private final String detail;

  /**
   * Creates a failure.
   *
   * @param port such as {@code state}
   * @param operation such as {@code set}
   * @param sqlState what the storage said, or null
   * @param detail one line: what was asked and what was met
   */
  public PortException(
      Code code, String port, String operation, String sqlState, String detail, Throwable cause) {
    super(port + "." + operation + ": " + detail, cause);
    this.code = requireNonNull(code, "code");
    this.port = requireNonNull(port, "port");
    this.operation = requireNonNull(operation, "operation");
    this.sqlState = sqlState;
    this.detail = requireNonNull(detail, "detail");
  }

  public Code code() {
    return code;
  }

  public String port() {
    return port;
  }

  public String operation() {
    return operation;
  }

  /** The SQLSTATE of the failure below, or null if there was none. */
  public String sqlState() {
    return sqlState;
  }

  public String detail() {
    return detail;
  }
}
