package io.tidegate.adapter.sql.parser.tree;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * {@code INSERT INTO name [(column, ...)] WITH (key = literal, ...) query}: an INSERT that says how
 * its rows are to be written. What the keys mean is the target's to say.
 */
public final class SqlInsertWith extends SqlInsert {
  private static final int OPTIONS = 4;

  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("INSERT", SqlKind.INSERT) {
        @Override
        public SqlCall createCall(
            @Nullable SqlLiteral functionQualifier,
            SqlParserPos pos,
            @Nullable SqlNode... operands) {
          return new SqlInsertWith(
              pos,
              (SqlNodeList) requireNonNull(operands[0], "keywords"),
              requireNonNull(operands[1], "targetTable"),
              requireNonNull(operands[2], "source"),
              (SqlNodeList) operands[3],
              (SqlNodeList) requireNonNull(operands[OPTIONS], "options"));
        }
      };

  private SqlNodeList options;

  public SqlInsertWith(
      SqlParserPos pos,
      SqlNodeList keywords,
      SqlNode targetTable,
      SqlNode source,
      @Nullable SqlNodeList columnList,
      SqlNodeList options) {
    super(pos, keywords, targetTable, source, columnList);
    this.options = requireNonNull(options, "options");
  }

  /**
   * The values by key, in lower case.
   *
   * @throws IllegalArgumentException saying which key is there twice or is no literal
   */
  public Map<String, String> options() {
    Map<String, String> values = new LinkedHashMap<>();
    for (SqlNode node : options) {
      SqlTableOption option = (SqlTableOption) node;
      Optional<String> value = option.literal();
      if (value.isEmpty()) {
        throw new IllegalArgumentException("WITH (" + option.key() + " = ...) takes a literal");
      }
      if (values.put(option.key().toLowerCase(Locale.ROOT), value.get()) != null) {
        throw new IllegalArgumentException("WITH names '" + option.key() + "' twice");
      }
    }
    return values;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  @SuppressWarnings("nullness")
  public List<SqlNode> getOperandList() {
    List<SqlNode> operands = new ArrayList<>(super.getOperandList());
    operands.add(options);
    return Collections.unmodifiableList(operands);
  }

  @Override
  public void setOperand(int i, @Nullable SqlNode operand) {
    if (i == OPTIONS) {
      options = (SqlNodeList) requireNonNull(operand, "options");
    } else {
      super.setOperand(i, operand);
    }
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.startList(SqlWriter.FrameTypeEnum.SELECT);
    writer.sep(isUpsert() ? "UPSERT INTO" : "INSERT INTO");
    int precedence = getOperator().getLeftPrec();
    getTargetTable().unparse(writer, precedence, precedence);
    if (getTargetColumnList() != null) {
      getTargetColumnList().unparse(writer, precedence, precedence);
    }
    writer.keyword("WITH");
    SqlWriter.Frame frame = writer.startList("(", ")");
    for (SqlNode option : options) {
      writer.sep(",");
      option.unparse(writer, 0, 0);
    }
    writer.endList(frame);
    writer.newlineAndIndent();
    getSource().unparse(writer, 0, 0);
  }
}
