package io.tidegate.adapter.storage;

import io.tidegate.adapter.duckdb.DuckDbLane;
import io.tidegate.adapter.duckdb.DuckDbPool;
import io.tidegate.adapter.duckdb.LakeSql;
import io.tidegate.adapter.lake.ColumnConstraint;
import io.tidegate.adapter.lake.Lake;
import io.tidegate.adapter.lake.LakeCodec;
import io.tidegate.adapter.lake.LakeColumn;
import io.tidegate.adapter.lake.LakeException;
import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.lake.LakeType;
import io.tidegate.adapter.lake.RunDirectory;
import io.tidegate.adapter.lake.RunManifest;
import io.tidegate.adapter.lake.RunReport;
import io.tidegate.adapter.lake.TableDirectory;
import io.tidegate.adapter.ports.Artifact;
import io.tidegate.adapter.ports.ArtifactColumn;
import io.tidegate.adapter.ports.ArtifactContent;
import io.tidegate.adapter.ports.ArtifactPort;
import io.tidegate.adapter.ports.ArtifactQuery;
import io.tidegate.adapter.ports.ArtifactType;
import io.tidegate.adapter.ports.NewArtifact;
import io.tidegate.adapter.ports.RowSet;
import io.tidegate.adapter.ports.Slice;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;

/** Artifacts as runs of lake tables, one table for each type, with a ledger in the state file. */
final class LakeArtifacts implements ArtifactPort {
  /** Where the rows of an artifact are while it is made; each connection has its own. */
  private static final String INCOMING = "temp.main.incoming";

  private static final String STREAM = "incoming_stream";

  private final Lake lake;
  private final DuckDbPool pool;
  private final BufferAllocator allocator;
  private final Map<String, String> engines;
  private final Clock clock;

  LakeArtifacts(
      Lake lake,
      DuckDbPool pool,
      BufferAllocator allocator,
      Map<String, String> engines,
      Clock clock) {
    this.lake = lake;
    this.pool = pool;
    this.allocator = allocator;
    this.engines = engines;
    this.clock = clock;
  }

  /** Finishes or undoes what a killed process has begun. */
  void recover() throws SQLException {
    pool.<Void>write(
        lane -> {
          for (ArtifactLedger.Pending pending : ArtifactLedger.pending(lane)) {
            Optional<TableDirectory> table = lake.table(pending.table());
            if (table.isPresent() && table.get().sealedRun(pending.id().toString()).isPresent()) {
              ArtifactLedger.complete(lane, pending.id());
            } else {
              ArtifactLedger.undo(lane, pending.id());
            }
          }
          return null;
        });
  }

  @Override
  public Published publish(NewArtifact artifact) {
    PortCall call = call("publish");
    return call.run(
        () -> {
          TableDirectory table = table(call, artifact.type());
          UUID id = UUID.randomUUID();
          try (RunDirectory run = table.stage(id.toString())) {
            long rows =
                pool.read(lane -> write(call, lane, artifact, table.definition(), run.file()));
            Map<String, String> inputs = new TreeMap<>();
            for (UUID input : artifact.inputs()) {
              inputs.put("artifact " + (inputs.size() + 1), input.toString());
            }
            RunManifest manifest =
                run.seal(
                    RunReport.of(
                        rows,
                        "artifact " + artifact.type().name() + " by " + artifact.writer(),
                        engines,
                        inputs));
            return pool.exclusively(lane -> publish(call, lane, artifact, id, run, manifest));
          }
        });
  }

  /** Nobody else publishes meanwhile, so an equal artifact is seen. */
  private Published publish(
      PortCall call,
      DuckDbLane lane,
      NewArtifact artifact,
      UUID id,
      RunDirectory run,
      RunManifest manifest)
      throws SQLException {
    Optional<Artifact> there = ArtifactLedger.same(lane, artifact, manifest.contentSha256());
    if (there.isPresent()) {
      return new Published(there.get(), true);
    }
    for (UUID input : artifact.inputs()) {
      known(call, lane, input);
    }
    Artifact entry =
        new Artifact(
            id,
            artifact.type().name(),
            artifact.type().schemaVersion(),
            artifact.logicalKey(),
            Artifact.Status.ACTIVE,
            manifest.table(),
            manifest.contentSha256(),
            manifest.rows(),
            manifest.bytes(),
            clock.instant().truncatedTo(ChronoUnit.MICROS),
            artifact.writer(),
            artifact.parameters(),
            artifact.tags(),
            engines);
    lane.<Void>transaction(
        begin -> {
          ArtifactLedger.begin(begin, entry, artifact);
          return null;
        });
    try {
      run.publish();
    } catch (SQLException | RuntimeException e) {
      try {
        lane.<Void>transaction(
            undo -> {
              ArtifactLedger.undo(undo, id);
              return null;
            });
      } catch (SQLException undo) {
        e.addSuppressed(undo);
      }
      throw e;
    }
    lane.<Void>transaction(
        complete -> {
          ArtifactLedger.complete(complete, id);
          return null;
        });
    return new Published(entry, false);
  }

  /** The table of a type, made when its first artifact comes. */
  private TableDirectory table(PortCall call, ArtifactType type) throws SQLException {
    List<LakeColumn> columns = new ArrayList<>();
    for (ArtifactColumn column : type.columns()) {
      columns.add(new LakeColumn(column.name(), LakeType.parse(column.type()), column.nullable()));
    }
    LakeTableDefinition definition =
        new LakeTableDefinition(columns, List.of(), type.sortedBy(), LakeCodec.ZSTD);
    Optional<TableDirectory> there = lake.table(type.table());
    TableDirectory table;
    if (there.isPresent()) {
      table = there.get();
    } else {
      table = create(type.table(), definition);
    }
    if (!table.definition().equals(definition)) {
      throw call.conflict(
          "artifact type "
              + type.name()
              + " version "
              + type.schemaVersion()
              + " is there with other columns or another order; give it the next version");
    }
    return table;
  }

  private TableDirectory create(String name, LakeTableDefinition definition) throws SQLException {
    try {
      return lake.create(name, definition);
    } catch (LakeException e) {
      Optional<TableDirectory> madeMeanwhile = lake.table(name);
      if (madeMeanwhile.isPresent()) {
        return madeMeanwhile.get();
      }
      throw e;
    }
  }

  /** Brings the rows together, checked, and writes them in their order. */
  private long write(
      PortCall call,
      DuckDbLane lane,
      NewArtifact artifact,
      LakeTableDefinition definition,
      Path file)
      throws SQLException {
    lane.update(createIncoming(definition), List.of());
    try {
      ArtifactContent content = artifact.content();
      if (content instanceof ArtifactContent.Rows rows) {
        insert(call, lane, definition, rows);
      } else if (content instanceof ArtifactContent.ParquetFile parquet) {
        insertFile(call, lane, definition, parquet.file());
      } else {
        lane.update(
            insertFrom(definition, STREAM),
            STREAM,
            ((ArtifactContent.Batches) content).reader(),
            allocator);
      }
      return lane.update(
          LakeSql.copy("SELECT * FROM " + INCOMING + LakeSql.orderBy(definition), file, definition),
          List.of());
    } finally {
      lane.update("DROP TABLE IF EXISTS " + INCOMING, List.of());
    }
  }

  private static String createIncoming(LakeTableDefinition definition) {
    return definition.columns().stream()
        .map(
            column ->
                LakeRows.DIALECT.identifier(column.name())
                    + " "
                    + LakeRows.duckDbType(column.type())
                    + (column.nullable() ? "" : " NOT NULL"))
        .collect(Collectors.joining(", ", "CREATE OR REPLACE TEMP TABLE incoming (", ")"));
  }

  private static void insert(
      PortCall call, DuckDbLane lane, LakeTableDefinition definition, ArtifactContent.Rows rows)
      throws SQLException {
    List<LakeColumn> columns = definition.columns();
    List<List<Object>> bound = new ArrayList<>();
    for (List<Object> row : rows.rows()) {
      if (row.size() != columns.size()) {
        throw call.invalid(
            "row "
                + bound.size()
                + " has "
                + row.size()
                + " values for "
                + columns.size()
                + " columns");
      }
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        try {
          values.add(LakeRows.bound(columns.get(i), row.get(i)));
        } catch (IllegalArgumentException e) {
          throw call.invalid("row " + bound.size() + ": " + e.getMessage());
        }
      }
      bound.add(values);
    }
    lane.updateEach(
        "INSERT INTO "
            + INCOMING
            + " VALUES ("
            + String.join(", ", Collections.nCopies(columns.size(), "?"))
            + ")",
        bound);
  }

  /** A column of another type is refused: a cast might round in silence. */
  private static void insertFile(
      PortCall call, DuckDbLane lane, LakeTableDefinition definition, Path file)
      throws SQLException {
    String source =
        "read_parquet("
            + LakeRows.DIALECT.string(file.toAbsolutePath().toString())
            + ", hive_partitioning = false)";
    Map<String, String> types = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    lane.rows(
        "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM " + source + ")",
        List.of(),
        row -> types.put(row.getString(1), row.getString(2)));
    for (LakeColumn column : definition.columns()) {
      String wanted = LakeRows.duckDbType(column.type());
      String met = types.get(column.name());
      if (!wanted.equals(met)) {
        throw call.invalid(
            "column '"
                + column.name()
                + "' is "
                + column.type()
                + " but "
                + file
                + (met == null ? " has no such column" : " gives " + met));
      }
    }
    lane.update(insertFrom(definition, source), List.of());
  }

  private static String insertFrom(LakeTableDefinition definition, String source) {
    return definition.columns().stream()
        .map(column -> LakeRows.DIALECT.identifier(column.name()))
        .collect(
            Collectors.joining(", ", "INSERT INTO " + INCOMING + " SELECT ", " FROM " + source));
  }

  @Override
  public Optional<Artifact> get(UUID id) {
    return call("get").run(() -> pool.read(lane -> ArtifactLedger.get(lane, id)));
  }

  @Override
  public Optional<Artifact> latest(String type, String logicalKey) {
    ArtifactQuery query =
        new ArtifactQuery(
            Optional.of(type),
            Optional.of(logicalKey),
            Optional.of(Artifact.Status.ACTIVE),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            1);
    return call("latest")
        .run(() -> pool.read(lane -> ArtifactLedger.find(lane, query).stream().findFirst()));
  }

  @Override
  public List<Artifact> find(ArtifactQuery query) {
    return call("find").run(() -> pool.read(lane -> ArtifactLedger.find(lane, query)));
  }

  @Override
  public RowSet rows(UUID id, int maxRows) {
    PortCall call = call("rows");
    return call.run(
        () -> {
          Artifact artifact = pool.read(lane -> known(call, lane, id));
          RowSet rows =
              LakeSlices.read(
                  call,
                  lake,
                  pool,
                  Slice.of(artifact.table()),
                  maxRows,
                  List.of(ColumnConstraint.equalTo(LakeTableDefinition.RUN_KEY, id.toString())));
          if (rows.rows().size() != artifact.rows()) {
            throw new SQLException(
                "artifact "
                    + id
                    + " has "
                    + artifact.rows()
                    + " rows but lake table "
                    + artifact.table()
                    + " holds "
                    + rows.rows().size()
                    + " of them",
                "XX001");
          }
          return rows;
        });
  }

  @Override
  public void tag(UUID id, Map<String, String> tags) {
    change(
        "tag",
        (call, lane) -> {
          known(call, lane, id);
          ArtifactLedger.tag(lane, id, tags);
        });
  }

  @Override
  public void supersede(UUID newer, UUID older) {
    change(
        "supersede",
        (call, lane) -> {
          Artifact by = active(call, lane, newer);
          Artifact old = active(call, lane, older);
          if (newer.equals(older) || !by.type().equals(old.type())) {
            throw call.invalid(
                "artifact "
                    + newer
                    + " of type "
                    + by.type()
                    + " cannot take the place of "
                    + older
                    + " of type "
                    + old.type());
          }
          ArtifactLedger.supersede(lane, newer, older);
        });
  }

  @Override
  public void withdraw(UUID id) {
    change(
        "withdraw",
        (call, lane) -> {
          known(call, lane, id);
          ArtifactLedger.setStatus(lane, id, Artifact.Status.WITHDRAWN);
        });
  }

  @Override
  public Set<UUID> inputs(UUID id) {
    PortCall call = call("inputs");
    return call.run(
        () ->
            pool.read(
                lane -> {
                  known(call, lane, id);
                  return ArtifactLedger.inputs(lane, id);
                }));
  }

  @Override
  public Set<UUID> outputs(UUID id) {
    PortCall call = call("outputs");
    return call.run(
        () ->
            pool.read(
                lane -> {
                  known(call, lane, id);
                  return ArtifactLedger.outputs(lane, id);
                }));
  }

  /** A change of the ledger. */
  @FunctionalInterface
  private interface Change {
    void in(PortCall call, DuckDbLane lane) throws SQLException;
  }

  private void change(String operation, Change change) {
    PortCall call = call(operation);
    call.<Void>run(
        () ->
            pool.write(
                lane -> {
                  change.in(call, lane);
                  return null;
                }));
  }

  private static Artifact known(PortCall call, DuckDbLane lane, UUID id) throws SQLException {
    return ArtifactLedger.get(lane, id)
        .orElseThrow(() -> call.notFound("there is no artifact " + id));
  }

  private static Artifact active(PortCall call, DuckDbLane lane, UUID id) throws SQLException {
    Artifact artifact = known(call, lane, id);
    if (artifact.status() != Artifact.Status.ACTIVE) {
      throw call.conflict("artifact " + id + " is not active but " + artifact.status());
    }
    return artifact;
  }

  private static PortCall call(String operation) {
    return new PortCall("artifact", operation);
  }
}
