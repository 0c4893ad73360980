package io.tidegate.adapter.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.adapter.duckdb.DuckDbLane;
import io.tidegate.adapter.ports.Artifact;
import io.tidegate.adapter.ports.ArtifactQuery;
import io.tidegate.adapter.ports.NewArtifact;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What is known of artifacts beside their rows. An entry is written as pending before the rows are
 * published and becomes active behind them, so that a process that is killed in between leaves
 * something that the next start can finish or undo.
 */
final class ArtifactLedger {
  private static final String PENDING = "PENDING";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<TreeMap<String, String>> TEXTS = new TypeReference<>() {};

  private static final String SELECT =
      "SELECT a.id, a.type, a.schema_version, a.logical_key, a.status, a.table_name,"
          + " a.content_sha256, a.row_count, a.bytes, a.created_at, a.writer, a.parameters,"
          + " a.engines,"
          + " coalesce((SELECT CAST(json_group_object(t.tag, t.value) AS VARCHAR) FROM "
          + StateTables.TAGS
          + " AS t WHERE t.id = a.id), '{}') FROM "
          + StateTables.ARTIFACTS
          + " AS a WHERE a.status <> '"
          + PENDING
          + "'";

  private ArtifactLedger() {}

  /** An entry whose rows may or may not be there. */
  record Pending(UUID id, String table) {}

  static List<Pending> pending(DuckDbLane lane) throws SQLException {
    return lane.rows(
        "SELECT id, table_name FROM "
            + StateTables.ARTIFACTS
            + " WHERE status = '"
            + PENDING
            + "' ORDER BY number",
        List.of(),
        row -> new Pending(UUID.fromString(row.getString(1)), row.getString(2)));
  }

  /** Writes an entry that nobody sees yet. */
  static void begin(DuckDbLane lane, Artifact artifact, NewArtifact from) throws SQLException {
    lane.update(
        "INSERT INTO "
            + StateTables.ARTIFACTS
            + " SELECT ?, coalesce(max(number), 0) + 1, ?, ?, ?, '"
            + PENDING
            + "', ?, ?, ?, ?, ?, ?, ?, ?, NULL FROM "
            + StateTables.ARTIFACTS,
        List.of(
            artifact.id().toString(),
            artifact.type(),
            artifact.schemaVersion(),
            artifact.logicalKey(),
            artifact.table(),
            artifact.contentSha256(),
            artifact.rows(),
            artifact.bytes(),
            StateTables.utc(artifact.createdAt()),
            artifact.writer(),
            json(artifact.parameters()),
            json(artifact.engines())));
    lane.updateEach(
        "INSERT INTO " + StateTables.INPUTS + " VALUES (?, ?)",
        from.inputs().stream()
            .map(input -> List.of(artifact.id().toString(), input.toString()))
            .toList());
    tag(lane, artifact.id(), artifact.tags());
  }

  /** The rows are there. */
  static void complete(DuckDbLane lane, UUID id) throws SQLException {
    setStatus(lane, id, Artifact.Status.ACTIVE);
  }

  /** The rows are not there and never will be. */
  static void undo(DuckDbLane lane, UUID id) throws SQLException {
    for (String table : List.of(StateTables.INPUTS, StateTables.TAGS, StateTables.ARTIFACTS)) {
      lane.update("DELETE FROM " + table + " WHERE id = ?", List.of(id.toString()));
    }
  }

  static void setStatus(DuckDbLane lane, UUID id, Artifact.Status status) throws SQLException {
    lane.update(
        "UPDATE " + StateTables.ARTIFACTS + " SET status = ? WHERE id = ?",
        List.of(status.name(), id.toString()));
  }

  static void supersede(DuckDbLane lane, UUID newer, UUID older) throws SQLException {
    lane.update(
        "UPDATE " + StateTables.ARTIFACTS + " SET status = ?, superseded_by = ? WHERE id = ?",
        List.of(Artifact.Status.SUPERSEDED.name(), newer.toString(), older.toString()));
  }

  static void tag(DuckDbLane lane, UUID id, Map<String, String> tags) throws SQLException {
    lane.updateEach(
        "INSERT OR REPLACE INTO " + StateTables.TAGS + " VALUES (?, ?, ?)",
        tags.entrySet().stream()
            .map(tag -> List.of(id.toString(), tag.getKey(), tag.getValue()))
            .toList());
  }

  static Optional<Artifact> get(DuckDbLane lane, UUID id) throws SQLException {
    return select(lane, " AND a.id = ?", List.of(id.toString()), 1).stream().findFirst();
  }

  /** The artifact of this type and key with this content that was not taken back. */
  static Optional<Artifact> same(DuckDbLane lane, NewArtifact artifact, String contentSha256)
      throws SQLException {
    return select(
            lane,
            " AND a.type = ? AND a.schema_version = ? AND a.logical_key = ?"
                + " AND a.content_sha256 = ? AND a.status <> 'WITHDRAWN'",
            List.of(
                artifact.type().name(),
                artifact.type().schemaVersion(),
                artifact.logicalKey(),
                contentSha256),
            1)
        .stream()
        .findFirst();
  }

  static List<Artifact> find(DuckDbLane lane, ArtifactQuery query) throws SQLException {
    StringBuilder conditions = new StringBuilder();
    List<Object> values = new ArrayList<>();
    query.type().ifPresent(type -> add(conditions, values, " AND a.type = ?", type));
    query.logicalKey().ifPresent(key -> add(conditions, values, " AND a.logical_key = ?", key));
    query.status().ifPresent(status -> add(conditions, values, " AND a.status = ?", status.name()));
    query
        .createdFrom()
        .ifPresent(
            from -> add(conditions, values, " AND a.created_at >= ?", StateTables.utc(from)));
    query
        .createdTo()
        .ifPresent(to -> add(conditions, values, " AND a.created_at < ?", StateTables.utc(to)));
    for (Map.Entry<String, String> tag : new TreeMap<>(query.tags()).entrySet()) {
      conditions
          .append(" AND EXISTS (SELECT 1 FROM ")
          .append(StateTables.TAGS)
          .append(" AS t WHERE t.id = a.id AND t.tag = ? AND t.value = ?)");
      values.add(tag.getKey());
      values.add(tag.getValue());
    }
    return select(lane, conditions.toString(), values, query.limit());
  }

  private static void add(
      StringBuilder conditions, List<Object> values, String condition, Object value) {
    conditions.append(condition);
    values.add(value);
  }

  static Set<UUID> inputs(DuckDbLane lane, UUID id) throws SQLException {
    return related(lane, "input_id", "id", id);
  }

  /** Entries that are pending have no part in this. */
  static Set<UUID> outputs(DuckDbLane lane, UUID id) throws SQLException {
    Set<UUID> outputs = new LinkedHashSet<>();
    for (UUID output : related(lane, "id", "input_id", id)) {
      if (get(lane, output).isPresent()) {
        outputs.add(output);
      }
    }
    return outputs;
  }

  private static Set<UUID> related(DuckDbLane lane, String wanted, String known, UUID id)
      throws SQLException {
    return new LinkedHashSet<>(
        lane.rows(
            "SELECT "
                + wanted
                + " FROM "
                + StateTables.INPUTS
                + " WHERE "
                + known
                + " = ? ORDER BY 1",
            List.of(id.toString()),
            row -> UUID.fromString(row.getString(1))));
  }

  private static List<Artifact> select(
      DuckDbLane lane, String conditions, List<?> values, int limit) throws SQLException {
    return lane.rows(
        SELECT + conditions + " ORDER BY a.number DESC LIMIT " + limit,
        values,
        ArtifactLedger::artifact);
  }

  private static Artifact artifact(ResultSet row) throws SQLException {
    return new Artifact(
        UUID.fromString(row.getString(1)),
        row.getString(2),
        row.getInt(3),
        row.getString(4),
        Artifact.Status.valueOf(row.getString(5)),
        row.getString(6),
        row.getString(7),
        row.getLong(8),
        row.getLong(9),
        StateTables.instant(row, 10),
        row.getString(11),
        texts(row.getString(12)),
        texts(row.getString(14)),
        texts(row.getString(13)));
  }

  private static String json(Map<String, String> texts) throws SQLException {
    try {
      return JSON.writeValueAsString(texts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts are always JSON", e);
    }
  }

  private static Map<String, String> texts(String json) throws SQLException {
    try {
      return JSON.readValue(json, TEXTS);
    } catch (JsonProcessingException e) {
      throw new SQLException("The ledger of artifacts holds what is not JSON: " + json, "XX001", e);
    }
  }
}
