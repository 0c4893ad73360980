package io.tidegate.gateway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import sqlline.SqlLine;

/** SQLLine on the same connection that {@code sql -e} uses. */
final class InteractiveShell {
  /** Set by the launcher: whether standard input is a terminal. */
  static final String TERMINAL_PROPERTY = "tidegate.stdin.terminal";

  private static final int WIDTH_WITHOUT_TERMINAL = 1000;

  private InteractiveShell() {}

  /** Runs until the user leaves; the exit code says whether SQLLine could connect. */
  static int run(String url) throws IOException {
    List<String> arguments = new ArrayList<>();
    Collections.addAll(
        arguments, "-u", withProperties(url), "-n", "", "-p", "", "--isolation=TRANSACTION_NONE");
    if (!Boolean.parseBoolean(System.getProperty(TERMINAL_PROPERTY, "true"))) {
      // Without a terminal SQLLine believes that lines have no width, and cuts every column.
      arguments.add("--maxWidth=" + WIDTH_WITHOUT_TERMINAL);
    }
    SqlLine.Status status = new SqlLine().begin(arguments.toArray(String[]::new), null, false);
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
