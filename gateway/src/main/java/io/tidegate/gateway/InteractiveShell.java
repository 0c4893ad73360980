package io.tidegate.gateway;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import sqlline.SqlLine;

/** SQLLine on the same connection that {@code sql -e} uses. */
final class InteractiveShell {
  private InteractiveShell() {}

  /** Runs until the user leaves; the exit code says whether SQLLine could connect. */
  static int run(String url) throws IOException {
    String[] arguments = {
      "-u", withProperties(url), "-n", "", "-p", "", "--isolation=TRANSACTION_NONE"
    };
    SqlLine.Status status = new SqlLine().begin(arguments, null, false);
    return status == SqlLine.Status.OK ? 0 : 1;
  }

  /** SQLLine hands over a URL and no properties, and both of our drivers read them in the URL. */
  private static String withProperties(String url) {
    return url
        + DataSourceOptions.properties(url).entrySet().stream()
            .map((Map.Entry<Object, Object> entry) -> ";" + entry.getKey() + "=" + entry.getValue())
            .sorted()
            .collect(Collectors.joining());
  }
}
