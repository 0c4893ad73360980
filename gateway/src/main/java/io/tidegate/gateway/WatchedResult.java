package io.tidegate.gateway;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A result that shows each of its rows to somebody before its reader has it. */
final class WatchedResult {
  private WatchedResult() {}

  /** Who is shown the rows; it must not move the result on. */
  @FunctionalInterface
  interface Watch {
    void row(ResultSet row) throws SQLException;
  }

  static ResultSet of(ResultSet result, Watch watch) {
    return (ResultSet)
        Proxy.newProxyInstance(
            WatchedResult.class.getClassLoader(),
            new Class<?>[] {ResultSet.class},
            (proxy, method, arguments) -> {
              try {
                Object value = method.invoke(result, arguments);
                if (method.getName().equals("next") && Boolean.TRUE.equals(value)) {
                  watch.row(result);
                }
                return value;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
