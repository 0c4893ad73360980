/**
 * The catalog file: which stores there are and where, as checked values.
 *
 * <p>Nothing here opens a store. {@link io.tidegate.adapter.catalog.CatalogFile#read} either gives
 * a whole, valid catalog or one line that names the file, the key and what would have worked.
 */
package io.tidegate.adapter.catalog;
