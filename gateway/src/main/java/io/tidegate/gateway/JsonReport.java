package io.tidegate.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The report for programs, printed when everything has ended, also after a failure.
 *
 * <pre>
 * {"ok": false, "statements": [
 *   {"file": "a.sql", "line": 3, "text": "SELECT 1", "kind": "SELECT", "rows": 1, "elapsed_ms": 4},
 *   {..., "error": {"sqlstate": "42S02", "message": "There is no table or schema 'x'"}}]}
 * </pre>
 */
final class JsonReport implements ScriptReport {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private final PrintWriter out;
  private final List<StatementOutcome> outcomes = new ArrayList<>();

  JsonReport(PrintWriter out) {
    this.out = out;
  }

  @Override
  public long rows(ResultSet result) throws SQLException {
    long rows = 0;
    while (result.next()) {
      rows++;
    }
    return rows;
  }

  @Override
  public void ended(StatementOutcome outcome) {
    outcomes.add(outcome);
  }

  @Override
  public void finished() throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeBooleanField(
          "ok", outcomes.stream().allMatch(outcome -> outcome.error().isEmpty()));
      json.writeArrayFieldStart("statements");
      for (StatementOutcome outcome : outcomes) {
        write(json, outcome);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void write(JsonGenerator json, StatementOutcome outcome) throws IOException {
    json.writeStartObject();
    json.writeStringField("file", outcome.file());
    json.writeNumberField("line", outcome.step().line());
    json.writeStringField("text", outcome.step().title());
    json.writeStringField("kind", outcome.step().kind());
    if (outcome.error().isEmpty()) {
      json.writeNumberField("rows", outcome.rows());
    }
    json.writeNumberField("elapsed_ms", outcome.nanos() / 1_000_000);
    if (outcome.error().isPresent()) {
      write(json, outcome.error().get());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, SqlError error) throws IOException {
    json.writeObjectFieldStart("error");
    json.writeStringField("sqlstate", error.sqlState());
    json.writeStringField("message", error.message());
    json.writeEndObject();
  }

  /** The report of a command that is one statement and failed. */
  static void error(SqlError error, PrintWriter out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeBooleanField("ok", false);
      write(json, error);
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }
}
