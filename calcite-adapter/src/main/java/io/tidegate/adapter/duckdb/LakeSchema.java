package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.lake.Lake;
import io.tidegate.adapter.lake.LakeCodec;
import io.tidegate.adapter.lake.LakeColumn;
import io.tidegate.adapter.lake.LakeException;
import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.lake.PartitionExpression;
import io.tidegate.adapter.lake.ScratchLake;
import io.tidegate.adapter.lake.TableDirectory;
import io.tidegate.adapter.store.NewTable;
import io.tidegate.adapter.store.PartitionTerm;
import io.tidegate.adapter.store.StoreColumn;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreRelation;
import io.tidegate.adapter.store.StoreSchema;
import io.tidegate.adapter.store.TableDefinition;
import java.sql.SQLException;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;

/** The tables of the Parquet lake, read and written by the local engine. */
public final class LakeSchema extends AbstractSchema implements StoreSchema {

  /**
   * Where the lake is; one that is there for a while only need not be made before its first table.
   */
  private interface LakeSource {
    Optional<Lake> existing();

    Lake lake() throws LakeException;
  }

  private final String schemaName;
  private final StoreConvention duckDb;
  private final DuckDbEngine engine;
  private final LakeSource source;
  private final LakeCodec codec;
  private final LakeWriters writers;
  private final RelDataTypeFactory typeFactory;

  /**
   * The schema of a lake.
   *
   * @param schemaName as messages show it
   * @param codec of tables that are made without naming one
   * @param writers who else writes its files; more may be added until the first statement
   */
  public static LakeSchema of(
      String schemaName,
      StoreConvention duckDb,
      DuckDbEngine engine,
      Lake lake,
      LakeCodec codec,
      LakeWriters writers,
      RelDataTypeFactory typeFactory) {
    requireNonNull(lake, "lake");
    LakeSource source =
        new LakeSource() {
          @Override
          public Optional<Lake> existing() {
            return Optional.of(lake);
          }

          @Override
          public Lake lake() {
            return lake;
          }
        };
    return new LakeSchema(schemaName, duckDb, engine, source, codec, writers, typeFactory);
  }

  /** The schema of tables that last as long as the process: read once or twice, not compressed. */
  public static LakeSchema scratch(
      String schemaName,
      StoreConvention duckDb,
      DuckDbEngine engine,
      ScratchLake scratch,
      RelDataTypeFactory typeFactory) {
    requireNonNull(scratch, "scratch");
    LakeSource source =
        new LakeSource() {
          @Override
          public Optional<Lake> existing() {
            return scratch.existing();
          }

          @Override
          public Lake lake() throws LakeException {
            return scratch.lake();
          }
        };
    return new LakeSchema(
        schemaName, duckDb, engine, source, LakeCodec.NONE, new LakeWriters(), typeFactory);
  }

  private LakeSchema(
      String schemaName,
      StoreConvention duckDb,
      DuckDbEngine engine,
      LakeSource source,
      LakeCodec codec,
      LakeWriters writers,
      RelDataTypeFactory typeFactory) {
    this.schemaName = requireNonNull(schemaName, "schemaName");
    this.duckDb = requireNonNull(duckDb, "duckDb");
    this.engine = requireNonNull(engine, "engine");
    this.source = requireNonNull(source, "source");
    this.codec = requireNonNull(codec, "codec");
    this.writers = requireNonNull(writers, "writers");
    this.typeFactory = requireNonNull(typeFactory, "typeFactory");
  }

  /** The tables by name, each read when it is asked for: a lake may have hundreds. */
  @Override
  protected Map<String, Table> getTableMap() {
    return new AbstractMap<>() {
      @Override
      public Table get(Object name) {
        return table((String) name).orElse(null);
      }

      @Override
      public boolean containsKey(Object name) {
        return get(name) != null;
      }

      @Override
      public Set<String> keySet() {
        return new LinkedHashSet<>(tableNames());
      }

      @Override
      public Set<Map.Entry<String, Table>> entrySet() {
        Map<String, Table> tables = new LinkedHashMap<>();
        for (String name : tableNames()) {
          table(name).ifPresent(table -> tables.put(name, table));
        }
        return tables.entrySet();
      }
    };
  }

  private List<String> tableNames() {
    try {
      Optional<Lake> lake = source.existing();
      return lake.isPresent() ? lake.get().tableNames() : List.of();
    } catch (LakeException e) {
      throw SqlFailure.unchecked(e);
    }
  }

  private Optional<Table> table(String name) {
    try {
      Optional<Lake> lake = source.existing();
      if (lake.isEmpty()) {
        return Optional.empty();
      }
      return lake.get()
          .table(name)
          .filter(directory -> directory.name().equals(name))
          .map(
              directory ->
                  table(
                      lake.get(),
                      name,
                      schemaName + "." + name,
                      directory.definition(),
                      Optional.of(directory)));
    } catch (LakeException e) {
      throw SqlFailure.unchecked(e);
    }
  }

  private LakeTable table(
      Lake lake,
      String name,
      String catalogName,
      LakeTableDefinition definition,
      Optional<TableDirectory> directory) {
    List<StoreColumn> columns = new ArrayList<>();
    for (LakeColumn column : definition.columns()) {
      columns.add(
          StoreColumn.plain(
              column.name(),
              LakeTypes.sql(column.type(), column.nullable(), typeFactory),
              column.type().sql()));
    }
    return new LakeTable(
        duckDb,
        engine,
        lake,
        name,
        catalogName,
        definition,
        columns,
        directory,
        RunOptions.NONE,
        writers);
  }

  @Override
  public NewTable define(TableDefinition definition, String catalogName) throws SQLException {
    List<LakeColumn> columns = new ArrayList<>();
    for (RelDataTypeField field : definition.columns().getFieldList()) {
      columns.add(
          new LakeColumn(
              field.getName(), LakeTypes.lake(field.getType()), field.getType().isNullable()));
    }
    List<PartitionExpression> partitions = new ArrayList<>();
    for (PartitionTerm term : definition.partitionedBy()) {
      partitions.add(partition(term));
    }
    LakeCodec tableCodec = codec;
    for (Map.Entry<String, String> option : definition.options().entrySet()) {
      switch (option.getKey()) {
        case "codec" -> tableCodec = LakeCodec.parse(option.getValue());
        // ClickHouse's word, so that one script runs on every catalog.
        case "engine" -> {}
        default ->
            throw new SQLException(
                "CREATE TABLE "
                    + catalogName
                    + ": unknown option '"
                    + option.getKey()
                    + "' (known: codec)",
                "42000");
      }
    }
    return table(
        source.lake(),
        definition.name(),
        catalogName,
        new LakeTableDefinition(columns, partitions, definition.sortedBy(), tableCodec),
        Optional.empty());
  }

  private static PartitionExpression partition(PartitionTerm term) throws LakeException {
    PartitionExpression expression;
    if (term instanceof PartitionTerm.MintBucket bucket) {
      expression = PartitionExpression.mintBucket(bucket.column());
    } else if (term instanceof PartitionTerm.Floor floor) {
      expression =
          PartitionExpression.floor(
              floor.column(), PartitionExpression.FloorUnit.valueOf(floor.unit().name()));
    } else if (term instanceof PartitionTerm.FloorToInterval floor) {
      expression = PartitionExpression.floorToInterval(floor.column(), floor.seconds());
    } else {
      expression = PartitionExpression.identity(term.column());
    }
    return term.alias().isPresent() ? expression.as(term.alias().get()) : expression;
  }

  @Override
  public StoreRelation nativeQuery(String sql, String call) throws SQLException {
    throw new SQLException(
        "native_query: schema '"
            + schemaName
            + "' has no SQL of its own; use read_parquet for files",
        "0A000");
  }

  @Override
  public long nativeExecute(String sql, ArrowExecution execution) throws SQLException {
    throw new SQLException("native_execute: schema 'lake' has no SQL of its own", "0A000");
  }

  @Override
  public boolean drop(String table) throws SQLException {
    Optional<Lake> lake = source.existing();
    if (lake.isEmpty() || lake.get().table(table).isEmpty()) {
      return false;
    }
    lake.get().drop(table);
    return true;
  }
}
