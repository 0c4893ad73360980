package io.tidegate.adapter.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LakeTypeTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int | INTEGER",
        "FLOAT | DOUBLE",
        "double precision | DOUBLE",
        "BIGINT UNSIGNED | UBIGINT",
        "numeric(18,8) | DECIMAL(18, 8)",
        "DECIMAL(5) | DECIMAL(5, 0)",
        "DECIMAL | DECIMAL(38, 0)",
        "character varying(20) | VARCHAR(20)",
        "TIMESTAMP | TIMESTAMP(6)",
        "timestamp( 3 ) | TIMESTAMP(3)",
        "TIMESTAMP WITH LOCAL TIME ZONE | TIMESTAMP(6) WITH LOCAL TIME ZONE",
        "TIMESTAMP_WITH_LOCAL_TIME_ZONE(3) | TIMESTAMP(3) WITH LOCAL TIME ZONE",
      })
  void spellingsOfATypeHaveOneCanonicalText(String spelling, String canonical) throws Exception {
    assertThat(LakeType.parse(spelling).sql()).isEqualTo(canonical);
    assertThat(LakeType.parse(canonical)).isEqualTo(LakeType.parse(spelling));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HUGEINT",
        "DECIMAL(39, 2)",
        "DECIMAL(4, 5)",
        "DATE(3)",
        "DATE WITH TIME ZONE",
        "TIMESTAMP(10)",
        "VARCHAR(0)",
        "",
        "INTERVAL DAY"
      })
  void typeThatParquetWouldBendIsRefusedByName(String sql) {
    assertThatThrownBy(() -> LakeType.parse(sql))
        .isInstanceOf(LakeException.class)
        .hasMessageStartingWith("The lake cannot keep the type " + sql);
  }

  /** Each type as DuckDB writes it: the file keeps it, and its statistics come back whole. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BOOLEAN | BOOLEAN | false | true",
        "TINYINT | TINYINT | -128 | 127",
        "SMALLINT | SMALLINT | -32768 | 32767",
        "INTEGER | INTEGER | -2147483648 | 2147483647",
        "BIGINT | BIGINT | -9223372036854775808 | 9223372036854775807",
        "UTINYINT | UTINYINT | 0 | 255",
        "USMALLINT | USMALLINT | 0 | 65535",
        "UINTEGER | UINTEGER | 0 | 4294967295",
        "UBIGINT | UBIGINT | 0 | 18446744073709551615",
        "REAL | REAL | -1.5 | 2.5",
        "DOUBLE | DOUBLE | -Infinity | 1.0E300",
        "DECIMAL(4, 2) | DECIMAL(4, 2) | -99.99 | 99.99",
        "DECIMAL(18, 8) | DECIMAL(18, 8) | -9999999999.99999999 | 0.00000001",
        "DECIMAL(38, 0) | DECIMAL(38, 0) | -99999999999999999999999999999999999999 | 7",
        "VARCHAR | VARCHAR | Zürich | 😀",
        "CHAR(3) | VARCHAR | abc | xyz",
        "DATE | DATE | 1969-12-31 | 2024-02-29",
        "TIME(6) | TIME | 00:00:00 | 23:59:59.999999",
        "TIMESTAMP(6) | TIMESTAMP | 1969-12-31 23:59:59.999999 | 2024-01-01 00:00:00.123456",
        "TIMESTAMP(3) | TIMESTAMP_MS | 1969-12-31 23:59:59.999 | 2024-01-01 00:00:00.123",
        "TIMESTAMP(3) | TIMESTAMP | 1969-12-31 23:59:59.999 | 2024-01-01 00:00:00.123",
        "TIMESTAMP(9) | TIMESTAMP_NS | 1969-12-31 23:59:59.999999999 | 2024-01-01 00:00:00",
      })
  void fileWrittenByDuckDbKeepsTheTypeAndItsExtremes(
      String type, String duckDbType, String least, String greatest) throws Exception {
    LakeColumn column = LakeFixture.column("c", type);
    Path file = directory.resolve("part-0000.parquet");
    LakeFixture.copy(
        "SELECT unnest(['" + greatest + "', '" + least + "', NULL])::" + duckDbType + " AS c",
        file);

    ParquetFooter footer = ParquetFooter.read(file);
    footer.check(new LakeTableDefinition(List.of(column), List.of(), List.of(), LakeCodec.ZSTD));
    ColumnBounds bounds = footer.bounds(column);

    assertThat(bounds.min().map(LakeValue::text)).contains(least);
    assertThat(bounds.max().map(LakeValue::text)).contains(greatest);
    assertThat(bounds.nulls()).isEqualTo(1);
    assertThat(LakeValue.compare(bounds.min().get(), bounds.max().get())).isNegative();
    assertThat(LakeValue.parse(column.type(), least)).isEqualTo(bounds.min().get());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "VARBINARY | '\\xAA'::BLOB",
        "UUID | '00000000-0000-0000-0000-000000000001'::UUID",
        "TIMESTAMP(6) WITH LOCAL TIME ZONE | TIMESTAMPTZ '2024-01-01 00:00:00+00'",
      })
  void typeWithoutUsableStatisticsIsKeptToo(String type, String value) throws Exception {
    Path file = directory.resolve("part-0000.parquet");
    LakeFixture.copy("SELECT " + value + " AS c", file);
    ParquetFooter.read(file)
        .check(
            new LakeTableDefinition(
                List.of(LakeFixture.column("c", type)), List.of(), List.of(), LakeCodec.ZSTD));
  }

  @Test
  void notANumberMakesTheBoundsUnknown() throws Exception {
    Path file = directory.resolve("part-0000.parquet");
    LakeFixture.copy("SELECT unnest([1.0, 'NaN'::DOUBLE]) AS c", file);
    ColumnBounds bounds = ParquetFooter.read(file).bounds(LakeFixture.column("c", "DOUBLE"));
    assertThat(bounds.min()).isEmpty();
    assertThat(bounds.max()).isEmpty();
  }

  /** DuckDB cuts long texts in statistics; an upper bound is then above every value. */
  @Test
  void boundsOfLongTextsEncloseTheValues() throws Exception {
    Path file = directory.resolve("part-0000.parquet");
    LakeFixture.copy("SELECT unnest([repeat('a', 1000), repeat('ü', 1000)]) AS c", file);
    ColumnBounds bounds = ParquetFooter.read(file).bounds(LakeFixture.column("c", "VARCHAR"));
    bounds
        .min()
        .ifPresent(
            min -> assertThat(LakeValue.compare(min, "a".repeat(1000))).isLessThanOrEqualTo(0));
    bounds
        .max()
        .ifPresent(
            max -> assertThat(LakeValue.compare(max, "ü".repeat(1000))).isGreaterThanOrEqualTo(0));
  }

  @Test
  void textIsOrderedByItsBytesAndNotByUtf16() {
    String beyondBasicPlane = "😀";
    String endOfBasicPlane = "�";
    assertThat(LakeValue.compare(beyondBasicPlane, endOfBasicPlane)).isPositive();
    assertThat(LakeValue.compare(-0.0, 0.0)).isZero();
  }

  @Test
  void valueThatTheTypeCannotHoldIsNoValueOfIt() throws Exception {
    LakeType integer = LakeType.parse("INTEGER");
    assertThat(LakeValue.of(integer, new BigDecimal("7.00"))).contains(7L);
    assertThat(LakeValue.of(integer, new BigDecimal("7.5"))).isEmpty();
    assertThat(LakeValue.of(integer, "7")).isEmpty();
    assertThat(LakeValue.of(LakeType.parse("DOUBLE"), Double.NaN)).isEqualTo(Optional.empty());
  }
}
