package io.tidegate.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a backfill did. Counters are of rows unless their name says otherwise. */
final class BackfillReport {
  final BackfillJob job;
  final Instant startedAt;
  Instant finishedAt;
  long candlesRead;
  long rowsWritten;
  long batchesWritten;
  long rowsRejected;
  long rowsSkippedExisting;
  long rowsRemoved;
  long daysDone;
  long duplicatesRead;
  boolean dryRun;

  BackfillReport(BackfillJob job, Instant startedAt) {
    this.job = job;
    this.startedAt = startedAt;
  }

  private Map<String, Object> counters() {
    Map<String, Object> counters = new LinkedHashMap<>();
    counters.put("candles_read", candlesRead);
    counters.put("rows_written", rowsWritten);
    counters.put("batches_written", batchesWritten);
    counters.put("rows_rejected", rowsRejected);
    counters.put("rows_skipped_existing", rowsSkippedExisting);
    counters.put("rows_removed", rowsRemoved);
    counters.put("days_done_before", daysDone);
    counters.put("duplicates_read", duplicatesRead);
    counters.put("dry_run", dryRun);
    return counters;
  }

  /** In one line, for reading. */
  String text() {
    List<String> parts = new ArrayList<>();
    parts.add("instrument_id=" + job.market().id() + ":" + job.symbol());
    parts.add("time_range=[" + moment(job.start()) + ", " + moment(job.end()) + ")");
    parts.add("started_at=" + moment(startedAt));
    parts.add("finished_at=" + moment(finishedAt));
    counters().forEach((name, value) -> parts.add(name + "=" + value));
    return "Backfill1mReport(" + String.join(", ", parts) + ")";
  }

  /** In one line, for programs. */
  String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeObjectFieldStart("instrument_id");
      json.writeNumberField("market_id", job.market().id());
      json.writeStringField("symbol", job.symbol());
      json.writeEndObject();
      json.writeObjectFieldStart("time_range");
      json.writeStringField("start", moment(job.start()));
      json.writeStringField("end", moment(job.end()));
      json.writeEndObject();
      json.writeStringField("started_at", moment(startedAt));
      json.writeStringField("finished_at", moment(finishedAt));
      json.writeStringField("ingest_id_prefix", job.ingestPrefix());
      for (Map.Entry<String, Object> counter : counters().entrySet()) {
        if (counter.getValue() instanceof Boolean flag) {
          json.writeBooleanField(counter.getKey(), flag);
        } else {
          json.writeNumberField(counter.getKey(), (Long) counter.getValue());
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("A text can be written", e);
    }
    return text.toString();
  }

  /** {@code YYYY-MM-DDTHH:MM:SS.mmmZ}. */
  static String moment(Instant moment) {
    String text = SqlNames.plain(moment);
    return text.substring(0, 10) + "T" + text.substring(11, 23) + "Z";
  }
}
