package io.tidegate.adapter.sql.parser.tree;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.Litmus;

/**
 * A script parameter {@code :name} where an expression stands.
 *
 * <p>It is replaced by a literal or an identifier before a statement is validated. It extends
 * {@code SqlDynamicParam} so that Calcite's tree walkers visit it, under an index that no {@code ?}
 * has: one that was left in place fails by name there instead of taking the value of a {@code ?}.
 */
public final class SqlNamedParameter extends SqlDynamicParam {
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{Nd}_]*");
  private static final int NO_INDEX = Integer.MAX_VALUE;

  private final String name;

  public SqlNamedParameter(String name, SqlParserPos pos) {
    super(NO_INDEX, pos);
    this.name = requireNonNull(name, "name");
  }

  /**
   * Whether a word can name a parameter: letters, digits and underscores, not beginning with a
   * digit.
   */
  public static boolean isName(String word) {
    return NAME.matcher(word).matches();
  }

  /** The name without its colon, as written. */
  public String name() {
    return name;
  }

  @Override
  public SqlNode clone(SqlParserPos pos) {
    return new SqlNamedParameter(name, pos);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.print(":" + name);
    writer.setNeedWhitespace(true);
  }

  @Override
  public boolean equalsDeep(SqlNode node, Litmus litmus) {
    return node instanceof SqlNamedParameter other && name.equals(other.name)
        ? litmus.succeed()
        : litmus.fail("{} != {}", this, node);
  }
}
