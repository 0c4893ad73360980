package io.tidegate.adapter.sql.parser;

import io.tidegate.adapter.sql.parser.generated.SimpleCharStream;
import io.tidegate.adapter.sql.parser.generated.TidegateParserImplConstants;
import io.tidegate.adapter.sql.parser.generated.TidegateParserImplTokenManager;
import io.tidegate.adapter.sql.parser.generated.Token;
import io.tidegate.adapter.sql.parser.generated.TokenMgrError;
import java.io.StringReader;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a script at its semicolons with the parser's own lexer, so that one in a string, a quoted
 * name or a comment cuts nothing.
 */
final class ScriptLexer {
  /**
   * A statement's words, of which there is at least one, and its text from the first to the last.
   */
  record Piece(String text, List<Token> tokens) {
    int line() {
      return tokens.get(0).beginLine;
    }

    /**
     * The text behind as many lines and blanks as stand before it in the script: its positions are
     * the script's.
     */
    String inPlace() {
      return "\n".repeat(line() - 1) + " ".repeat(tokens.get(0).beginColumn - 1) + text;
    }
  }

  /** Characters whose columns count a tab as one, as the parser's do. */
  private static final class Characters extends SimpleCharStream {
    Characters(String text) {
      super(new StringReader(text));
      setTabSize(1);
    }
  }

  private static final Pattern PLACE = Pattern.compile("at line (\\d+), column (\\d+)");

  private final String text;
  private final int[] lineStarts;
  private final Characters characters;
  private final TidegateParserImplTokenManager lexer;

  private ScriptLexer(String text) {
    this.text = text;
    this.lineStarts = lineStarts(text);
    this.characters = new Characters(text);
    this.lexer = new TidegateParserImplTokenManager(characters);
    lexer.SwitchTo(TidegateParserImplConstants.DQID);
  }

  static List<Piece> split(String text) throws SQLException {
    return new ScriptLexer(text).pieces();
  }

  private List<Piece> pieces() throws SQLException {
    List<Piece> pieces = new ArrayList<>();
    List<Token> tokens = new ArrayList<>();
    while (true) {
      Token token = next();
      boolean atEnd = token.kind == TidegateParserImplConstants.EOF;
      if (!atEnd && token.kind != TidegateParserImplConstants.SEMICOLON) {
        tokens.add(token);
        continue;
      }
      if (!tokens.isEmpty()) {
        pieces.add(piece(tokens));
        tokens.clear();
      }
      if (atEnd) {
        return pieces;
      }
    }
  }

  private Piece piece(List<Token> tokens) {
    Token first = tokens.get(0);
    Token last = tokens.get(tokens.size() - 1);
    int begin = lineStarts[first.beginLine - 1] + first.beginColumn - 1;
    int end = lineStarts[last.endLine - 1] + last.endColumn;
    return new Piece(text.substring(begin, end), List.copyOf(tokens));
  }

  private Token next() throws SQLException {
    Token token;
    try {
      token = lexer.getNextToken();
    } catch (TokenMgrError e) {
      throw lexicalError(e);
    }
    // The grammar has a token for a quote that nothing closes.
    if (token.kind == TidegateParserImplConstants.QUOTE) {
      throw SyntaxError.at(token.beginLine, token.beginColumn, "the string is not closed", null);
    }
    if (token.kind == TidegateParserImplConstants.DOUBLE_QUOTE) {
      throw SyntaxError.at(
          token.beginLine, token.beginColumn, "the quoted identifier is not closed", null);
    }
    return token;
  }

  private SQLException lexicalError(TokenMgrError e) {
    int line = characters.getBeginLine();
    int column = characters.getBeginColumn();
    if (text.startsWith("/*", lineStarts[line - 1] + column - 1)) {
      return SyntaxError.at(line, column, "the comment is not closed", e);
    }
    Matcher place = PLACE.matcher(e.getMessage());
    if (place.find()) {
      line = Integer.parseInt(place.group(1));
      column = Integer.parseInt(place.group(2));
    }
    int offset = lineStarts[line - 1] + column - 1;
    String met = offset < text.length() ? Character.toString(text.codePointAt(offset)) : "";
    return SyntaxError.at(line, column, "met \"" + met + "\", which SQL does not use", e);
  }

  /**
   * The offset of each line's first character; a line ends with LF, CR or CR LF, as the lexer
   * counts them.
   */
  private static int[] lineStarts(String text) {
    int[] starts = new int[16];
    int lines = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean endsLine =
          c == '\n' || c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n');
      if (endsLine) {
        if (lines == starts.length) {
          starts = Arrays.copyOf(starts, lines * 2);
        }
        starts[lines++] = i + 1;
      }
    }
    return starts;
  }
}
