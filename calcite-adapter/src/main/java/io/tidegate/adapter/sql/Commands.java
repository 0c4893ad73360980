package io.tidegate.adapter.sql;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowUpdate;
import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.sql.parser.tree.SqlCreateTable;
import io.tidegate.adapter.sql.parser.tree.SqlKill;
import io.tidegate.adapter.store.NewTable;
import io.tidegate.adapter.store.StatementContext;
import io.tidegate.adapter.store.StoreSchema;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.ddl.SqlDropTable;

/**
 * Statements that are no queries: CREATE TABLE, alone or with its first rows, DROP TABLE, KILL,
 * CALL.
 */
final class Commands {
  private final CalcitePrepare.Context context;
  private final Supplier<PreparingStatement> preparing;

  Commands(CalcitePrepare.Context context, Supplier<PreparingStatement> preparing) {
    this.context = requireNonNull(context, "context");
    this.preparing = requireNonNull(preparing, "preparing");
  }

  boolean handles(SqlNode statement) {
    return statement instanceof SqlCreateTable
        || statement instanceof SqlDropTable
        || statement instanceof SqlKill
        || statement.getKind() == SqlKind.PROCEDURE_CALL;
  }

  /** Prepares one of these statements; nothing happens before the update runs. */
  Function<StatementContext, ArrowUpdate> update(SqlNode statement) throws SQLException {
    if (statement instanceof SqlCreateTable create) {
      return create(create);
    }
    if (statement.getKind() == SqlKind.PROCEDURE_CALL) {
      return Procedures.update(
          ProcedureCall.of((SqlCall) statement), new NestedStatements(context, preparing));
    }
    return statement instanceof SqlDropTable drop ? drop(drop) : kill((SqlKill) statement);
  }

  /** The rows that a statement gives, if it is a call that gives any. */
  Optional<ProcedureRows> rows(SqlNode statement) {
    return statement.getKind() == SqlKind.PROCEDURE_CALL
        ? Procedures.rows(ProcedureCall.of((SqlCall) statement), RootSchema.of(context).catalog())
        : Optional.empty();
  }

  /** A table's place: the schema that has or will have it, and both names as written. */
  private record Place(String schemaName, StoreSchema schema, String table) {
    String catalogName() {
      return schemaName + "." + table;
    }

    /** The table's own name if it is there, whatever its case. */
    Optional<String> existing() {
      return schema.tables().getNames(LikePattern.any()).stream()
          .filter(name -> name.equalsIgnoreCase(table))
          .findFirst();
    }
  }

  private Place place(SqlIdentifier name) {
    List<String> path = name.names;
    if (path.size() > 2) {
      throw PlanErrors.invalid("'" + name + "' is no table name: write schema.table");
    }
    List<String> defaults = context.getDefaultSchemaPath();
    if (path.size() == 1 && defaults.isEmpty()) {
      throw PlanErrors.invalid("'" + name + "' names no schema: write schema.table");
    }
    String schemaName = path.size() == 2 ? path.get(0) : defaults.get(0);
    for (var entry : RootSchema.of(context).catalog().schemas().entrySet()) {
      if (entry.getKey().toLowerCase(Locale.ROOT).equals(schemaName.toLowerCase(Locale.ROOT))) {
        return new Place(entry.getKey(), writable(entry.getKey(), entry.getValue()), last(path));
      }
    }
    throw PlanErrors.notFound("Schema '" + schemaName + "' not found");
  }

  private static String last(List<String> path) {
    return path.get(path.size() - 1);
  }

  private static StoreSchema writable(String name, Schema schema) {
    if (schema instanceof StoreSchema store) {
      return store;
    }
    throw PlanErrors.unsupported("Schema '" + name + "' is read-only");
  }

  private Function<StatementContext, ArrowUpdate> create(SqlCreateTable create)
      throws SQLException {
    Place place = place(create.name());
    if (place.existing().isPresent()) {
      if (create.ifNotExists()) {
        return statement -> new Step("nothing: " + place.catalogName() + " exists", e -> 0);
      }
      throw new SQLException("Table " + place.catalogName() + " already exists", "42S01");
    }
    PreparingStatement statement = preparing.get();
    if (create.query() != null) {
      return statement.insertInto(
          create.query(), queryType -> define(create, place, queryType, statement));
    }
    NewTable table = define(create, place, null, statement);
    return context ->
        new Step(
            "create " + place.catalogName(),
            e -> {
              create(table, create.ifNotExists());
              return 0;
            });
  }

  /** Another process may have been faster, and then there is the table that was wanted. */
  private static void create(NewTable table, boolean ifNotExists) throws SQLException {
    try {
      table.create();
    } catch (SQLException e) {
      if (!ifNotExists || !"42S01".equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  private NewTable define(
      SqlCreateTable create, Place place, RelDataType queryType, PreparingStatement statement) {
    try {
      return place
          .schema()
          .define(
              TableDefinitions.of(
                  create,
                  place.table(),
                  queryType,
                  statement.validator(),
                  context.getTypeFactory()),
              place.catalogName());
    } catch (SQLException e) {
      throw SqlFailure.unchecked(e);
    }
  }

  private Function<StatementContext, ArrowUpdate> drop(SqlDropTable drop) {
    Place place = place(drop.name);
    return statement ->
        new Step(
            "drop " + place.catalogName(),
            execution -> {
              String table = place.existing().orElse(place.table());
              if (!place.schema().drop(table) && !drop.ifExists) {
                throw new SQLException("Table " + place.catalogName() + " does not exist", "42S02");
              }
              return 0;
            });
  }

  private Function<StatementContext, ArrowUpdate> kill(SqlKill kill) {
    if (!(kill.statementId() instanceof SqlLiteral literal)) {
      throw PlanErrors.invalid("KILL takes a statement's id as a text");
    }
    String id = literal.getValueAs(String.class);
    return statement ->
        new Step(
            "stop statement " + id,
            execution -> {
              ArrowExecution running =
                  RootSchema.of(context)
                      .catalog()
                      .registry()
                      .find(id)
                      .orElseThrow(
                          () ->
                              new SQLException(
                                  "KILL: no statement '" + id + "' is running; see sys.statements",
                                  "42704"));
              running.cancel();
              return 1;
            });
  }

  /** A step that moves no rows. */
  private record Step(String explain, Action action) implements ArrowUpdate {
    interface Action {
      long run(ArrowExecution execution) throws SQLException;
    }

    @Override
    public long run(ArrowExecution execution) throws SQLException {
      return action.run(execution);
    }
  }
}
