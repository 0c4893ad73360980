/**
 * The ports of {@link io.tidegate.adapter.ports} over the lake and DuckDB. {@link
 * io.tidegate.adapter.storage.StorageGateway} is the one way in; SQL does not leave this package.
 */
package io.tidegate.adapter.storage;
