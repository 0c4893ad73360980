package io.tidegate.adapter.storage;

import io.tidegate.adapter.duckdb.DuckDbLane;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The tables of a state file: values, and the ledger of artifacts. */
final class StateTables {
  /** The name under which the engine knows the state file. */
  static final String CATALOG = "tidegate_state";

  static final String VALUES = CATALOG + ".main.state_values";
  static final String ARTIFACTS = CATALOG + ".main.artifacts";
  static final String INPUTS = CATALOG + ".main.artifact_inputs";
  static final String TAGS = CATALOG + ".main.artifact_tags";
  private static final String SCHEMA = CATALOG + ".main.state_schema";

  /** What this version writes; a file of a later one is refused. */
  private static final int VERSION = 1;

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE IF NOT EXISTS "
              + VALUES
              + " (namespace VARCHAR NOT NULL, key VARCHAR NOT NULL, type VARCHAR NOT NULL,"
              + " value VARCHAR NOT NULL, version BIGINT NOT NULL, expires_at TIMESTAMP,"
              + " updated_at TIMESTAMP NOT NULL, PRIMARY KEY (namespace, key))",
          "CREATE TABLE IF NOT EXISTS "
              + ARTIFACTS
              + " (id VARCHAR PRIMARY KEY, number BIGINT NOT NULL, type VARCHAR NOT NULL,"
              + " schema_version INTEGER NOT NULL, logical_key VARCHAR NOT NULL,"
              + " status VARCHAR NOT NULL, table_name VARCHAR NOT NULL,"
              + " content_sha256 VARCHAR NOT NULL, row_count BIGINT NOT NULL,"
              + " bytes BIGINT NOT NULL, created_at TIMESTAMP NOT NULL, writer VARCHAR NOT NULL,"
              + " parameters VARCHAR NOT NULL, engines VARCHAR NOT NULL,"
              + " superseded_by VARCHAR)",
          "CREATE TABLE IF NOT EXISTS "
              + INPUTS
              + " (id VARCHAR NOT NULL, input_id VARCHAR NOT NULL, PRIMARY KEY (id, input_id))",
          "CREATE TABLE IF NOT EXISTS "
              + TAGS
              + " (id VARCHAR NOT NULL, tag VARCHAR NOT NULL, value VARCHAR NOT NULL,"
              + " PRIMARY KEY (id, tag))");

  private StateTables() {}

  /** Makes the tables that are not there. */
  static Void create(DuckDbLane lane) throws SQLException {
    lane.update("CREATE TABLE IF NOT EXISTS " + SCHEMA + " (version INTEGER NOT NULL)", List.of());
    List<Integer> versions =
        lane.rows("SELECT version FROM " + SCHEMA, List.of(), row -> row.getInt(1));
    if (versions.isEmpty()) {
      for (String table : TABLES) {
        lane.update(table, List.of());
      }
      lane.update("INSERT INTO " + SCHEMA + " VALUES (?)", List.of(VERSION));
    } else if (versions.get(0) != VERSION) {
      throw new SQLException(
          "The state file has version "
              + versions.get(0)
              + " but this Tidegate knows version "
              + VERSION,
          "55000");
    }
    return null;
  }

  /** A moment as the tables keep it: UTC, microseconds. */
  static LocalDateTime utc(Instant moment) {
    return LocalDateTime.ofInstant(moment.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
  }

  static Instant instant(ResultSet row, int column) throws SQLException {
    LocalDateTime moment = row.getObject(column, LocalDateTime.class);
    return moment == null ? null : moment.toInstant(ZoneOffset.UTC);
  }
}
