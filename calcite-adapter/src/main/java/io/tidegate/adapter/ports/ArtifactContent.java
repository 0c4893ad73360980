package io.tidegate.adapter.ports;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Where the rows of a new artifact come from; columns are those of its type, in their order. */
public sealed interface ArtifactContent {

  /** Rows in memory; values in the Java forms of {@link RowSet}, narrower integers too. */
  record Rows(List<List<Object>> rows) implements ArtifactContent {
    public Rows {
      rows = List.copyOf(rows);
    }
  }

  /** A Parquet file, which is copied; it is neither changed nor needed afterwards. */
  record ParquetFile(Path file) implements ArtifactContent {
    public ParquetFile {
      requireNonNull(file, "file");
    }
  }

  /** A stream of Arrow batches, read once. Its owner closes it. */
  record Batches(ArrowReader reader) implements ArtifactContent {
    public Batches {
      requireNonNull(reader, "reader");
    }
  }
}
