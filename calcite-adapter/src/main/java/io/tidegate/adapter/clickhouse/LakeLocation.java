package io.tidegate.adapter.clickhouse;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.store.StoreDialect;
import java.util.List;
import java.util.Optional;

/**
 * Where ClickHouse sees the lake: a directory, or a bucket of an object store.
 *
 * @param root the lake's root as ClickHouse names it
 * @param credentials of an object store; empty for a directory, or where ClickHouse has its own
 * @param objectStore whether the root is a URL of an object store
 * @param cluster whose servers share the work; empty for the one that is asked
 */
public record LakeLocation(
    String root, Optional<Credentials> credentials, boolean objectStore, Optional<String> cluster) {

  /** Who asks an object store. */
  public record Credentials(String accessKey, String secretKey) {
    public Credentials {
      requireNonNull(accessKey, "accessKey");
      requireNonNull(secretKey, "secretKey");
    }

    @Override
    public String toString() {
      return "Credentials[" + accessKey + "]";
    }
  }

  /** Characters that make a path a pattern. */
  private static final String PATTERN = "{}*?,|[]\\";

  public LakeLocation {
    root = root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
    if (root.isEmpty() || isPattern(root)) {
      throw new IllegalArgumentException(
          "'" + root + "' cannot be where ClickHouse sees the lake: it is a pattern or empty");
    }
    requireNonNull(credentials, "credentials");
    requireNonNull(cluster, "cluster");
  }

  /** A directory that every server of the cluster, or the one server, has under this name. */
  public static LakeLocation directory(String root, Optional<String> cluster) {
    return new LakeLocation(root, Optional.empty(), false, cluster);
  }

  /** A bucket of an object store, or a part of one. */
  public static LakeLocation bucket(
      String url, Optional<Credentials> credentials, Optional<String> cluster) {
    return new LakeLocation(url, credentials, true, cluster);
  }

  /**
   * What stands in FROM for the rows of these files.
   *
   * @param secrets whether the text is to run; otherwise a secret key is left out of it
   */
  String read(StoreDialect dialect, boolean secrets, List<String> paths, String structure) {
    return function(
        dialect,
        secrets,
        paths,
        ", " + dialect.string("Parquet") + ", " + dialect.string(structure));
  }

  /** What stands in FROM for one row for each of these files; reads none of them. */
  String list(StoreDialect dialect, boolean secrets, List<String> paths) {
    String arguments = ", " + dialect.string("One");
    return (objectStore ? "s3(" : "file(") + source(dialect, secrets, paths) + arguments + ")";
  }

  /** What stands behind INSERT INTO FUNCTION for one new file; the server that is asked writes. */
  String write(StoreDialect dialect, boolean secrets, String path, String structure) {
    return (objectStore ? "s3(" : "file(")
        + source(dialect, secrets, List.of(path))
        + ", "
        + dialect.string("Parquet")
        + ", "
        + dialect.string(structure)
        + ")";
  }

  private String function(
      StoreDialect dialect, boolean secrets, List<String> paths, String arguments) {
    String name = objectStore ? "s3" : "file";
    String source = source(dialect, secrets, paths) + arguments + ")";
    return cluster.isPresent()
        ? name + "Cluster(" + dialect.string(cluster.get()) + ", " + source
        : name + "(" + source;
  }

  private String source(StoreDialect dialect, boolean secrets, List<String> paths) {
    for (String path : paths) {
      if (isPattern(path)) {
        throw new IllegalStateException("A file of the lake has a name that is a pattern: " + path);
      }
    }
    String all = paths.size() == 1 ? paths.get(0) : "{" + String.join(",", paths) + "}";
    // What follows the root is part of a URL, and a partition's value may have a % of its own.
    return dialect.string(root + "/" + (objectStore ? all.replace("%", "%25") : all))
        + credentials
            .map(
                keys ->
                    ", "
                        + dialect.string(keys.accessKey())
                        + ", "
                        + dialect.string(secrets ? keys.secretKey() : "[HIDDEN]"))
            .orElse("");
  }

  private static boolean isPattern(String path) {
    return path.chars().anyMatch(character -> PATTERN.indexOf(character) >= 0);
  }
}
