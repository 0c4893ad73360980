package io.tidegate.adapter.sql;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.catalog.CatalogFile;
import io.tidegate.adapter.catalog.ClickHouseServer;
import io.tidegate.adapter.catalog.LocalExecutor;
import io.tidegate.adapter.catalog.SchemaStore;
import io.tidegate.adapter.clickhouse.ClickHouseClient;
import io.tidegate.adapter.clickhouse.ClickHouseDialect;
import io.tidegate.adapter.clickhouse.ClickHouseEndpoint;
import io.tidegate.adapter.clickhouse.ClickHouseEngine;
import io.tidegate.adapter.clickhouse.ClickHouseFiles;
import io.tidegate.adapter.clickhouse.ClickHouseLakeInsert;
import io.tidegate.adapter.clickhouse.ClickHouseSchema;
import io.tidegate.adapter.clickhouse.EmbeddedClickHouse;
import io.tidegate.adapter.clickhouse.LakeLocation;
import io.tidegate.adapter.duckdb.DuckDbDialect;
import io.tidegate.adapter.duckdb.DuckDbEngine;
import io.tidegate.adapter.duckdb.DuckDbRelations;
import io.tidegate.adapter.duckdb.DuckDbSchema;
import io.tidegate.adapter.duckdb.LakeRuns;
import io.tidegate.adapter.duckdb.LakeSchema;
import io.tidegate.adapter.duckdb.LakeWriters;
import io.tidegate.adapter.lake.Lake;
import io.tidegate.adapter.lake.LakeCodec;
import io.tidegate.adapter.lake.ScratchLake;
import io.tidegate.adapter.store.ArrowToEnumerableConverter;
import io.tidegate.adapter.store.LogicalInsert;
import io.tidegate.adapter.store.LogicalTableFunction;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreRules;
import io.tidegate.adapter.store.StoreSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A catalog whose stores are open: the engines, their schemas, and the rules that plan for them.
 * All connections of this process to the same catalog file share one; the last to release it closes
 * it.
 */
public final class OpenCatalog {
  private static final Map<Path, OpenCatalog> OPEN = new HashMap<>();

  /**
   * What a lake row costs in one ClickHouse server, of what it costs in DuckDB: what needs no other
   * row of ClickHouse stays here.
   */
  private static final double SERVER_WORK = 1.5;

  /** The same in a cluster, which is asked for whatever it can do. */
  private static final double CLUSTER_WORK = 0.5;

  private static final Logger LOG = LoggerFactory.getLogger(OpenCatalog.class);

  /** The schema of tables that last as long as this process. */
  private static final String SCRATCH = "scratch";

  private final Path file;
  private final RelDataTypeFactory typeFactory =
      new JavaTypeFactoryImpl(TidegateTypeSystem.INSTANCE);
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Map<String, Schema> schemas = new LinkedHashMap<>();
  private final List<RelOptRule> rules = new ArrayList<>();
  private final LakeWriters lakeWriters = new LakeWriters();
  private final BufferAllocator allocator = new RootAllocator();
  private final CancelWatch cancelWatch = new CancelWatch();
  private final AtomicLong statements = new AtomicLong();
  private final StatementRegistry registry = new StatementRegistry();
  private final String session = UUID.randomUUID().toString().substring(0, 8);
  private DuckDbEngine duckDb;
  private StoreConvention duckDbConvention;
  private Optional<LakeLocation> lakeOfClickHouse = Optional.empty();
  private boolean clickHouseWritesLake;
  private LakeRuns lakeRuns;
  private String defaultSchema;
  private int users;

  private OpenCatalog(Path file) {
    this.file = file;
  }

  /** The open catalog of a file, opened if this process has not yet. The caller releases it. */
  static OpenCatalog acquire(String file) throws SQLException {
    Path path = Path.of(file).toAbsolutePath().normalize();
    synchronized (OPEN) {
      OpenCatalog catalog = OPEN.get(path);
      if (catalog == null) {
        catalog = new OpenCatalog(path);
        try {
          catalog.open(CatalogFile.read(Path.of(file), System.getenv()));
        } catch (SQLException | RuntimeException | Error e) {
          catalog.close(e);
          throw e;
        }
        OPEN.put(path, catalog);
      }
      catalog.users++;
      return catalog;
    }
  }

  /** Gives the catalog back; the last one out closes its stores. */
  void release() {
    synchronized (OPEN) {
      if (--users == 0) {
        OPEN.remove(file);
        close(null);
      }
    }
  }

  private void open(CatalogFile catalog) throws SQLException {
    duckDb = DuckDbEngine.start(settings(catalog.executor()));
    opened.push(duckDb);
    duckDbConvention = new StoreConvention("DUCKDB", new DuckDbDialect(), duckDb);
    rules.addAll(StoreRules.of(duckDbConvention));
    rules.add(ArrowToEnumerableConverter.rule(duckDbConvention));
    rules.add(LogicalInsert.rule());
    rules.add(LogicalTableFunction.rule(duckDbConvention, duckDbConvention));
    Lake lake = Lake.open(catalog.lake().root());
    lakeRuns = new LakeRuns(lake, duckDb);
    schemas.put(
        io.tidegate.adapter.catalog.Lake.SCHEMA,
        LakeSchema.of(
            io.tidegate.adapter.catalog.Lake.SCHEMA,
            duckDbConvention,
            duckDb,
            lake,
            LakeCodec.parse(catalog.lake().codec().word()),
            lakeWriters,
            typeFactory));
    ScratchLake scratch = new ScratchLake(lake);
    opened.push(scratch);
    schemas.put(
        SCRATCH, LakeSchema.scratch(SCRATCH, duckDbConvention, duckDb, scratch, typeFactory));
    schemas.put(SysSchema.NAME, new SysSchema(duckDbConvention, registry, lakeRuns, typeFactory));
    lakeOfClickHouse = catalog.lake().clickHouseReads().map(OpenCatalog::location);
    clickHouseWritesLake =
        catalog
            .lake()
            .clickHouseReads()
            .filter(io.tidegate.adapter.catalog.Lake.ClickHouseReads::writes)
            .isPresent();
    for (Map.Entry<String, SchemaStore> entry : catalog.schemas().entrySet()) {
      open(entry.getKey(), entry.getValue());
    }
    if (catalog.clickHouse().isPresent()) {
      open(catalog.clickHouse().get());
    } else {
      defaultSchema = catalog.schemas().keySet().stream().findFirst().orElse(null);
    }
  }

  private void open(String name, SchemaStore store) throws SQLException {
    if (store instanceof SchemaStore.DuckDbFile warehouse) {
      try {
        Files.createDirectories(warehouse.file().toAbsolutePath().getParent());
      } catch (java.io.IOException e) {
        throw new SQLException("Cannot make the directory of " + warehouse.file(), "58030", e);
      }
      attach(warehouse.file(), name);
      schemas.put(name, new DuckDbSchema(duckDbConvention, duckDb, name, typeFactory));
    } else if (store instanceof SchemaStore.EmbeddedClickHouse embedded) {
      try {
        EmbeddedClickHouse engine =
            EmbeddedClickHouse.open(embedded.data(), EmbeddedClickHouse.findLibrary());
        opened.push(engine);
        ClickHouseSchema.create(connect(engine.endpoint()), name);
        // Native SQL finds the schema's tables by their bare names.
        ClickHouseEngine server = connect(engine.endpoint().withDatabase(name));
        StoreConvention convention = clickHouse("CLICKHOUSE_" + name, server);
        schemas.put(
            name,
            new ClickHouseSchema(convention, server, name, name, typeFactory, duckDbConvention));
      } catch (IOException e) {
        throw new SQLException(e.getMessage(), "08001", e);
      }
    }
  }

  private void attach(Path warehouse, String name) throws SQLException {
    try {
      duckDb.attach(warehouse, name);
    } catch (SQLException e) {
      if (e.getMessage().contains("lock on file")) {
        throw new SQLException(
            "Another process has "
                + warehouse
                + " open, and a DuckDB file is for one process at a time:"
                + " connect to it with --url (./tidegate serve shows the URL)",
            "55006",
            e);
      }
      throw e;
    }
  }

  /** A server's databases are schemas of their own names. */
  private void open(ClickHouseServer server) throws SQLException {
    ClickHouseEngine engine =
        connect(
            new ClickHouseEndpoint(
                server.host(),
                server.port(),
                server.user(),
                server.password(),
                "default",
                server.secure(),
                server.verify(),
                server.connectTimeout(),
                server.requestTimeout()));
    StoreConvention convention = clickHouse("CLICKHOUSE", engine);
    for (String database : ClickHouseSchema.databases(engine)) {
      schemas.put(
          database,
          new ClickHouseSchema(
              convention, engine, database, database, typeFactory, duckDbConvention));
    }
    if (schemas.containsKey(server.database())) {
      defaultSchema = server.database();
    } else {
      LOG.warn(
          "ClickHouse at {}:{} has no database '{}' that user '{}' can see; statements have to name"
              + " their schema",
          server.host(),
          server.port(),
          server.database(),
          server.user());
    }
  }

  private ClickHouseEngine connect(ClickHouseEndpoint endpoint) {
    ClickHouseEngine engine = new ClickHouseEngine(new ClickHouseClient(endpoint));
    opened.push(engine);
    return engine;
  }

  private StoreConvention clickHouse(String name, ClickHouseEngine engine) {
    StoreConvention convention =
        new StoreConvention(name, new ClickHouseDialect(typeFactory), engine);
    rules.addAll(StoreRules.of(convention));
    rules.add(ArrowToEnumerableConverter.rule(convention));
    rules.add(StoreRules.arrowInput(convention, duckDbConvention));
    rules.addAll(StoreRules.keyedJoins(convention, duckDbConvention));
    rules.add(LogicalTableFunction.rule(convention, duckDbConvention));
    lakeOfClickHouse.ifPresent(
        location ->
            rules.add(
                StoreRules.sharedFiles(
                    duckDbConvention,
                    convention,
                    files -> ClickHouseFiles.of(convention, files, location, typeFactory),
                    location.cluster().isPresent() ? CLUSTER_WORK : SERVER_WORK)));
    if (clickHouseWritesLake) {
      LakeLocation location = lakeOfClickHouse.orElseThrow();
      lakeWriters.add(table -> new ClickHouseLakeInsert(convention, engine, location, table));
    }
    return convention;
  }

  private static LakeLocation location(io.tidegate.adapter.catalog.Lake.ClickHouseReads reads) {
    return reads.objectStore()
        ? LakeLocation.bucket(
            reads.root(),
            reads
                .accessKey()
                .map(key -> new LakeLocation.Credentials(key, reads.secretKey().orElseThrow())),
            reads.cluster())
        : LakeLocation.directory(reads.root(), reads.cluster());
  }

  private static DuckDbEngine.Settings settings(LocalExecutor executor) {
    int threads = executor.threads().orElse(Runtime.getRuntime().availableProcessors());
    String memory =
        executor.memoryLimitBytes().isPresent()
            ? executor.memoryLimitBytes().getAsLong() / 1024 + "KiB"
            : "80%";
    Path temporary =
        executor
            .tempDirectory()
            .orElse(Path.of(System.getProperty("java.io.tmpdir"), "tidegate-" + UUID.randomUUID()));
    return new DuckDbEngine.Settings(memory, threads, temporary);
  }

  private void close(Throwable cause) {
    // Last of all; Arrow memory that was not given back is a failure too.
    opened.addLast(cancelWatch);
    opened.addLast(allocator);
    try {
      AutoCloseables.close(opened);
    } catch (Exception e) {
      if (cause == null) {
        throw new IllegalStateException("Closing " + file + " failed: " + e, e);
      }
      cause.addSuppressed(e);
    } finally {
      opened.clear();
    }
  }

  Map<String, Schema> schemas() {
    return Collections.unmodifiableMap(schemas);
  }

  /** The schema of unqualified names, or null. */
  String defaultSchema() {
    return defaultSchema;
  }

  /** Reads files that are no tables. */
  DuckDbRelations files() {
    return new DuckDbRelations(duckDbConvention, duckDb, typeFactory);
  }

  LakeRuns lakeRuns() {
    return lakeRuns;
  }

  /** The store that runs in this process and reads Arrow streams. */
  StoreConvention localStore() {
    return duckDbConvention;
  }

  RelDataTypeFactory typeFactory() {
    return typeFactory;
  }

  /** A schema by its name in any case; refuses one that is not there. */
  StoreSchema storeSchema(String name) {
    for (Map.Entry<String, Schema> entry : schemas.entrySet()) {
      if (entry.getKey().equalsIgnoreCase(name) && entry.getValue() instanceof StoreSchema schema) {
        return schema;
      }
    }
    throw PlanErrors.notFound("Schema '" + name + "' not found (known: " + schemas.keySet() + ")");
  }

  List<RelOptRule> rules() {
    return rules;
  }

  /** A new running statement; its id is unique among all that use the same engines. */
  ArrowExecution execution(String sql) {
    ArrowExecution execution =
        new ArrowExecution(session + "-" + statements.incrementAndGet(), sql, allocator);
    registry.add(execution);
    return execution;
  }

  StatementRegistry registry() {
    return registry;
  }

  AutoCloseable watch(ArrowExecution execution, AtomicBoolean cancelFlag) {
    return cancelWatch.watch(execution, cancelFlag);
  }
}
