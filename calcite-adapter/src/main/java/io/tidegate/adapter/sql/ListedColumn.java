package io.tidegate.adapter.sql;

import io.tidegate.adapter.store.StoreRelation;
import org.apache.calcite.avatica.MetaImpl.MetaColumn;
import org.apache.calcite.jdbc.CalciteMetaColumnFactory;
import org.apache.calcite.schema.Table;

/** A column in JDBC's metadata, whose remark is the store's own name of its type. */
public final class ListedColumn extends MetaColumn {
  /** Found by its name, in place of the superclass's, which is always null. */
  public final String remarks;

  static final CalciteMetaColumnFactory FACTORY = new Factory();

  private ListedColumn(
      String catalog,
      String schema,
      String table,
      String column,
      int dataType,
      String typeName,
      Integer columnSize,
      Integer decimalDigits,
      Integer radix,
      int nullable,
      Integer octetLength,
      int position,
      String isNullable,
      String remarks) {
    super(
        catalog,
        schema,
        table,
        column,
        dataType,
        typeName,
        columnSize,
        decimalDigits,
        radix,
        nullable,
        octetLength,
        position,
        isNullable);
    this.remarks = remarks;
  }

  private static final class Factory implements CalciteMetaColumnFactory {
    @Override
    public MetaColumn createColumn(
        Table table,
        String catalog,
        String schema,
        String tableName,
        String column,
        int dataType,
        String typeName,
        Integer columnSize,
        Integer decimalDigits,
        int radix,
        int nullable,
        Integer octetLength,
        int position,
        String isNullable) {
      return new ListedColumn(
          catalog,
          schema,
          tableName,
          column,
          dataType,
          // Calcite's text has the character set and whether NULL is taken, too.
          typeName.replaceAll(" CHARACTER SET \"[^\"]*\"| NOT NULL", ""),
          columnSize,
          decimalDigits,
          radix,
          nullable,
          octetLength,
          position,
          isNullable,
          storeType(table, position));
    }

    private static String storeType(Table table, int position) {
      return table instanceof StoreRelation relation
          ? relation.columns().get(position - 1).storeType()
          : null;
    }

    @Override
    public Class<? extends MetaColumn> getMetaColumnClass() {
      return ListedColumn.class;
    }
  }
}
