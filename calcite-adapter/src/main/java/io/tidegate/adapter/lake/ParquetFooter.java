package io.tidegate.adapter.lake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * A written file as a reader other than its writer sees it: the footer, read by parquet-hadoop.
 *
 * <p>Only footers are read in the product; pages would need Hadoop's runtime.
 */
final class ParquetFooter {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private final ParquetMetadata metadata;

  private ParquetFooter(ParquetMetadata metadata) {
    this.metadata = metadata;
  }

  /** Reads the footer; what is not Parquet, or ends too early, is an error that says so. */
  static ParquetFooter read(Path file) throws LakeException {
    try {
      try (var start = Files.newInputStream(file)) {
        if (!Arrays.equals(start.readNBytes(MAGIC.length), MAGIC)) {
          throw LakeException.corrupt("does not begin with PAR1, so it is not a Parquet file");
        }
      }
      var options = ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
      try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
        ParquetFooter footer = new ParquetFooter(reader.getFooter());
        footer.checkExtent(Files.size(file));
        return footer;
      }
    } catch (IOException e) {
      throw LakeException.io("its footer cannot be read", e);
    } catch (RuntimeException e) {
      // parquet-hadoop tells a short or foreign file by RuntimeException.
      throw LakeException.corrupt("its footer cannot be read", e);
    }
  }

  private void checkExtent(long bytes) throws LakeException {
    for (BlockMetaData block : metadata.getBlocks()) {
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        if (chunk.getStartingPos() + chunk.getTotalSize() > bytes) {
          throw LakeException.corrupt("column " + chunk.getPath() + " lies beyond its end");
        }
      }
    }
  }

  long rows() {
    return metadata.getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
  }

  /** Refuses a file whose columns are not those of the table, in order, by type and codec. */
  void check(LakeTableDefinition definition) throws LakeException {
    MessageType schema = metadata.getFileMetaData().getSchema();
    List<String> wanted = definition.columns().stream().map(LakeColumn::name).toList();
    List<String> met = schema.getFields().stream().map(Type::getName).toList();
    if (!wanted.equals(met)) {
      throw LakeException.corrupt("its columns are " + met + " but the table has " + wanted);
    }
    for (int i = 0; i < wanted.size(); i++) {
      LakeColumn column = definition.columns().get(i);
      Type stored = schema.getType(i);
      if (!ParquetTypes.keeps(column.type(), stored)) {
        throw LakeException.corrupt(
            "column "
                + column.name()
                + " is '"
                + stored
                + "', which does not keep "
                + column.type());
      }
      // A writer may say optional of a column that holds no NULL, so the counts decide.
      if (!column.nullable() && stored.isRepetition(Type.Repetition.OPTIONAL)) {
        long nulls = bounds(column).nulls();
        if (nulls != 0) {
          throw LakeException.corrupt(
              "column "
                  + column.name()
                  + " is NOT NULL but the file "
                  + (nulls < 0 ? "may hold NULLs" : "holds " + nulls + " NULLs"));
        }
      }
    }
    for (BlockMetaData block : metadata.getBlocks()) {
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        if (chunk.getCodec() != definition.codec().parquetName()) {
          throw LakeException.corrupt(
              "column "
                  + chunk.getPath()
                  + " is compressed with "
                  + chunk.getCodec()
                  + " but the table's codec is "
                  + definition.codec().text());
        }
      }
    }
  }

  /**
   * What is known of a column without reading it.
   *
   * @param min empty when there is no value or no statistic
   * @param max empty when there is no value or no statistic
   * @param nulls how many; -1 when unknown
   */
  record ColumnBounds(Optional<Object> min, Optional<Object> max, long nulls) {}

  /** Bounds over all row groups; one group that does not say makes the whole unknown. */
  ColumnBounds bounds(LakeColumn column) {
    Object min = null;
    Object max = null;
    boolean known = true;
    long nulls = 0;
    for (BlockMetaData block : metadata.getBlocks()) {
      ColumnChunkMetaData chunk = chunk(block, column.name());
      Statistics<?> statistics = chunk.getStatistics();
      boolean counted = statistics != null && statistics.isNumNullsSet();
      nulls = counted && nulls >= 0 ? nulls + statistics.getNumNulls() : -1;
      if (counted && statistics.getNumNulls() == chunk.getValueCount()) {
        continue;
      }
      if (!known || statistics == null || !statistics.hasNonNullValue()) {
        known = false;
        continue;
      }
      var low =
          ParquetTypes.statistic(
              column.type(), chunk.getPrimitiveType(), statistics.genericGetMin());
      var high =
          ParquetTypes.statistic(
              column.type(), chunk.getPrimitiveType(), statistics.genericGetMax());
      known = low.isPresent() && high.isPresent();
      if (known) {
        min = min == null || LakeValue.compare(low.get(), min) < 0 ? low.get() : min;
        max = max == null || LakeValue.compare(high.get(), max) > 0 ? high.get() : max;
      }
    }
    return known
        ? new ColumnBounds(Optional.ofNullable(min), Optional.ofNullable(max), nulls)
        : new ColumnBounds(Optional.empty(), Optional.empty(), nulls);
  }

  private static ColumnChunkMetaData chunk(BlockMetaData block, String column) {
    for (ColumnChunkMetaData chunk : block.getColumns()) {
      if (chunk.getPath().size() == 1 && chunk.getPath().toDotString().equals(column)) {
        return chunk;
      }
    }
    throw new IllegalStateException("the schema was checked, but " + column + " has no pages");
  }
}
