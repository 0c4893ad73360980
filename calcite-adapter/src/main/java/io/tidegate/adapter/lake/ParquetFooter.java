package io.tidegate.adapter.lake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * A written file as a reader other than its writer sees it: the footer, read by parquet-hadoop.
 *
 * <p>Only footers are read in the product; pages would need Hadoop's runtime.
 */
final class ParquetFooter {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  /** More than the header of a dictionary's page takes. */
  private static final int LONGEST_PAGE_HEADER = 256;

  private final ParquetMetadata metadata;
  private final List<Map<String, Long>> dictionarySizes;

  private ParquetFooter(ParquetMetadata metadata, List<Map<String, Long>> dictionarySizes) {
    this.metadata = metadata;
    this.dictionarySizes = dictionarySizes;
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
        ParquetMetadata metadata = reader.getFooter();
        checkExtent(metadata, Files.size(file));
        List<Map<String, Long>> dictionarySizes = new ArrayList<>();
        try (FileChannel pages = FileChannel.open(file)) {
          for (BlockMetaData block : metadata.getBlocks()) {
            dictionarySizes.add(dictionarySizes(pages, block));
          }
        }
        return new ParquetFooter(metadata, dictionarySizes);
      }
    } catch (IOException e) {
      throw LakeException.io("its footer cannot be read", e);
    } catch (RuntimeException e) {
      // parquet-hadoop tells a short or foreign file by RuntimeException.
      throw LakeException.corrupt("its footer cannot be read", e);
    }
  }

  private static void checkExtent(ParquetMetadata metadata, long bytes) throws LakeException {
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
      // A writer may say optional of a column that holds no NULL, so the counts decide. Those of a
      // list are of its elements.
      if (!column.nullable()
          && stored.isPrimitive()
          && stored.isRepetition(Type.Repetition.OPTIONAL)) {
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

  /** Bounds over all row groups; one group that does not say makes the whole unknown. */
  ColumnBounds bounds(LakeColumn column) {
    if (column.type().kind() == LakeType.Kind.ARRAY) {
      return ColumnBounds.UNKNOWN;
    }
    List<ColumnBounds> groups = new ArrayList<>();
    for (int group = 0; group < metadata.getBlocks().size(); group++) {
      groups.add(bounds(column, metadata.getBlocks().get(group), dictionarySizes.get(group)));
    }
    Object min = null;
    Object max = null;
    boolean known = true;
    long nulls = 0;
    for (int i = 0; i < groups.size(); i++) {
      ColumnBounds group = groups.get(i);
      nulls = group.nulls() >= 0 && nulls >= 0 ? nulls + group.nulls() : -1;
      if (group.nulls() == metadata.getBlocks().get(i).getRowCount()) {
        continue;
      }
      if (!known || !group.isKnown()) {
        known = false;
        continue;
      }
      Object low = group.min().orElseThrow();
      Object high = group.max().orElseThrow();
      min = min == null || LakeValue.compare(low, min) < 0 ? low : min;
      max = max == null || LakeValue.compare(high, max) > 0 ? high : max;
    }
    return new ColumnBounds(
        Optional.ofNullable(known ? min : null),
        Optional.ofNullable(known ? max : null),
        nulls,
        DistinctValues.together(groups));
  }

  private static ColumnBounds bounds(
      LakeColumn column, BlockMetaData block, Map<String, Long> dictionarySizes) {
    ColumnChunkMetaData chunk = chunk(block, column.name());
    Statistics<?> statistics = chunk.getStatistics();
    boolean counted = statistics != null && statistics.isNumNullsSet();
    boolean required = chunk.getPrimitiveType().isRepetition(Type.Repetition.REQUIRED);
    long nulls = counted ? statistics.getNumNulls() : required ? 0 : -1;
    if (nulls == chunk.getValueCount()) {
      return new ColumnBounds(Optional.empty(), Optional.empty(), nulls, 0);
    }
    long distinct = dictionarySizes.getOrDefault(column.name(), -1L);
    if (statistics == null || !statistics.hasNonNullValue()) {
      return new ColumnBounds(Optional.empty(), Optional.empty(), nulls, distinct);
    }
    PrimitiveType stored = chunk.getPrimitiveType();
    var low = ParquetTypes.statistic(column.type(), stored, statistics.genericGetMin());
    var high = ParquetTypes.statistic(column.type(), stored, statistics.genericGetMax());
    return low.isPresent() && high.isPresent()
        ? new ColumnBounds(low, high, nulls, distinct)
        : new ColumnBounds(Optional.empty(), Optional.empty(), nulls, distinct);
  }

  /**
   * How many values the dictionaries of a row group's columns have, by column: what a footer does
   * not say. A writer makes no dictionary where most values differ.
   */
  private static Map<String, Long> dictionarySizes(FileChannel file, BlockMetaData block)
      throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    for (ColumnChunkMetaData chunk : block.getColumns()) {
      if (chunk.getDictionaryPageOffset() > 0) {
        ByteBuffer start = ByteBuffer.allocate(LONGEST_PAGE_HEADER);
        file.read(start, chunk.getDictionaryPageOffset());
        PageHeader header =
            Util.readPageHeader(new ByteArrayInputStream(start.array(), 0, start.position()));
        if (header.isSetDictionary_page_header()) {
          sizes.put(
              chunk.getPath().toDotString(),
              (long) header.getDictionary_page_header().getNum_values());
        }
      }
    }
    return sizes;
  }

  /** The bounds of all columns, in table order, as a manifest has them. */
  List<RunManifest.Bounds> columnBounds(LakeTableDefinition definition) {
    List<RunManifest.Bounds> columns = new ArrayList<>();
    for (LakeColumn column : definition.columns()) {
      ColumnBounds bounds = bounds(column);
      columns.add(
          new RunManifest.Bounds(
              column.name(),
              bounds.min().map(LakeValue::text).orElse(null),
              bounds.max().map(LakeValue::text).orElse(null),
              bounds.nulls(),
              bounds.distinct()));
    }
    return columns;
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
