package io.tidegate.adapter.catalog;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The Parquet lake: schema {@code lake}.
 *
 * @param root directory that holds the tables; made when it is missing
 * @param codec how new Parquet files are compressed, unless a table says otherwise
 * @param clickHouseReads where ClickHouse sees the same files, if it does
 */
public record Lake(Path root, Codec codec, Optional<ClickHouseReads> clickHouseReads) {
  /** Name under which SQL sees the lake. No other schema may have it. */
  public static final String SCHEMA = "lake";

  public Lake {
    requireNonNull(root, "root");
    requireNonNull(codec, "codec");
    requireNonNull(clickHouseReads, "clickHouseReads");
  }

  /**
   * The lake as a ClickHouse server sees it.
   *
   * @param root a directory of the server, or the URL of an object store
   * @param objectStore whether it is a URL
   * @param accessKey of the object store; empty where the server has its own
   * @param secretKey kept out of {@link #toString()}
   * @param cluster of the server's configuration, whose servers all see the lake like this
   * @param writes whether the server may also write files of new runs there
   */
  public record ClickHouseReads(
      String root,
      boolean objectStore,
      Optional<String> accessKey,
      Optional<String> secretKey,
      Optional<String> cluster,
      boolean writes) {
    public ClickHouseReads {
      requireNonNull(root, "root");
      requireNonNull(accessKey, "accessKey");
      requireNonNull(secretKey, "secretKey");
      requireNonNull(cluster, "cluster");
    }

    @Override
    public String toString() {
      return "ClickHouseReads[" + root + ", cluster=" + cluster + ", writes=" + writes + "]";
    }
  }

  /** Compression of Parquet pages. */
  public enum Codec {
    ZSTD,
    SNAPPY,
    NONE;

    /** The word for it in catalogs and in {@code _table.json}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
