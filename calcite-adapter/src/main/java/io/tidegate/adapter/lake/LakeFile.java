package io.tidegate.adapter.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Parquet file of a live run: where it is and what is known of it without opening it. */
public final class LakeFile {
  private final Path path;
  private final String runId;
  private final RunManifest.DataFile entry;
  private final List<PartitionValue> partition;
  private final List<Optional<Object>> partitionValues;
  private final List<ColumnBounds> bounds;
  private final LakeTableDefinition definition;

  private LakeFile(
      Path path,
      String runId,
      RunManifest.DataFile entry,
      List<PartitionValue> partition,
      List<Optional<Object>> partitionValues,
      List<ColumnBounds> bounds,
      LakeTableDefinition definition) {
    this.path = path;
    this.runId = runId;
    this.entry = entry;
    this.partition = partition;
    this.partitionValues = partitionValues;
    this.bounds = bounds;
    this.definition = definition;
  }

  static LakeFile of(
      Path runDirectory, String runId, RunManifest.DataFile entry, LakeTableDefinition definition)
      throws LakeException {
    List<PartitionValue> partition = partition(entry.path(), definition);
    List<Optional<Object>> values = new ArrayList<>();
    for (int level = 0; level < partition.size(); level++) {
      LakeType type = definition.partitionType(definition.partitionedBy().get(level));
      Optional<String> text = partition.get(level).text();
      values.add(
          text.isPresent() ? Optional.of(LakeValue.parse(type, text.get())) : Optional.empty());
    }
    List<ColumnBounds> bounds = new ArrayList<>();
    for (LakeColumn column : definition.columns()) {
      bounds.add(bounds(entry, column));
    }
    return new LakeFile(
        runDirectory.resolve(entry.path()),
        runId,
        entry,
        partition,
        List.copyOf(values),
        List.copyOf(bounds),
        definition);
  }

  /** Reads {@code key=value/.../part-0000.parquet} by the table's partition expressions. */
  static List<PartitionValue> partition(String relativePath, LakeTableDefinition definition)
      throws LakeException {
    String[] parts = relativePath.split("/", -1);
    List<PartitionExpression> levels = definition.partitionedBy();
    List<PartitionValue> values = new ArrayList<>();
    boolean fits =
        parts.length == levels.size() + 1
            && parts[levels.size()].matches("part-[0-9]{4,9}\\.parquet");
    for (int level = 0; fits && level < levels.size(); level++) {
      Optional<PartitionValue> value = PartitionValue.parse(parts[level]);
      fits = value.isPresent() && value.get().key().equals(levels.get(level).key());
      value.ifPresent(values::add);
    }
    if (!fits) {
      throw LakeException.corrupt(
          "its place does not follow from the table's definition, which puts files into "
              + String.join("", levels.stream().map(level -> level.key() + "=<value>/").toList())
              + "part-0000.parquet");
    }
    return List.copyOf(values);
  }

  private static ColumnBounds bounds(RunManifest.DataFile entry, LakeColumn column)
      throws LakeException {
    for (RunManifest.Bounds bounds : entry.columns()) {
      if (bounds.column().equals(column.name())) {
        return new ColumnBounds(
            value(column, bounds.min()),
            value(column, bounds.max()),
            bounds.nulls(),
            bounds.distinct());
      }
    }
    return ColumnBounds.UNKNOWN;
  }

  private static Optional<Object> value(LakeColumn column, String text) throws LakeException {
    return text == null ? Optional.empty() : Optional.of(LakeValue.parse(column.type(), text));
  }

  /** The absolute path. */
  public Path path() {
    return path;
  }

  public String runId() {
    return runId;
  }

  public long rows() {
    return entry.rows();
  }

  public long bytes() {
    return entry.bytes();
  }

  /** The path inside the run's directory. */
  public String name() {
    return entry.path();
  }

  public String sha256() {
    return entry.sha256();
  }

  /**
   * Whether a row belongs into this file's directory, by one partition expression.
   *
   * @param level the expression's position, outermost 0
   * @param value the expression's column as text, as DuckDB casts it; empty for NULL
   */
  public boolean accepts(int level, Optional<String> value) throws LakeException {
    Optional<Object> wanted = partitionValues.get(level);
    if (value.isEmpty() || wanted.isEmpty()) {
      return value.isEmpty() && wanted.isEmpty();
    }
    PartitionExpression expression = definition.partitionedBy().get(level);
    LakeType type = definition.column(expression.column()).orElseThrow().type();
    Object met = expression.evaluate(LakeValue.parse(type, value.get()));
    return LakeValue.compare(met, wanted.get()) == 0;
  }

  /** The directory levels between the run and the file, outermost first. */
  public List<PartitionValue> partition() {
    return partition;
  }

  Optional<Object> partitionValue(int level) {
    return partitionValues.get(level);
  }

  List<RunManifest.Bounds> sealedBounds() {
    return entry.columns();
  }

  /** What is known of the table's column at that position. */
  public ColumnBounds bounds(int column) {
    return bounds.get(column);
  }

  /** Refuses a file that is not there, or not as long as it was when its run was sealed. */
  void checkPresent(String table) throws LakeException {
    String what = "lake table " + table + ", run " + runId + ", file " + entry.path();
    try {
      BasicFileAttributes met = Files.readAttributes(path, BasicFileAttributes.class);
      if (!met.isRegularFile() || met.size() != entry.bytes()) {
        throw LakeException.corrupt(
            what
                + ": has "
                + met.size()
                + " bytes but was sealed with "
                + entry.bytes()
                + "; restore it or drop the run");
      }
    } catch (NoSuchFileException e) {
      throw LakeException.corrupt(
          what + ": is missing although the manifest names it; restore it or drop the run");
    } catch (IOException e) {
      throw LakeException.io(what, e);
    }
  }

  /** Reads the whole file and refuses it if a byte is not the one that was sealed. */
  public void checkContent(String table) throws LakeException {
    String what = "lake table " + table + ", run " + runId + ", file " + entry.path();
    try {
      String met = DurableFiles.sha256(path);
      if (!met.equals(entry.sha256())) {
        throw LakeException.corrupt(
            what
                + ": has sha256 "
                + met
                + " but was sealed with "
                + entry.sha256()
                + "; restore it or drop the run");
      }
    } catch (IOException e) {
      throw LakeException.io(what, e);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
