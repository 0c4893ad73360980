package io.tidegate.adapter.sql;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;

/**
 * Gives a connection and what it makes errors as they were thrown: one line and a SQLSTATE. Avatica
 * wraps each into a text of its own without a state, and a failure in the middle of a result even
 * comes as a RuntimeException.
 */
final class NamedErrors implements InvocationHandler {
  private final Object delegate;

  private NamedErrors(Object delegate) {
    this.delegate = delegate;
  }

  static Connection connection(Connection connection) {
    return wrap(connection, Connection.class);
  }

  private static <T> T wrap(Object delegate, Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            NamedErrors.class.getClassLoader(), new Class<?>[] {type}, new NamedErrors(delegate)));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getDeclaringClass() == Object.class && method.getName().equals("equals")) {
      return proxy == arguments[0];
    }
    try {
      Object[] given = arguments;
      Method called = method;
      if (method.getName().equals("setDate") && arguments.length == 2 && arguments[1] != null) {
        called = PreparedStatement.class.getMethod("setObject", int.class, Object.class);
        given = new Object[] {arguments[0], ((Date) arguments[1]).toLocalDate()};
      }
      Object result = called.invoke(delegate, given);
      return result instanceof Date && arguments.length == 1
          ? day(method, arguments)
          : wrapped(result, method.getReturnType());
    } catch (InvocationTargetException e) {
      throw named(e.getCause());
    }
  }

  /**
   * A java.sql.Date of a day in the JVM's own time zone, as JDBC wants it. It is made from the
   * day's text: midnight in another zone is the day before in half of the world.
   */
  private Date day(Method getter, Object[] arguments) throws Exception {
    Method text = ResultSet.class.getMethod("getString", getter.getParameterTypes());
    return Date.valueOf(
        LocalDate.parse(((String) text.invoke(delegate, arguments)).substring(0, 10)));
  }

  /**
   * What the method promises decides, not the result's class: Avatica's prepared statement is its
   * own ParameterMetaData, and who unwraps asks for the class behind this.
   */
  private static Object wrapped(Object result, Class<?> promised) {
    if (result == null) {
      return result;
    }
    if (promised == PreparedStatement.class || promised == ResultSet.class) {
      return wrap(result, promised);
    }
    return promised == Statement.class ? wrap(result, Statement.class) : result;
  }

  /** The outermost SQLException that has a state, or what was thrown. */
  private static Throwable named(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql == thrown
            ? thrown
            : new SQLException(sql.getMessage(), sql.getSQLState(), sql.getErrorCode(), thrown);
      }
    }
    return thrown;
  }
}
