package io.tidegate.adapter.sql;

import io.tidegate.adapter.store.SelectBlock;
import io.tidegate.adapter.store.SelectBlock.Column;
import io.tidegate.adapter.store.SqlPrinter;
import io.tidegate.adapter.store.StoreColumn;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreDialect;
import io.tidegate.adapter.store.StoreRelation;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Schema {@code sys}: what this gateway knows of itself. {@code sys.statements} lists what runs
 * now; {@code KILL 'statement_id'} stops one of them.
 */
final class SysSchema extends AbstractSchema {
  static final String NAME = "sys";

  private final Table statements;

  SysSchema(StoreConvention duckDb, StatementRegistry registry, RelDataTypeFactory typeFactory) {
    this.statements = new Statements(duckDb, registry, typeFactory);
  }

  @Override
  protected Map<String, Table> getTableMap() {
    return Map.of("statements", statements);
  }

  /** The running statements, printed as literal rows when a statement that reads them starts. */
  private static final class Statements extends StoreRelation {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private final StatementRegistry registry;

    Statements(StoreConvention duckDb, StatementRegistry registry, RelDataTypeFactory typeFactory) {
      super(duckDb, "sys.statements", columns(typeFactory), 10, null);
      this.registry = registry;
    }

    private static List<StoreColumn> columns(RelDataTypeFactory factory) {
      return List.of(
          column("statement_id", factory.createSqlType(SqlTypeName.VARCHAR)),
          column("sql", factory.createSqlType(SqlTypeName.VARCHAR)),
          column("started_at", factory.createSqlType(SqlTypeName.TIMESTAMP, 6)),
          column("rows_so_far", factory.createSqlType(SqlTypeName.BIGINT)));
    }

    private static StoreColumn column(String name, RelDataType type) {
      return StoreColumn.plain(name, type, type.toString());
    }

    @Override
    public SelectBlock block(SqlPrinter printer, RexNode condition) {
      StoreDialect dialect = printer.dialect();
      List<String> rows = new ArrayList<>();
      if (printer.statement().isRunning()) {
        for (StatementRegistry.Running running : registry.list()) {
          rows.add(
              "("
                  + dialect.string(running.execution().id())
                  + ", "
                  + dialect.string(running.execution().sql())
                  + ", TIMESTAMP "
                  + dialect.string(TIME.format(running.startedAt()))
                  + ", CAST("
                  + running.execution().rows().get()
                  + " AS BIGINT))");
        }
      }
      List<String> names = columns().stream().map(StoreColumn::name).toList();
      if (rows.isEmpty()) {
        return empty(printer);
      }
      String alias = dialect.identifier(printer.alias());
      String from =
          "(VALUES "
              + String.join(", ", rows)
              + ") AS "
              + alias
              + "("
              + String.join(", ", names.stream().map(dialect::identifier).toList())
              + ")";
      List<Column> columns = new ArrayList<>();
      for (String name : names) {
        columns.add(Column.reference(alias + "." + dialect.identifier(name)));
      }
      return SelectBlock.from(from, columns, names);
    }
  }
}
