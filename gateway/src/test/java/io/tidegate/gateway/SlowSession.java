package io.tidegate.gateway;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;

/** A real connection whose statements think for a while before they execute. */
final class SlowSession {
  private SlowSession() {}

  static Connection around(Connection connection, Duration thinking) {
    return wrap(
        Connection.class,
        (proxy, method, arguments) -> {
          Object result = invoke(connection, method, arguments);
          return method.getName().equals("createStatement")
              ? around((Statement) result, thinking)
              : result;
        });
  }

  private static Statement around(Statement statement, Duration thinking) {
    return wrap(
        Statement.class,
        (proxy, method, arguments) -> {
          if (method.getName().equals("execute")) {
            Thread.sleep(thinking.toMillis());
          }
          return invoke(statement, method, arguments);
        });
  }

  private static <T> T wrap(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
