package io.tidegate.gateway;

import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.AvaticaClientRuntimeException;
import org.apache.calcite.avatica.AvaticaSqlException;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidatorException;

/**
 * Finds the one line and the SQLSTATE in whatever was thrown.
 *
 * <p>A mistake in SQL surfaces as five exceptions around each other: the driver's ("Error while
 * executing SQL ..."), Calcite's context with a position, and the sentence itself; over Avatica all
 * of them are pasted into one text. The rules, first that fits: what a remote server said; what
 * Calcite's parser or validator said, with the place; the outermost {@link SQLException} that has a
 * SQLSTATE, because who gave one knew; a network or file failure; anything else is our bug and says
 * so.
 */
final class SqlErrors {
  /** SQLSTATE where nobody gave one. */
  static final String GENERAL = "HY000";

  /** SQLSTATE of what must not happen. */
  static final String INTERNAL = "XX000";

  private static final String REMOTE_PREFIX = "Remote driver error: ";
  private static final String UNKNOWN_REMOTE_STATE = "00000";

  /** What Calcite says about names and types, and the SQLSTATE it means. */
  private static final List<State> VALIDATOR_STATES =
      List.of(
          new State("(Object|Table) '.*' not found.*", "42S02"),
          new State("(Column|Field) '.*' not found.*|Unknown field .*", "42S22"),
          new State("No match found for function signature .*", "42883"),
          new State(".* already exists.*", "42S01"),
          new State("Cannot apply '.*' to arguments of type .*", "42804"),
          new State("Cannot assign to target field .*", "42804"),
          new State("Number of INSERT target columns .*", "21S01"));

  private static final Pattern WRAPPER =
      Pattern.compile("(?s)(?:Error while executing SQL \".*\"|[Ww]hile preparing SQL.*?): (.*)");

  private SqlErrors() {}

  private record State(Pattern pattern, String sqlState) {
    State(String pattern, String sqlState) {
      this(Pattern.compile(pattern, Pattern.DOTALL), sqlState);
    }
  }

  static SqlError of(Throwable failure) {
    List<Throwable> chain = chain(failure);
    return remote(chain)
        .or(() -> calcite(chain))
        .or(() -> withState(chain))
        .or(() -> environment(chain))
        .or(() -> stateless(chain))
        .orElseGet(() -> bug(chain));
  }

  /** The failure and its causes, outermost first; a circle is followed once. */
  private static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable t = failure; t != null && seen.add(t); t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }

  private static Optional<SqlError> remote(List<Throwable> chain) {
    for (Throwable t : chain) {
      if (t instanceof AvaticaSqlException e) {
        return Optional.of(remote(e.getSQLState(), e.getErrorMessage()));
      }
      if (t instanceof AvaticaClientRuntimeException e) {
        return Optional.of(remote(e.getSqlState(), e.getMessage()));
      }
    }
    return Optional.empty();
  }

  private static SqlError remote(String sqlState, String message) {
    int at = message.lastIndexOf(REMOTE_PREFIX);
    String said = at < 0 ? message : message.substring(at + REMOTE_PREFIX.length());
    boolean unknown = sqlState == null || sqlState.equals(UNKNOWN_REMOTE_STATE);
    return new SqlError(unknown ? GENERAL : sqlState, oneLine(said));
  }

  private static Optional<SqlError> calcite(List<Throwable> chain) {
    SqlParserPos place = null;
    for (Throwable t : chain) {
      if (t instanceof SQLException e && e.getSQLState() != null) {
        return Optional.empty();
      }
      if (t instanceof SqlParseException e) {
        return Optional.of(new SqlError("42601", parseMessage(e)));
      }
      if (t instanceof CalciteContextException e) {
        place = new SqlParserPos(e.getPosLine(), e.getPosColumn());
        if (e.getCause() == null) {
          return Optional.of(validation(e.getMessage(), place));
        }
      } else if (t instanceof SqlValidatorException || place != null) {
        return Optional.of(validation(t.getMessage(), place));
      }
    }
    return Optional.empty();
  }

  private static SqlError validation(String message, SqlParserPos place) {
    String said = oneLine(message);
    String sqlState =
        VALIDATOR_STATES.stream()
            .filter(state -> state.pattern().matcher(said).matches())
            .map(State::sqlState)
            .findFirst()
            .orElse("42000");
    return new SqlError(sqlState, said + at(place));
  }

  /** Calcite's parser lists every token it could have used, on a hundred lines: keep the first. */
  private static String parseMessage(SqlParseException e) {
    String message = e.getMessage() == null ? "syntax error" : e.getMessage();
    int expecting = message.indexOf("Was expecting");
    String said = oneLine(expecting < 0 ? message : message.substring(0, expecting));
    said = said.replaceFirst(" at line \\d+, column \\d+\\.?$", "");
    return "Syntax error: " + said + at(e.getPos());
  }

  private static String at(SqlParserPos place) {
    return place == null || place.getLineNum() < 1
        ? ""
        : " (line " + place.getLineNum() + ", column " + place.getColumnNum() + ")";
  }

  private static Optional<SqlError> withState(List<Throwable> chain) {
    for (Throwable t : chain) {
      if (t instanceof SQLException e && e.getSQLState() != null) {
        return Optional.of(new SqlError(e.getSQLState(), unwrapped(e)));
      }
    }
    return Optional.empty();
  }

  private static Optional<SqlError> environment(List<Throwable> chain) {
    for (Throwable t : chain) {
      if (t instanceof ConnectException || t instanceof UnknownHostException) {
        return Optional.of(new SqlError("08001", "cannot connect: " + oneLine(t.getMessage())));
      }
      if (t instanceof SocketTimeoutException) {
        return Optional.of(new SqlError("08S01", "no answer in time: " + oneLine(t.getMessage())));
      }
      if (t instanceof NoSuchFileException || t instanceof FileNotFoundException) {
        return Optional.of(new SqlError("58P01", "no such file: " + oneLine(t.getMessage())));
      }
      if (t instanceof AccessDeniedException) {
        return Optional.of(new SqlError("42501", "access denied: " + oneLine(t.getMessage())));
      }
    }
    return Optional.empty();
  }

  /** The innermost driver's own words, where no driver gave a SQLSTATE. */
  private static Optional<SqlError> stateless(List<Throwable> chain) {
    SQLException innermost = null;
    for (Throwable t : chain) {
      if (t instanceof SQLException e && e.getMessage() != null) {
        innermost = e;
      }
    }
    Throwable root = chain.get(chain.size() - 1);
    if (innermost == null || (root != innermost && isBug(root))) {
      return Optional.empty();
    }
    return Optional.of(new SqlError(GENERAL, unwrapped(innermost)));
  }

  private static SqlError bug(List<Throwable> chain) {
    Throwable root = chain.get(chain.size() - 1);
    if (!isBug(root) && root.getMessage() != null) {
      return new SqlError(GENERAL, oneLine(root.getMessage()));
    }
    String what = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return new SqlError(INTERNAL, "internal error (please report it): " + oneLine(what));
  }

  private static boolean isBug(Throwable t) {
    return t instanceof NullPointerException
        || t instanceof IllegalStateException
        || t instanceof ClassCastException
        || t instanceof IndexOutOfBoundsException
        || t instanceof UnsupportedOperationException
        || t instanceof Error;
  }

  private static String unwrapped(SQLException e) {
    String message = e.getMessage() == null ? "no message" : e.getMessage();
    Matcher wrapper = WRAPPER.matcher(message);
    return oneLine(wrapper.matches() ? wrapper.group(1) : message);
  }

  private static String oneLine(String message) {
    return message == null ? "no message" : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
