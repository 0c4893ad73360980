package io.tidegate.adapter.sql.parser.tree;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCreate;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.ddl.SqlColumnDeclaration;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.ImmutableNullableList;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * {@code CREATE TABLE [IF NOT EXISTS] name [(column, ...)] [PARTITIONED BY (expression [AS alias],
 * ...)] [SORTED BY (column, ...)] [WITH (key = literal, ...)] [AS query]}.
 *
 * <p>The parser takes any expression as a partition key and any combination of the clauses; which
 * of them a store can do is the store's to say.
 */
public final class SqlCreateTable extends SqlCreate {
  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("CREATE TABLE", SqlKind.CREATE_TABLE) {
        @Override
        public SqlCall createCall(
            @Nullable SqlLiteral functionQualifier,
            SqlParserPos pos,
            @Nullable SqlNode... operands) {
          return new SqlCreateTable(
              pos,
              ((SqlLiteral) requireNonNull(operands[0], "ifNotExists")).booleanValue(),
              (SqlIdentifier) requireNonNull(operands[1], "name"),
              (SqlNodeList) operands[2],
              (SqlNodeList) requireNonNull(operands[3], "partitions"),
              (SqlNodeList) requireNonNull(operands[4], "sortKey"),
              (SqlNodeList) requireNonNull(operands[5], "options"),
              operands[6]);
        }
      };

  private final SqlIdentifier name;
  private final @Nullable SqlNodeList columns;
  private final SqlNodeList partitions;
  private final SqlNodeList sortKey;
  private final SqlNodeList options;
  private final @Nullable SqlNode query;

  public SqlCreateTable(
      SqlParserPos pos,
      boolean ifNotExists,
      SqlIdentifier name,
      @Nullable SqlNodeList columns,
      SqlNodeList partitions,
      SqlNodeList sortKey,
      SqlNodeList options,
      @Nullable SqlNode query) {
    super(OPERATOR, pos, false, ifNotExists);
    this.name = requireNonNull(name, "name");
    this.columns = columns;
    this.partitions = requireNonNull(partitions, "partitions");
    this.sortKey = requireNonNull(sortKey, "sortKey");
    this.options = requireNonNull(options, "options");
    this.query = query;
  }

  public SqlIdentifier name() {
    return name;
  }

  public boolean ifNotExists() {
    return ifNotExists;
  }

  /** The declared columns; empty when the query alone gives them. */
  public List<SqlColumnDeclaration> columns() {
    return columns == null
        ? List.of()
        : columns.getList().stream().map(SqlColumnDeclaration.class::cast).toList();
  }

  /** The partition expressions, each bare or as a call of {@code AS} with its alias. */
  public List<SqlNode> partitions() {
    return List.copyOf(partitions.getList());
  }

  /** The columns of SORTED BY. */
  public List<SqlIdentifier> sortKey() {
    return sortKey.getList().stream().map(SqlIdentifier.class::cast).toList();
  }

  public List<SqlTableOption> options() {
    return options.getList().stream().map(SqlTableOption.class::cast).toList();
  }

  /** The query after AS, or null. */
  public @Nullable SqlNode query() {
    return query;
  }

  /** This statement with another query, as when a planner has rewritten it. */
  public SqlCreateTable withQuery(@Nullable SqlNode newQuery) {
    return new SqlCreateTable(
        getParserPosition(), ifNotExists, name, columns, partitions, sortKey, options, newQuery);
  }

  @Override
  public List<SqlNode> getOperandList() {
    return ImmutableNullableList.of(
        SqlLiteral.createBoolean(ifNotExists, SqlParserPos.ZERO),
        name,
        columns,
        partitions,
        sortKey,
        options,
        query);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("CREATE TABLE");
    if (ifNotExists) {
      writer.keyword("IF NOT EXISTS");
    }
    name.unparse(writer, 0, 0);
    if (columns != null) {
      unparseList(writer, columns);
    }
    unparseClause(writer, "PARTITIONED BY", partitions);
    unparseClause(writer, "SORTED BY", sortKey);
    unparseClause(writer, "WITH", options);
    if (query != null) {
      writer.keyword("AS");
      writer.newlineAndIndent();
      query.unparse(writer, 0, 0);
    }
  }

  private static void unparseClause(SqlWriter writer, String keywords, SqlNodeList list) {
    if (!list.isEmpty()) {
      writer.keyword(keywords);
      unparseList(writer, list);
    }
  }

  private static void unparseList(SqlWriter writer, SqlNodeList list) {
    SqlWriter.Frame frame = writer.startList("(", ")");
    for (SqlNode item : list) {
      writer.sep(",");
      item.unparse(writer, 0, 0);
    }
    writer.endList(frame);
  }
}
