package io.tidegate.adapter.sql.parser;

import static java.util.Objects.requireNonNull;

import org.apache.calcite.sql.SqlNode;

/**
 * One statement of a script.
 *
 * @param node its tree, with positions that count from the beginning of the script
 * @param text exactly as written, from its first word to its last, without the comments around it
 *     and without its semicolon
 * @param line the line of the script, from 1, on which it begins
 */
public record ScriptStatement(SqlNode node, String text, int line) {
  public ScriptStatement {
    requireNonNull(node, "node");
    requireNonNull(text, "text");
  }
}
