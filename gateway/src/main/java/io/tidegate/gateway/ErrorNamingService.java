package io.tidegate.gateway;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Locale;
import org.apache.calcite.avatica.AvaticaSeverity;
import org.apache.calcite.avatica.NoSuchConnectionException;
import org.apache.calcite.avatica.remote.AvaticaRuntimeException;
import org.apache.calcite.avatica.remote.Service;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An Avatica service whose failures carry a SQLSTATE and one line.
 *
 * <p>Left alone, Avatica pastes the class names and messages of every cause into one text and drops
 * the SQLSTATE. A lost connection passes as it is: the client knows it and opens another.
 */
final class ErrorNamingService {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorNamingService.class);

  private ErrorNamingService() {}

  /** Wraps a service. A proxy, because {@link Service} has twenty-two methods that all do this. */
  static Service around(Service service) {
    return (Service)
        Proxy.newProxyInstance(
            Service.class.getClassLoader(),
            new Class<?>[] {Service.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(service, arguments);
              } catch (InvocationTargetException e) {
                throw named(e.getCause());
              }
            });
  }

  private static RuntimeException named(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof NoSuchConnectionException lost) {
        return lost;
      }
      if (t instanceof AvaticaRuntimeException already) {
        return already;
      }
    }
    SqlError error = SqlErrors.of(failure);
    if (error.sqlState().equals(SqlErrors.INTERNAL)) {
      LOG.error("Internal error while serving a request", failure);
    } else {
      LOG.debug("Request failed", failure);
    }
    return new AvaticaRuntimeException(
        error.message(),
        Service.ErrorResponse.UNKNOWN_ERROR_CODE,
        error.sqlState().toUpperCase(Locale.ROOT),
        AvaticaSeverity.ERROR);
  }
}
