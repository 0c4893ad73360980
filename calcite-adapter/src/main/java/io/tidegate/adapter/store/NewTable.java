package io.tidegate.adapter.store;

import java.sql.SQLException;

/** A table that is not there yet: the target of CREATE TABLE, alone or with its first rows. */
public interface NewTable extends InsertTarget {

  /** Makes it, empty. */
  void create() throws SQLException;
}
