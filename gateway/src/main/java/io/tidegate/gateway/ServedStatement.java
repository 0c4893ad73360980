package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.jdbc.StatementInfo;

/**
 * A client's statement on the server, with what is left of its result.
 *
 * <p>Avatica keeps its own field for the statement to itself, hence the second one.
 */
final class ServedStatement extends StatementInfo {
  private final Statement statement;
  private RowFrames frames;
  private long sentRows;

  ServedStatement(Statement statement) {
    super(requireNonNull(statement, "statement"));
    this.statement = statement;
  }

  Statement statement() {
    return statement;
  }

  @Override
  public void setResultSet(ResultSet result) {
    super.setResultSet(result);
    frames = null;
    sentRows = 0;
  }

  /**
   * Reads the next frame.
   *
   * @param offset rows that the client has; a frame is never sent twice, so this must be all of
   *     them
   */
  Meta.Frame nextFrame(long offset) throws SQLException {
    if (offset != sentRows) {
      throw new SQLException(
          "Cannot send rows from " + offset + " again: " + sentRows + " were sent and are gone",
          "24000");
    }
    if (frames == null) {
      frames = new RowFrames(getResultSet());
    }
    Meta.Frame frame = frames.next(offset);
    sentRows += frames.rows();
    return frame;
  }
}
