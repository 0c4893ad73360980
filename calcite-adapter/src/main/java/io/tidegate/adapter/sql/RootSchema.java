package io.tidegate.adapter.sql;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.impl.AbstractSchema;

/** The schemas of an open catalog; the way from Calcite's prepare step back to the catalog. */
final class RootSchema extends AbstractSchema {
  private final OpenCatalog catalog;
  private final boolean timestampText;

  /**
   * Creates the root of one connection.
   *
   * @param timestampText whether the connection wants TIMESTAMP columns as text
   */
  RootSchema(OpenCatalog catalog, boolean timestampText) {
    this.catalog = requireNonNull(catalog, "catalog");
    this.timestampText = timestampText;
  }

  static RootSchema of(CalcitePrepare.Context context) {
    return (RootSchema) context.getRootSchema().root().schema;
  }

  OpenCatalog catalog() {
    return catalog;
  }

  boolean timestampText() {
    return timestampText;
  }

  /** Nothing is cached by Calcite: a table made by another session is there at once. */
  CalciteSchema calciteSchema() {
    return CalciteSchema.createRootSchema(false, false, "", this);
  }

  static OpenCatalog catalogOf(CalciteSchema schema) {
    return ((RootSchema) schema.root().schema).catalog;
  }

  @Override
  protected Map<String, Schema> getSubSchemaMap() {
    return catalog.schemas();
  }
}
