package io.tidegate.adapter.clickhouse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * The files of one embedded engine: its data, its configuration, and the locks by which its users
 * and the engine itself know of each other.
 *
 * <p>Used by both sides of the process boundary, so it needs nothing but the JDK.
 */
record EngineFiles(Path data) {
  static final String USER = "tidegate";

  /** Every user holds a shared lock on it; the engine that gets the exclusive one ends. */
  Path users() {
    return data.resolve("engine.users");
  }

  /** Locked exclusively by whoever is just starting the engine. */
  Path starting() {
    return data.resolve("engine.starting");
  }

  /** Locked exclusively by the engine's process for as long as it lives. */
  Path alive() {
    return data.resolve("engine.alive");
  }

  /** Holds the port once the engine answers. */
  Path ready() {
    return data.resolve("engine.ready");
  }

  Path readyDraft() {
    return data.resolve("engine.ready.draft");
  }

  /** The port as the engine wrote it, before anyone tried it. */
  Path port() {
    return data.resolve("engine.port");
  }

  Path password() {
    return data.resolve("engine.password");
  }

  Path configuration() {
    return data.resolve("engine.config.xml");
  }

  Path userConfiguration() {
    return data.resolve("engine.users.xml");
  }

  Path serverLog() {
    return data.resolve("engine.log");
  }

  /** What the process printed, which is where a failed start explains itself. */
  Path output() {
    return data.resolve("engine.out");
  }

  Path store() {
    return data.resolve("store");
  }

  String readPassword() throws IOException {
    return Files.readString(password()).strip();
  }

  /** Makes this directory's password on first use; only the owner may read it. */
  void ensurePassword() throws IOException {
    if (Files.exists(password())) {
      return;
    }
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    Path draft = data.resolve("engine.password.draft");
    Files.deleteIfExists(draft);
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(draft, HexFormat.of().formatHex(random));
    Files.move(draft, password(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes what a former engine said of itself, and its system logs, which a new one refuses. */
  void clearFormerRun() throws IOException {
    Files.deleteIfExists(ready());
    Files.deleteIfExists(port());
    for (String directory : new String[] {"data/system", "metadata/system"}) {
      Path system = store().resolve(directory);
      if (Files.isDirectory(system)) {
        try (Stream<Path> tree = Files.walk(system)) {
          for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
    }
  }
}
