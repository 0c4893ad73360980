package io.tidegate.adapter.catalog;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Locale;

/**
 * The Parquet lake: schema {@code lake}.
 *
 * @param root directory that holds the tables; made when it is missing
 * @param codec how new Parquet files are compressed, unless a table says otherwise
 */
public record Lake(Path root, Codec codec) {
  /** Name under which SQL sees the lake. No other schema may have it. */
  public static final String SCHEMA = "lake";

  public Lake {
    requireNonNull(root, "root");
    requireNonNull(codec, "codec");
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
