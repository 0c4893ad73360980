package io.tidegate.adapter.sql.parser.tree;

import static java.util.Objects.requireNonNull;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.Litmus;

/**
 * A script parameter {@code :name} where only a table's name can stand: after FROM, JOIN, TABLE,
 * INSERT INTO, CREATE TABLE, DROP TABLE.
 *
 * <p>It is an identifier of one part, spelled with the colon, because Calcite's tree asks for an
 * identifier there; a script's parameter declared IDENTIFIER takes its place before the statement
 * is validated.
 */
public final class SqlIdentifierParameter extends SqlIdentifier {
  private final String name;

  public SqlIdentifierParameter(String name, SqlParserPos pos) {
    super(":" + requireNonNull(name, "name"), pos);
    this.name = name;
  }

  /** The name without its colon, as written. */
  public String name() {
    return name;
  }

  @Override
  public SqlNode clone(SqlParserPos pos) {
    return new SqlIdentifierParameter(name, pos);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.print(":" + name);
    writer.setNeedWhitespace(true);
  }

  @Override
  public boolean equalsDeep(SqlNode node, Litmus litmus) {
    return node instanceof SqlIdentifierParameter other && name.equals(other.name)
        ? litmus.succeed()
        : litmus.fail("{} != {}", this, node);
  }
}
