package io.tidegate.adapter;

import io.tidegate.adapter.sql.TidegateDriver;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * JVMs that a test starts, mostly to kill them.
 *
 * <p>Most of what such a JVM does in its short life is to load classes; so, as with the launcher,
 * they come from an archive (class data sharing), made once per module and class path. It wants
 * jars where a build has directories.
 */
public final class TestJvm {
  private static final Path HOME = Path.of("target", "test-jvm").toAbsolutePath();
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  /**
   * How often a test kills a job, each time at another moment; 50 in the long form, which {@code
   * -Dkill.moments=50} is.
   */
  public static final int KILLS = Integer.getInteger("kill.moments", 5);

  private static List<String> options;

  private TestJvm() {}

  /**
   * A process that runs {@code main} on this JVM's class path; its output is the caller's to aim.
   */
  public static ProcessBuilder of(Class<?> main, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(options());
    String home = System.getProperty("tidegate.home");
    if (home != null) {
      command.add("-Dtidegate.home=" + home);
    }
    command.add(main.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  private static synchronized List<String> options() throws IOException {
    if (options == null) {
      List<Path> entries =
          Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
              .map(Path::of)
              .filter(Files::exists)
              .toList();
      Path directory = HOME.resolve(fingerprint(entries));
      Files.createDirectories(directory);
      try (FileChannel making =
              FileChannel.open(
                  directory.resolve("making"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = making.lock()) {
        options = lock.isValid() ? options(directory, entries) : List.of();
      }
    }
    return options;
  }

  private static List<String> options(Path directory, List<Path> entries) throws IOException {
    Path archive = directory.resolve("classes.jsa");
    List<String> jars = new ArrayList<>();
    for (Path entry : entries) {
      Path jar = entry;
      if (Files.isDirectory(entry)) {
        jar = directory.resolve(jars.size() + ".jar");
        if (!Files.exists(archive)) {
          pack(entry, jar);
        }
      }
      jars.add(jar.toString());
    }
    List<String> common =
        List.of(
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-Dcalcite.default.charset=UTF-8",
            "-Duser.timezone=UTC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "-cp",
            String.join(File.pathSeparator, jars));
    if (!Files.exists(archive)) {
      Path draft = directory.resolve("classes.draft");
      List<String> command = new ArrayList<>(List.of(JAVA, "-XX:ArchiveClassesAtExit=" + draft));
      command.addAll(common);
      command.addAll(List.of(Training.class.getName(), directory.toString()));
      Process training =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("training.txt").toFile())
              .start();
      if (training.onExit().join().exitValue() != 0) {
        throw new IOException(
            "The training of test JVMs failed:\n"
                + Files.readString(directory.resolve("training.txt")));
      }
      Files.move(draft, archive, StandardCopyOption.ATOMIC_MOVE);
    }
    List<String> all = new ArrayList<>(List.of("-XX:SharedArchiveFile=" + archive));
    all.addAll(common);
    return all;
  }

  /** Changes with every entry's content, as far as sizes and times tell. */
  private static String fingerprint(List<Path> entries) throws IOException {
    long hash = System.getProperty("java.vm.version").hashCode();
    for (Path entry : entries) {
      for (Path file : files(entry)) {
        hash = 31 * hash + file.toString().hashCode();
        hash = 31 * hash + Files.size(file);
        hash = 31 * hash + Files.getLastModifiedTime(file).toMillis();
      }
    }
    return Long.toHexString(hash);
  }

  private static List<Path> files(Path entry) throws IOException {
    try (Stream<Path> tree = Files.walk(entry)) {
      return tree.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void pack(Path directory, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream packed = new JarOutputStream(file)) {
      packed.setLevel(0);
      for (Path path : files(directory)) {
        packed.putNextEntry(
            new JarEntry(directory.relativize(path).toString().replace(File.separatorChar, '/')));
        Files.copy(path, packed);
        packed.closeEntry();
      }
    }
  }

  /** A statement of each kind, so that the classes of planner and executor are in the archive. */
  static final class Training {
    private Training() {}

    public static void main(String[] arguments) throws IOException, SQLException {
      Path scratch = Files.createTempDirectory(Path.of(arguments[0]), "training");
      Path catalog =
          Files.writeString(
              scratch.resolve("catalog.yaml"), "lake:\n  root: \"" + scratch + "/lake\"\n");
      try (Connection connection =
              DriverManager.getConnection(TidegateDriver.PREFIX + "catalog=" + catalog);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE lake.t (s VARCHAR, n BIGINT) SORTED BY (n)");
        statement.execute("INSERT INTO lake.t VALUES ('a', 1)");
        try (var rows =
            statement.executeQuery(
                "SELECT s, COUNT(*) AS c FROM lake.t WHERE n > 0 GROUP BY s ORDER BY s LIMIT 1")) {
          while (rows.next()) {
            rows.getString(1);
          }
        }
      }
    }
  }
}
