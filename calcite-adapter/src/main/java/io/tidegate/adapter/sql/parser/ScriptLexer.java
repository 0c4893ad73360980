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

/**
 * Cuts a script at its semicolons with the parser's own lexer, so that one in a string, a quoted
 * name or a comment cuts nothing.
 */
final class ScriptLexer {
  /** A statement's text and where it begins; line and column count from 1. */
  record Piece(String text, int line, int column) {
    /**
     * The text behind as many lines and blanks as stand before it in the script: its positions are
     * the script's.
     */
    String inPlace() {
      return "\n".repeat(line - 1) + " ".repeat(column - 1) + text;
    }
  }

  /** Characters whose columns count a tab as one, as the parser's do. */
  private static final class Characters extends SimpleCharStream {
    Characters(String text) {
      super(new StringReader(text));
      setTabSize(1);
    }
  }

  private ScriptLexer() {}

  static List<Piece> split(String text) throws SQLException {
    int[] lineStarts = lineStarts(text);
    TidegateParserImplTokenManager lexer = new TidegateParserImplTokenManager(new Characters(text));
    lexer.SwitchTo(TidegateParserImplConstants.DQID);
    List<Piece> pieces = new ArrayList<>();
    Token first = null;
    Token last = null;
    while (true) {
      Token token = next(lexer, text);
      boolean atEnd = token.kind == TidegateParserImplConstants.EOF;
      if (atEnd || token.kind == TidegateParserImplConstants.SEMICOLON) {
        if (first != null) {
          int begin = lineStarts[first.beginLine - 1] + first.beginColumn - 1;
          int end = lineStarts[last.endLine - 1] + last.endColumn;
          pieces.add(new Piece(text.substring(begin, end), first.beginLine, first.beginColumn));
        }
        if (atEnd) {
          return pieces;
        }
        first = null;
      } else {
        first = first == null ? token : first;
        last = token;
      }
    }
  }

  private static Token next(TidegateParserImplTokenManager lexer, String text) throws SQLException {
    try {
      return lexer.getNextToken();
    } catch (TokenMgrError e) {
      throw SyntaxError.ofLexer(e.getMessage(), e);
    }
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
