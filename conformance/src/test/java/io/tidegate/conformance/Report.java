package io.tidegate.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a suite found: printed as it comes and kept in {@code target/conformance}. */
public final class Report {
  private final StringBuilder text = new StringBuilder();
  private final Path file;

  public Report(String name) {
    file = Path.of("target", "conformance", name + ".txt");
  }

  /** Prints a line and keeps it. */
  public synchronized void print(String line) {
    System.out.println(line);
    keep(line);
  }

  /** Keeps a line without printing it. */
  public synchronized void keep(String line) {
    text.append(line).append('\n');
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
