package io.tidegate.adapter.sql;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * A call that gives rows.
 *
 * @param columns BIGINT, BOOLEAN or VARCHAR, by name
 * @param work what makes the rows, with Long, Boolean and String in them
 */
record ProcedureRows(Map<String, SqlTypeName> columns, Work work) {
  ProcedureRows {
    columns = new LinkedHashMap<>(columns);
    requireNonNull(work, "work");
  }

  /** What happens when the call is executed. */
  @FunctionalInterface
  interface Work {
    List<Object[]> run(ArrowExecution execution) throws SQLException;
  }

  RelDataType rowType(RelDataTypeFactory factory) {
    RelDataTypeFactory.Builder builder = factory.builder();
    columns.forEach((name, type) -> builder.add(name, factory.createSqlType(type)).nullable(true));
    return builder.build();
  }
}
