package io.tidegate.gateway;

import java.io.PrintWriter;
import java.util.Locale;

/** How the command line prints results. */
enum OutputFormat {
  /** For reading. */
  TABLE,
  /** RFC 4180, for programs. */
  CSV,
  /** An array of objects per result, for programs. */
  JSON;

  /** The word for it on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  ResultPrinter printer(PrintWriter out) {
    return switch (this) {
      case TABLE -> new TablePrinter(out);
      case CSV -> new CsvPrinter(out);
      case JSON -> new JsonPrinter(out);
    };
  }
}
