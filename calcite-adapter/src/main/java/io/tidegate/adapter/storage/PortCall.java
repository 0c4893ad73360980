package io.tidegate.adapter.storage;

import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.catalog.CatalogException;
import io.tidegate.adapter.ports.PortException;
import io.tidegate.adapter.ports.PortException.Code;
import java.sql.SQLException;

/** One call of a port: whatever fails in it comes out under the port's and operation's name. */
record PortCall(String port, String operation) {

  /** What a port does. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws SQLException;
  }

  <T> T run(Action<T> action) {
    try {
      return action.run();
    } catch (PortException e) {
      throw e;
    } catch (SQLException e) {
      throw failed(e);
    } catch (RuntimeException e) {
      SQLException cause = SqlFailure.causeOf(e);
      throw cause == null ? e : failed(cause);
    }
  }

  private PortException failed(SQLException e) {
    String state = e.getSQLState() == null ? "HY000" : e.getSQLState();
    return new PortException(code(state), port, operation, state, e.getMessage(), e);
  }

  private static Code code(String state) {
    return switch (state) {
      case "57014" -> Code.TIMEOUT;
      case "40001", "42S01", "23505" -> Code.CONFLICT;
      case "42S02" -> Code.NOT_FOUND;
      case "XX001" -> Code.CORRUPT;
      case "0A000", CatalogException.SQL_STATE -> Code.INVALID;
      case "58030", "53100", "53200", "55006", "08001", "08003" -> Code.UNAVAILABLE;
      default ->
          state.startsWith("22") || state.startsWith("23") || state.startsWith("42")
              ? Code.INVALID
              : Code.FAILED;
    };
  }

  PortException invalid(String detail) {
    return new PortException(Code.INVALID, port, operation, null, detail, null);
  }

  PortException notFound(String detail) {
    return new PortException(Code.NOT_FOUND, port, operation, null, detail, null);
  }

  PortException conflict(String detail) {
    return new PortException(Code.CONFLICT, port, operation, null, detail, null);
  }

  PortException tooLarge(String detail) {
    return new PortException(Code.TOO_LARGE, port, operation, null, detail, null);
  }
}
