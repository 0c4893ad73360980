package io.tidegate.adapter.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClickHouseTypesTest {
  private static final RelDataTypeFactory FACTORY =
      new SqlTypeFactoryImpl(
          new RelDataTypeSystemImpl() {
            @Override
            public int getMaxPrecision(SqlTypeName name) {
              return switch (name) {
                case DECIMAL -> 38;
                case TIMESTAMP -> 6;
                default -> super.getMaxPrecision(name);
              };
            }

            @Override
            public int getMaxScale(SqlTypeName name) {
              return name == SqlTypeName.DECIMAL ? 38 : super.getMaxScale(name);
            }
          });
  private static ClickHouseClient client;

  @BeforeAll
  static void connect() throws Exception {
    client = new ClickHouseClient(TestClickHouse.endpoint());
  }

  @AfterAll
  static void disconnect() {
    client.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "Bool | BOOLEAN | true | Bool | true",
        "Int8 | TINYINT | -128 | Int(8, true) | -128",
        "UInt8 | SMALLINT | 255 | Int(16, true) | 255",
        "UInt16 | INTEGER | 65535 | Int(32, true) | 65535",
        "UInt32 | BIGINT | 4294967295 | Int(64, true) | 4294967295",
        "Int64 | BIGINT | -9223372036854775808 | Int(64, true) | -9223372036854775808",
        "UInt64 | DECIMAL(20, 0) | 18446744073709551615 | Decimal(20, 0, 128) | 18446744073709551615",
        "Int128 | DECIMAL(38, 0) | -99999999999999999999999999999999999999 | Decimal(38, 0, 128) | -99999999999999999999999999999999999999",
        "UInt128 | DECIMAL(38, 0) | 99999999999999999999999999999999999999 | Decimal(38, 0, 128) | 99999999999999999999999999999999999999",
        "Float32 | REAL | -inf | FloatingPoint(SINGLE) | -Infinity",
        "Float64 | DOUBLE | nan | FloatingPoint(DOUBLE) | NaN",
        "Decimal(9, 2) | DECIMAL(9, 2) | -9999999.99 | Decimal(9, 2, 128) | -9999999.99",
        "Decimal(38, 10) | DECIMAL(38, 10) | 1.0000000001 | Decimal(38, 10, 128) | 1.0000000001",
        "String | VARCHAR | 😀 | Utf8 | 😀",
        "LowCardinality(String) | VARCHAR | x | Utf8 | x",
        "FixedString(3) | VARCHAR | abc | Utf8 | abc",
        "UUID | VARCHAR | 61f0c404-5cb3-11e7-907b-a6006ad3dba0 | Utf8 | 61f0c404-5cb3-11e7-907b-a6006ad3dba0",
        "IPv4 | VARCHAR | 1.2.3.4 | Utf8 | 1.2.3.4",
        "Enum8('a(' = 1, 'it\\'s, ok' = 2) | VARCHAR | a( | Utf8 | a(",
        "Date | DATE | 1970-01-02 | Date(DAY) | 1",
        "Date32 | DATE | 1900-01-01 | Date(DAY) | -25567",
        "DateTime | TIMESTAMP(0) | 1970-01-01 00:00:01 | Timestamp(SECOND, UTC) | 1",
        "DateTime('Asia/Tokyo') | TIMESTAMP(0) | 1970-01-01 09:00:01 | Timestamp(SECOND, UTC) | 1",
        "DateTime64(3, 'UTC') | TIMESTAMP(3) | 1969-12-31 23:59:59.999 | Timestamp(MILLISECOND, UTC) | -1",
        "DateTime64(6) | TIMESTAMP(6) | 1969-12-31 23:59:59.999999 | Timestamp(MICROSECOND, UTC) | -1",
        "DateTime64(9, 'UTC') | TIMESTAMP(6) | 1969-12-31 23:59:59.999999000 | Timestamp(MICROSECOND, UTC) | -1",
        "Array(UInt8) | SMALLINT ARRAY | [1,255] | List | [1,255]",
        "Array(Nullable(Int32)) | INTEGER ARRAY | [1,NULL] | List | [1,null]",
        "Array(Array(String)) | VARCHAR ARRAY ARRAY | [['a'],[]] | List | [[\\\"a\\\"],[]]"
      })
  void valueArrivesInTheCarriedType(
      String typeText, String calcite, String value, String arrow, String arrived)
      throws Exception {
    ClickHouseTypes.Supported type = supported(typeText);
    assertThat(type.type().toString()).isEqualTo(calcite);
    assertThat(type.type().isNullable()).isFalse();
    assertCarried(type, typeText, value, arrow, arrived.replace("\\\"", "\""));
    if (!typeText.startsWith("Array") && !typeText.startsWith("LowCardinality")) {
      String nullable = "Nullable(" + typeText + ")";
      ClickHouseTypes.Supported same = supported(nullable);
      assertThat(same.type().isNullable()).isTrue();
      assertCarried(same, nullable, value, arrow, arrived);
      assertCarried(same, nullable, null, arrow, "null");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UInt256",
        "Array(Int128)",
        "Array(DateTime64(9))",
        "Decimal(76, 10)",
        "Map(String, Int32)",
        "Tuple(a Int32, b String)",
        "Array(Map(String, String))",
        "AggregateFunction(sum, Int64)",
        "JSON",
        "Variant(Int32, String)",
        "Nullable(",
        "",
        "Enum8('a"
      })
  void typeWithoutCounterpartSaysWhy(String typeText) {
    ClickHouseTypes.Mapping mapping = ClickHouseTypes.toCalcite(typeText, FACTORY);
    assertThat(mapping).isInstanceOf(ClickHouseTypes.Unsupported.class);
    assertThat(((ClickHouseTypes.Unsupported) mapping).reason()).matches("(is|has) .+");
  }

  @Test
  void calciteTypesComeBackThroughClickHouse() {
    List<RelDataType> types = new ArrayList<>();
    for (SqlTypeName name :
        List.of(
            SqlTypeName.BOOLEAN,
            SqlTypeName.TINYINT,
            SqlTypeName.SMALLINT,
            SqlTypeName.INTEGER,
            SqlTypeName.BIGINT,
            SqlTypeName.REAL,
            SqlTypeName.DOUBLE,
            SqlTypeName.VARCHAR,
            SqlTypeName.DATE)) {
      types.add(FACTORY.createSqlType(name));
    }
    types.add(FACTORY.createSqlType(SqlTypeName.DECIMAL, 38, 10));
    types.add(FACTORY.createSqlType(SqlTypeName.TIMESTAMP, 0));
    types.add(FACTORY.createSqlType(SqlTypeName.TIMESTAMP, 6));
    for (RelDataType type : List.copyOf(types)) {
      types.add(FACTORY.createTypeWithNullability(type, true));
      types.add(FACTORY.createArrayType(type, -1));
    }
    for (RelDataType type : types) {
      assertThat(supported(ClickHouseTypes.toClickHouse(type)).type()).isEqualTo(type);
    }
  }

  @Test
  void calciteTypeThatClickHouseLacksIsNamed() {
    assertThatThrownBy(
            () -> ClickHouseTypes.toClickHouse(FACTORY.createSqlType(SqlTypeName.GEOMETRY)))
        .hasMessage("type GEOMETRY in ClickHouse");
  }

  private static ClickHouseTypes.Supported supported(String typeText) {
    return (ClickHouseTypes.Supported) ClickHouseTypes.toCalcite(typeText, FACTORY);
  }

  private static void assertCarried(
      ClickHouseTypes.Supported type, String typeText, String value, String arrow, String arrived)
      throws Exception {
    String sql =
        "SELECT "
            + type.carried("v", "v")
            + " AS v FROM (SELECT CAST({p:Nullable(String)}, '"
            + quote(typeText)
            + "') AS v)";
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("p", value);
    try (BufferAllocator allocator = new RootAllocator()) {
      try (ArrowReader reader =
          client.query(
              value == null ? sql : sql.replace("Nullable(String)}", "String}"),
              parameters,
              ClickHouseClient.newQueryId(),
              allocator)) {
        assertThat(reader.loadNextBatch()).isTrue();
        var vector = reader.getVectorSchemaRoot().getVector("v");
        assertThat(vector.getField().getType()).hasToString(arrow);
        assertThat(String.valueOf(vector.getObject(0))).isEqualTo(arrived);
      }
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }

  private static String quote(String typeText) {
    return typeText.replace("\\", "\\\\").replace("'", "\\'");
  }
}
