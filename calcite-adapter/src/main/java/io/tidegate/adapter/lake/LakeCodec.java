package io.tidegate.adapter.lake;

import java.util.Arrays;
import java.util.Locale;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** How a table's pages are compressed. */
public enum LakeCodec {
  /** The default: candles and ticks shrink to about half of what snappy makes of them. */
  ZSTD(CompressionCodecName.ZSTD),
  SNAPPY(CompressionCodecName.SNAPPY),
  NONE(CompressionCodecName.UNCOMPRESSED);

  private final CompressionCodecName parquetName;

  LakeCodec(CompressionCodecName parquetName) {
    this.parquetName = parquetName;
  }

  CompressionCodecName parquetName() {
    return parquetName;
  }

  /** The word in a definition and in SQL. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static LakeCodec parse(String text) throws LakeException {
    return Arrays.stream(values())
        .filter(codec -> codec.text().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                LakeException.invalid("codec must be zstd, snappy or none but was '" + text + "'"));
  }
}
