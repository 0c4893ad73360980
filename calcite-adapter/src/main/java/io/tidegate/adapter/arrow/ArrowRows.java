package io.tidegate.adapter.arrow;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.calcite.linq4j.Enumerator;

/**
 * The only door from Arrow to rows: reads a result batch by batch and gives each row as Avatica
 * wants it, an array of values or, for a single column, the value itself. Memory is that of one
 * batch.
 */
public final class ArrowRows implements Enumerator<Object> {
  private final ArrowExecution execution;
  private final ArrowReader reader;
  private final List<ColumnReader> columnReaders;
  private final boolean singleValue;
  private FieldVector[] vectors = {};
  private int row = -1;
  private int rowCount;
  private boolean closed;

  /**
   * Opens a source.
   *
   * @param execution closed with these rows
   * @param columnReaders one for each column of the source
   * @param singleValue whether a row is its only column's value instead of an array
   */
  public ArrowRows(
      ArrowExecution execution,
      ArrowSource source,
      List<ColumnReader> columnReaders,
      boolean singleValue)
      throws SQLException {
    this.execution = requireNonNull(execution, "execution");
    this.columnReaders = List.copyOf(columnReaders);
    this.singleValue = singleValue;
    this.reader = execution.open(source);
  }

  @Override
  public boolean moveNext() {
    if (closed) {
      return false;
    }
    row++;
    while (row >= rowCount) {
      if (!nextBatch()) {
        return false;
      }
    }
    return true;
  }

  private boolean nextBatch() {
    try {
      execution.checkCancelled();
      if (!reader.loadNextBatch()) {
        rowCount = 0;
        row = -1;
        close();
        return false;
      }
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      vectors = root.getFieldVectors().toArray(FieldVector[]::new);
      rowCount = root.getRowCount();
      row = 0;
      return true;
    } catch (IOException e) {
      SQLException failure = sqlException(e);
      closeAfter(failure);
      throw SqlFailure.unchecked(failure);
    } catch (SQLException e) {
      closeAfter(e);
      throw SqlFailure.unchecked(e);
    } catch (RuntimeException e) {
      closeAfter(e);
      throw e;
    }
  }

  private static SQLException sqlException(IOException e) {
    SQLException cause = SqlFailure.causeOf(e);
    return cause != null
        ? cause
        : new SQLException("Reading the result failed: " + e.getMessage(), "08006", e);
  }

  @Override
  public Object current() {
    if (singleValue) {
      return columnReaders.get(0).read(vectors[0], row);
    }
    Object[] values = new Object[columnReaders.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = columnReaders.get(i).read(vectors[i], row);
    }
    return values;
  }

  @Override
  public void reset() {
    throw new UnsupportedOperationException("A result is read once");
  }

  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (execution) {
      reader.close();
    } catch (IOException e) {
      throw SqlFailure.unchecked(sqlException(e));
    } catch (SQLException e) {
      throw SqlFailure.unchecked(e);
    }
  }
}
