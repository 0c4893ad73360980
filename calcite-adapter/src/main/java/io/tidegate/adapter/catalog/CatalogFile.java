package io.tidegate.adapter.catalog;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * A catalog: the lake, the other schemas, and the bounds of the local executor.
 *
 * <p>Written in YAML, read by {@link #read}. Values may hold {@code ${VAR}} and {@code
 * ${VAR:-default}}; there is no other way to bring in a secret. Relative paths are relative to the
 * directory Tidegate was started in, not to the catalog, so one catalog serves many data
 * directories. A catalog has either named {@code schemas} or one {@code clickhouse} server (whose
 * databases bring their own names), or neither: then the lake is all there is.
 *
 * @param file where it was read, for messages
 * @param lake schema {@code lake}
 * @param schemas the other schemas by name, in the order of the file
 * @param clickHouse the server whose databases are schemas
 * @param executor bounds of the local executor
 * @param stateFile the DuckDB file of the storage ports; SQL does not see it
 */
public record CatalogFile(
    Path file,
    Lake lake,
    Map<String, SchemaStore> schemas,
    Optional<ClickHouseServer> clickHouse,
    LocalExecutor executor,
    Optional<Path> stateFile) {

  private static final Duration MIN_CONNECT_TIMEOUT = Duration.ofMillis(100);
  private static final Duration MIN_REQUEST_TIMEOUT = Duration.ofSeconds(1);
  private static final long MIN_MEMORY_BYTES = 64L << 20;

  public CatalogFile {
    requireNonNull(file, "file");
    requireNonNull(lake, "lake");
    schemas = Collections.unmodifiableMap(new LinkedHashMap<>(schemas));
    requireNonNull(clickHouse, "clickHouse");
    requireNonNull(executor, "executor");
    requireNonNull(stateFile, "stateFile");
  }

  /**
   * Reads and checks a catalog. Opens no store and makes no directory.
   *
   * @param file the YAML file
   * @param environment what {@code ${VAR}} is looked up in
   * @throws CatalogException one line that names the file, the key and what would work
   */
  public static CatalogFile read(Path file, Map<String, String> environment)
      throws CatalogException {
    CatalogSection top = CatalogSection.read(file, environment);
    top.allow("lake", "schemas", "clickhouse", "duckdb", "state");
    Optional<CatalogSection> server = top.optionalSection("clickhouse");
    Optional<CatalogSection> named = top.optionalSection("schemas");
    if (server.isPresent() && named.isPresent()) {
      throw top.error(
          "'clickhouse' and 'schemas' exclude each other: a server's databases are schemas already");
    }
    return new CatalogFile(
        file,
        lake(top.section("lake")),
        named.isPresent() ? schemas(named.get()) : Map.of(),
        server.isPresent() ? Optional.of(clickHouse(server.get())) : Optional.empty(),
        executor(top.sectionOrEmpty("duckdb")),
        stateFile(top.sectionOrEmpty("state")));
  }

  private static Optional<Path> stateFile(CatalogSection section) throws CatalogException {
    section.allow("file");
    return section.has("file") ? Optional.of(section.required("file").path()) : Optional.empty();
  }

  private static Lake lake(CatalogSection section) throws CatalogException {
    section.allow("root", "codec", "clickhouse-reads");
    Optional<CatalogSection> reads = section.optionalSection("clickhouse-reads");
    return new Lake(
        section.required("root").path(),
        section.has("codec") ? section.required("codec").word(Lake.Codec.class) : Lake.Codec.ZSTD,
        reads.isPresent() ? Optional.of(clickHouseReads(reads.get())) : Optional.empty());
  }

  private static Lake.ClickHouseReads clickHouseReads(CatalogSection section)
      throws CatalogException {
    section.allow("path", "s3", "access-key", "secret-key", "cluster", "writes");
    boolean objectStore = section.has("s3");
    if (objectStore == section.has("path")) {
      throw section.error("needs either 'path' (a directory of the server) or 's3' (a URL)");
    }
    if (!objectStore && (section.has("access-key") || section.has("secret-key"))) {
      throw section.error("'access-key' and 'secret-key' belong to 's3'");
    }
    if (section.has("access-key") != section.has("secret-key")) {
      throw section.error("'access-key' and 'secret-key' belong together");
    }
    return new Lake.ClickHouseReads(
        section.required(objectStore ? "s3" : "path").nonBlank(),
        objectStore,
        optional(section, "access-key"),
        optional(section, "secret-key"),
        optional(section, "cluster"),
        section.value("writes", "0").flag());
  }

  private static Optional<String> optional(CatalogSection section, String key)
      throws CatalogException {
    return section.has(key) ? Optional.of(section.required(key).nonBlank()) : Optional.empty();
  }

  private static Map<String, SchemaStore> schemas(CatalogSection section) throws CatalogException {
    Map<String, SchemaStore> stores = new LinkedHashMap<>();
    TreeSet<String> taken = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    taken.add(Lake.SCHEMA);
    for (String name : section.keys()) {
      if (!taken.add(name)) {
        throw section.error(
            "schema name '" + name + "' is taken (names are the same in either case)");
      }
      stores.put(name, store(section.section(name)));
    }
    return stores;
  }

  private static SchemaStore store(CatalogSection section) throws CatalogException {
    CatalogValue type = section.required("type");
    switch (type.nonBlank()) {
      case SchemaStore.EmbeddedClickHouse.TYPE:
        section.allow("type", "data");
        return new SchemaStore.EmbeddedClickHouse(section.required("data").path());
      case SchemaStore.DuckDbFile.TYPE:
        section.allow("type", "file");
        return new SchemaStore.DuckDbFile(section.required("file").path());
      default:
        throw type.mustBe(
            SchemaStore.EmbeddedClickHouse.TYPE + " or " + SchemaStore.DuckDbFile.TYPE);
    }
  }

  private static ClickHouseServer clickHouse(CatalogSection section) throws CatalogException {
    section.allow(
        "host",
        "port",
        "user",
        "password",
        "database",
        "secure",
        "verify",
        "connect-timeout",
        "request-timeout");
    return new ClickHouseServer(
        section.value("host", "localhost").nonBlank(),
        section.value("port", "8123").port(),
        section.value("user", "default").nonBlank(),
        section.value("password", "").text(),
        section.value("database", "market_data").nonBlank(),
        section.value("secure", "0").flag(),
        section.value("verify", "1").flag(),
        section.value("connect-timeout", "10s").duration(MIN_CONNECT_TIMEOUT),
        section.value("request-timeout", "300s").duration(MIN_REQUEST_TIMEOUT));
  }

  private static LocalExecutor executor(CatalogSection section) throws CatalogException {
    section.allow("memory-limit", "threads", "temp-directory");
    return new LocalExecutor(
        section.has("memory-limit")
            ? OptionalLong.of(section.required("memory-limit").bytes(MIN_MEMORY_BYTES))
            : OptionalLong.empty(),
        section.has("threads")
            ? OptionalInt.of(section.required("threads").atLeast(1))
            : OptionalInt.empty(),
        section.has("temp-directory")
            ? Optional.of(section.required("temp-directory").path())
            : Optional.empty());
  }
}
