package io.tidegate.adapter.sql;

import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.MetaImpl;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.jdbc.CalcitePrepare.CalciteSignature;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;

/** What JDBC is told of a statement beside what Calcite's own prepare step makes. */
final class Signatures {
  private static final ColumnMetaData.AvaticaType BIGINT =
      ColumnMetaData.scalar(Types.BIGINT, "BIGINT", ColumnMetaData.Rep.LONG);
  private static final ColumnMetaData.AvaticaType BOOLEAN =
      ColumnMetaData.scalar(Types.BOOLEAN, "BOOLEAN", ColumnMetaData.Rep.BOOLEAN);
  private static final ColumnMetaData.AvaticaType VARCHAR =
      ColumnMetaData.scalar(Types.VARCHAR, "VARCHAR", ColumnMetaData.Rep.STRING);

  private Signatures() {}

  /** An update that is no DML for Calcite, such as CREATE TABLE: it gives a row count. */
  static <T> CalciteSignature<T> update(
      String sql, CalcitePrepare.Context context, Bindable<Object> bindable) {
    RelDataType rowType = RelOptUtil.createDmlRowType(SqlKind.INSERT, context.getTypeFactory());
    return signature(
        sql,
        context,
        rowType,
        List.of(MetaImpl.columnMetaData("ROWCOUNT", 0, BIGINT, true)),
        Meta.CursorFactory.OBJECT,
        bindable,
        Meta.StatementType.IS_DML);
  }

  /** One row of one text. */
  static <T> CalciteSignature<T> text(
      String sql, CalcitePrepare.Context context, String column, String text) {
    RelDataType rowType =
        context.getTypeFactory().builder().add(column, SqlTypeName.VARCHAR).build();
    return signature(
        sql,
        context,
        rowType,
        List.of(MetaImpl.columnMetaData(column, 0, VARCHAR, true)),
        Meta.CursorFactory.OBJECT,
        dataContext -> Linq4j.singletonEnumerable((Object) text),
        Meta.StatementType.SELECT);
  }

  /** Rows of several columns, each of them BIGINT, BOOLEAN or VARCHAR. */
  static <T> CalciteSignature<T> rows(
      String sql, CalcitePrepare.Context context, RelDataType rowType, Bindable<Object> bindable) {
    List<ColumnMetaData> columns = new ArrayList<>();
    for (RelDataTypeField field : rowType.getFieldList()) {
      ColumnMetaData.AvaticaType type =
          switch (field.getType().getSqlTypeName()) {
            case BIGINT -> BIGINT;
            case BOOLEAN -> BOOLEAN;
            case VARCHAR -> VARCHAR;
            default -> throw new IllegalStateException("no column of a procedure is " + field);
          };
      columns.add(MetaImpl.columnMetaData(field.getName(), field.getIndex(), type, true));
    }
    return signature(
        sql,
        context,
        rowType,
        columns,
        Meta.CursorFactory.ARRAY,
        bindable,
        Meta.StatementType.SELECT);
  }

  @SuppressWarnings("unchecked")
  private static <T> CalciteSignature<T> signature(
      String sql,
      CalcitePrepare.Context context,
      RelDataType rowType,
      List<ColumnMetaData> columns,
      Meta.CursorFactory cursorFactory,
      Bindable<Object> bindable,
      Meta.StatementType statementType) {
    return new CalciteSignature<>(
        sql,
        List.of(),
        Map.of(),
        rowType,
        columns,
        cursorFactory,
        context.getRootSchema(),
        List.of(),
        -1,
        (Bindable<T>) bindable,
        statementType);
  }

  /** The same statement with its TIMESTAMP columns declared as text; the rows come so already. */
  static <T> CalciteSignature<T> withTimestampText(
      CalciteSignature<T> signature, CalcitePrepare.Context context) {
    List<ColumnMetaData> columns = new ArrayList<>();
    for (ColumnMetaData column : signature.columns) {
      columns.add(
          column.type.id == Types.TIMESTAMP
              ? new ColumnMetaData(
                  column.ordinal,
                  column.autoIncrement,
                  column.caseSensitive,
                  column.searchable,
                  column.currency,
                  column.nullable,
                  false,
                  26,
                  column.label,
                  column.columnName,
                  column.schemaName,
                  26,
                  0,
                  column.tableName,
                  column.catalogName,
                  VARCHAR,
                  column.readOnly,
                  column.writable,
                  column.definitelyWritable,
                  String.class.getName())
              : column);
    }
    return new CalciteSignature<>(
        signature.sql,
        signature.parameters,
        signature.internalParameters,
        signature.rowType,
        columns,
        signature.cursorFactory,
        context.getRootSchema(),
        List.of(),
        -1,
        signature::enumerable,
        signature.statementType);
  }
}
