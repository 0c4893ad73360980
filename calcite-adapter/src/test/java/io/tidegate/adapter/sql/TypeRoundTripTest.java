package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.adapter.clickhouse.ClickHouseClient;
import io.tidegate.adapter.clickhouse.ClickHouseTypes;
import io.tidegate.adapter.clickhouse.TestClickHouse;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the tables of docs/types.md: every type of every store, both ways and across. */
class TypeRoundTripTest {
  private static final String NULL = "null";
  private static final AtomicInteger TABLES = new AtomicInteger();

  @TempDir private static Path directory;
  private static String database;
  private static ClickHouseClient clickHouse;
  private static TestCatalog server;
  private static TestCatalog local;

  @BeforeAll
  static void open() throws Exception {
    fillDuckDb();
    // Two catalogs over one lake: a ClickHouse server and a DuckDB file are never in one.
    Path shared = directory.resolve("server");
    server = TestCatalog.clickHouse(TypeRoundTripTest.class, shared);
    database = server.store();
    clickHouse = new ClickHouseClient(TestClickHouse.endpoint());
    fillClickHouse();
    Files.createDirectories(shared.resolve("lake"));
    Files.createSymbolicLink(directory.resolve("lake"), shared.resolve("lake"));
    local = TestCatalog.duckDb(directory);
  }

  /** Tables that only ClickHouse itself can make, by the rows of the page. */
  private static void fillClickHouse() throws Exception {
    int number = 0;
    for (List<String> row : TypeTable.rows("ClickHouse")) {
      String table = database + ".native_" + number++;
      String type = row.get(0);
      nativeTable(table, "v " + declared(type));
      List<String> values = new ArrayList<>();
      for (String value : TypeTable.values(row.get(3))) {
        values.add(
            "SELECT CAST(%s, %s) AS v".formatted(chText(given(value)), chText(declared(type))));
      }
      if (takesNull(type)) {
        values.add("SELECT NULL AS v");
      }
      nativeUpdate("INSERT INTO " + table + " " + String.join(" UNION ALL ", values));
      nativeTable(table + "_back", "v " + declared(type));
      nativeTable(table + "_copy", "v " + declared(type));
    }
    number = 0;
    for (List<String> row : TypeTable.rows("store")) {
      if (row.get(0).equals("ClickHouse")) {
        String table = database + ".refused_" + number++;
        nativeTable(table, "a Int32, v " + row.get(1));
        nativeUpdate(
            "INSERT INTO " + table + " VALUES (1, " + TypeTable.values(row.get(2)).get(0) + ")");
      }
    }
    nativeTable(database + ".wide", "a Int32, i Nullable(Int128), u UInt128, t DateTime64(9)");
    nativeUpdate(
        "INSERT INTO "
            + database
            + ".wide SELECT 1, '-100000000000000000000000000000000000000',"
            + " '340282366920938463463374607431768211455', '1969-12-31 23:59:59.999999999'");
    nativeTable(database + ".no_text", "a Int32, s String, l Array(String)");
    nativeUpdate(
        "INSERT INTO " + database + ".no_text SELECT number, 'ok', ['é'] FROM numbers(1000)");
    number = 0;
    for (List<String> row : misfits().toList()) {
      nativeTable(database + ".misfit_" + number++, "v " + declared(row.get(0)));
    }
  }

  private static void nativeTable(String table, String columns) throws SQLException {
    nativeUpdate(
        "CREATE TABLE " + table + " (" + columns + ") ENGINE = MergeTree ORDER BY tuple()");
  }

  private static boolean takesNull(String type) {
    return !type.startsWith("Array") && !type.startsWith("LowCardinality");
  }

  private static String declared(String type) {
    return takesNull(type) ? "Nullable(" + type + ")" : type;
  }

  /** Tables and files that only DuckDB itself can make, by the rows of the page. */
  private static void fillDuckDb() throws Exception {
    try (Connection duckDb =
            DriverManager.getConnection("jdbc:duckdb:" + directory.resolve("warehouse.duckdb"));
        Statement statement = duckDb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      int number = 0;
      for (List<String> row : TypeTable.rows("DuckDB")) {
        String table = "native_" + number++;
        statement.execute("CREATE TABLE " + table + " (v " + row.get(0) + ")");
        for (String value : TypeTable.values(row.get(2))) {
          statement.execute(
              "INSERT INTO "
                  + table
                  + " VALUES (CAST("
                  + quoted(given(value))
                  + " AS "
                  + row.get(0)
                  + "))");
        }
        statement.execute("INSERT INTO " + table + " VALUES (NULL)");
        statement.execute(
            "COPY " + table + " TO '" + directory.resolve(table) + ".parquet' (FORMAT parquet)");
      }
      number = 0;
      for (List<String> row : TypeTable.rows("store")) {
        if (row.get(0).equals("DuckDB")) {
          String table = "refused_" + number++;
          statement.execute("CREATE TABLE " + table + " (a INTEGER, v " + row.get(1) + ")");
          statement.execute(
              "INSERT INTO "
                  + table
                  + " VALUES (1, CAST("
                  + TypeTable.values(row.get(2)).get(0)
                  + " AS "
                  + row.get(1)
                  + "))");
        }
      }
      statement.execute("CREATE TABLE wide_hugeint (v HUGEINT)");
      statement.execute(
          "INSERT INTO wide_hugeint VALUES (-100000000000000000000000000000000000000)");
      statement.execute("CREATE TABLE wide_timestamp_ns (v TIMESTAMP_NS)");
      statement.execute(
          "INSERT INTO wide_timestamp_ns VALUES (TIMESTAMP_NS '1969-12-31 23:59:59.999999999')");
      statement.execute("CREATE TABLE infinite_date (v DATE)");
      statement.execute("INSERT INTO infinite_date VALUES ('infinity')");
      statement.execute("CREATE TABLE infinite_timestamp (v TIMESTAMP)");
      statement.execute("INSERT INTO infinite_timestamp VALUES ('-infinity')");
    }
  }

  @AfterAll
  static void close() throws SQLException {
    local.close();
    server.close();
    clickHouse.close();
  }

  // --- columns that SQL makes

  static Stream<List<String>> sqlTypes() throws Exception {
    return TypeTable.rows("SQL").stream();
  }

  @ParameterizedTest
  @MethodSource("sqlTypes")
  void sqlTypeIsKeptByEveryStoreAndOnTheWayBetweenThem(List<String> row) throws Exception {
    String type = row.get(0);
    List<String> schemas = List.of(database, "lake", "warehouse");
    List<String> literals = TypeTable.values(row.get(4));
    List<String> expected = new ArrayList<>(literals.stream().map(l -> plain(l, type)).toList());
    List<String> kept = new ArrayList<>();
    String name = "sql_" + TABLES.incrementAndGet();
    for (int i = 0; i < schemas.size(); i++) {
      String table = schemas.get(i) + "." + name;
      if (row.get(i + 1).equals("-")) {
        assertThatThrownBy(() -> update("CREATE TABLE " + table + " (v " + type + ")"))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining(type.replaceAll("\\(.*", ""));
        continue;
      }
      update("CREATE TABLE " + table + " (v " + type + ")");
      kept.add(table);
      for (String literal : literals) {
        update("INSERT INTO " + table + " VALUES (" + literal + ")");
      }
      assertThat(texts("SELECT v FROM " + table)).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(remark(schemas.get(i), name).replaceFirst("^Nullable\\((.*)\\)$", "$1"))
          .isEqualTo(row.get(i + 1));
    }
    for (String from : kept) {
      for (String to : kept) {
        if (isServers(from) && isLocal(to) || isLocal(from) && isServers(to)) {
          continue; // No catalog has both.
        }
        String copy = to + "_copy_" + TABLES.incrementAndGet();
        update("CREATE TABLE " + copy + " (v " + type + ")");
        update("INSERT INTO " + copy + " SELECT v FROM " + from);
        assertThat(texts("SELECT v FROM " + copy))
            .as("%s to %s", from, to)
            .containsExactlyInAnyOrderElementsOf(expected);
      }
    }
    for (String table : kept) {
      if (!type.endsWith("ARRAY")) {
        for (String value : expected) {
          assertThat(countWhereEqual(table, type, value)).as("%s = %s", table, value).isEqualTo(1);
        }
        update("INSERT INTO " + table + " VALUES (NULL)");
        assertThat(texts("SELECT v FROM " + table + " WHERE v IS NULL")).containsExactly(NULL);
      }
    }
  }

  private static long countWhereEqual(String table, String type, String value) throws SQLException {
    try (PreparedStatement statement =
        connection(table).prepareStatement("SELECT COUNT(*) FROM " + table + " WHERE v = ?")) {
      statement.setObject(1, parameter(type, value));
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getLong(1);
      }
    }
  }

  private static Object parameter(String type, String value) {
    return switch (type.replaceAll("\\(.*", "")) {
      case "BOOLEAN" -> Boolean.valueOf(value);
      case "TINYINT" -> Byte.valueOf(value);
      case "SMALLINT" -> Short.valueOf(value);
      case "INTEGER" -> Integer.valueOf(value);
      case "BIGINT" -> Long.valueOf(value);
      case "REAL" -> Float.valueOf(value);
      case "DOUBLE" -> Double.valueOf(value);
      case "DECIMAL" -> new BigDecimal(value);
      case "VARBINARY" -> HexFormat.of().parseHex(value);
      case "DATE" -> LocalDate.parse(value);
      case "TIME" -> LocalTime.parse(value);
      case "TIMESTAMP" -> LocalDateTime.parse(value.replace(' ', 'T'));
      default -> value;
    };
  }

  // --- ClickHouse's columns

  static Stream<Integer> clickHouseTypes() throws Exception {
    return numbers(TypeTable.rows("ClickHouse"));
  }

  private static Stream<Integer> numbers(List<?> rows) {
    return Stream.iterate(0, i -> i + 1).limit(rows.size());
  }

  @ParameterizedTest
  @MethodSource("clickHouseTypes")
  void clickHouseTypeGoesOutAndComesBack(int number) throws Exception {
    List<String> row = TypeTable.rows("ClickHouse").get(number);
    String type = row.get(0);
    String name = "native_" + number;
    String table = database + "." + name;
    List<String> values = TypeTable.values(row.get(3));
    List<String> expected = new ArrayList<>(values.stream().map(TypeRoundTripTest::shown).toList());
    if (takesNull(type)) {
      expected.add(NULL);
    }
    assertThat(typeName(database, name)).isEqualTo(row.get(1));
    assertThat(remark(database, name)).isEqualTo(declared(type));
    assertThat(arrowType(table, declared(type))).isEqualTo(row.get(2));
    assertThat(texts("SELECT v FROM " + table)).containsExactlyInAnyOrderElementsOf(expected);

    update("CREATE TABLE lake." + name + " AS SELECT v FROM " + table);
    assertThat(texts("SELECT v FROM lake." + name)).containsExactlyInAnyOrderElementsOf(expected);
    for (String source : List.of("lake." + name, table)) {
      String back = table + (source.equals(table) ? "_copy" : "_back");
      update("INSERT INTO " + back + " SELECT v FROM " + source);
      assertThat(nativeTexts(back)).as("%s to %s", source, back).isEqualTo(nativeTexts(table));
    }
    if (!type.startsWith("Array")) {
      String sqlType = row.get(1);
      for (String value : values) {
        assertThat(countWhereEqual(table, sqlType, shown(value))).as(value).isEqualTo(1);
      }
    }
  }

  private static String arrowType(String table, String declared) throws Exception {
    RelDataTypeFactory factory = new JavaTypeFactoryImpl(TidegateTypeSystem.INSTANCE);
    ClickHouseTypes.Supported type =
        (ClickHouseTypes.Supported) ClickHouseTypes.toCalcite(declared, factory);
    try (BufferAllocator allocator = new RootAllocator();
        ArrowReader reader =
            clickHouse.query(
                "SELECT " + type.carried("v", "v") + " AS v FROM " + table,
                Map.of(),
                "arrow-type-" + TABLES.incrementAndGet(),
                allocator)) {
      return arrowType(reader.getVectorSchemaRoot().getSchema().getFields().get(0));
    }
  }

  private static String arrowType(Field field) {
    ArrowType type = field.getType();
    if (type instanceof ArrowType.Int integer) {
      return (integer.getIsSigned() ? "Int" : "UInt") + integer.getBitWidth();
    }
    if (type instanceof ArrowType.FloatingPoint number) {
      return number.getPrecision() == FloatingPointPrecision.SINGLE ? "Float32" : "Float64";
    }
    if (type instanceof ArrowType.Decimal decimal) {
      return "Decimal%d(%d, %d)"
          .formatted(decimal.getBitWidth(), decimal.getPrecision(), decimal.getScale());
    }
    if (type instanceof ArrowType.Timestamp timestamp) {
      String unit =
          timestamp.getUnit() == TimeUnit.SECOND
              ? "s"
              : timestamp.getUnit() == TimeUnit.MILLISECOND ? "ms" : "us";
      return "Timestamp(" + unit + ", " + timestamp.getTimezone() + ")";
    }
    if (type instanceof ArrowType.List) {
      return "List(" + arrowType(field.getChildren().get(0)) + ")";
    }
    return type instanceof ArrowType.Date ? "Date32" : type.toString();
  }

  // --- DuckDB's columns

  static Stream<Integer> duckDbTypes() throws Exception {
    return numbers(TypeTable.rows("DuckDB"));
  }

  @ParameterizedTest
  @MethodSource("duckDbTypes")
  void duckDbTypeGoesOutAndComesBack(int number) throws Exception {
    List<String> row = TypeTable.rows("DuckDB").get(number);
    String table = "warehouse.native_" + number;
    List<String> expected =
        new ArrayList<>(
            TypeTable.values(row.get(2)).stream().map(TypeRoundTripTest::shown).toList());
    expected.add(NULL);
    assertThat(typeName("warehouse", "native_" + number)).isEqualTo(row.get(1));
    assertThat(remark("warehouse", "native_" + number)).isEqualTo(row.get(0));
    assertThat(texts("SELECT v FROM " + table)).containsExactlyInAnyOrderElementsOf(expected);
    String parquet = "TABLE(read_parquet('" + directory.resolve("native_" + number) + ".parquet'))";
    if (row.get(3).equals("yes")) {
      assertThat(texts("SELECT v FROM " + parquet, local))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
    String lake = "lake.duckdb_" + number;
    update("CREATE TABLE " + lake + " AS SELECT v FROM " + table);
    assertThat(texts("SELECT v FROM " + lake)).containsExactlyInAnyOrderElementsOf(expected);
    update("INSERT INTO " + table + " SELECT v FROM " + lake);
    assertThat(texts("SELECT DISTINCT v FROM " + table))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(texts("SELECT v FROM " + table)).hasSize(2 * expected.size());
  }

  // --- columns that are refused

  static Stream<List<String>> refusedTypes() throws Exception {
    return TypeTable.rows("store").stream();
  }

  @ParameterizedTest
  @MethodSource("refusedTypes")
  void refusedColumnIsListedAndTheOthersWork(List<String> row) throws Exception {
    String type = row.get(1);
    boolean inClickHouse = row.get(0).equals("ClickHouse");
    String schema = inClickHouse ? database : "warehouse";
    String name =
        "refused_"
            + TypeTable.rows("store").stream()
                .filter(other -> other.get(0).equals(row.get(0)))
                .toList()
                .indexOf(row);
    String table = schema + "." + name;
    assertThat(remark(schema, name)).isEqualTo(type);
    assertThat(texts("SELECT a FROM " + table + " WHERE a = 1")).containsExactly("1");
    assertThat(texts("SELECT COUNT(*) FROM " + table)).containsExactly("1");
    assertThat(texts("SELECT t.a FROM " + table + " AS t JOIN " + table + " AS u ON t.a = u.a"))
        .containsExactly("1");
    update("INSERT INTO " + table + " (a) VALUES (2)");
    update("INSERT INTO " + table + " (a) SELECT a + 1 FROM " + table + " WHERE a = 2");
    assertThat(texts("SELECT SUM(a) FROM " + table)).containsExactly("6");
    for (String sql :
        List.of(
            "SELECT v FROM " + table,
            "SELECT * FROM " + table,
            "TABLE " + table,
            "SELECT a FROM " + table + " WHERE v IS NULL",
            "SELECT COUNT(v) FROM " + table,
            "SELECT a FROM " + table + " ORDER BY v",
            "SELECT v, COUNT(*) FROM " + table + " GROUP BY v",
            "SELECT CAST(v AS VARCHAR) FROM " + table,
            "CREATE TABLE lake.never AS SELECT * FROM " + table,
            "INSERT INTO " + table + " SELECT a, NULL FROM " + table,
            "INSERT INTO " + table + " (a, v) SELECT a, a FROM " + table)) {
      assertThatThrownBy(() -> update(sql))
          .as(sql)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("Column 'v' is " + type + ", which ")
          .hasMessageContaining("native_query")
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("0A000");
    }
  }

  @Test
  void valueThatIsWiderThanItsSqlTypeIsRefusedByName() throws Exception {
    String table = database + ".wide";
    assertThat(texts("SELECT a FROM " + table)).containsExactly("1");
    refused("SELECT i FROM " + table, "22000", "Column 'i' has a value of more than 38 digits");
    refused(
        "SELECT MAX(u) FROM " + table, "22000", "Column 'u' has a value of more than 38 digits");
    refused(
        "SELECT a FROM " + table + " WHERE t > TIMESTAMP '1960-01-01 00:00:00'",
        "22000",
        "Column 't' has a time that is finer than microseconds");
    refused(
        "SELECT v FROM warehouse.wide_hugeint",
        "22000",
        "Column 'v' has a value of more than 38 digits");
    refused(
        "SELECT v FROM warehouse.wide_timestamp_ns",
        "22000",
        "Column 'v' has a time that is finer than microseconds");
    refused("SELECT v FROM warehouse.infinite_date", "22008", "infinity");
    refused("SELECT v FROM warehouse.infinite_timestamp", "22008", "infinity");
  }

  @Test
  void bytesThatAreNoTextAreRefusedByName() throws Exception {
    String table = database + ".no_text";
    assertThat(texts("SELECT COUNT(DISTINCT l[1]) FROM " + table)).containsExactly("1");
    nativeUpdate("INSERT INTO " + table + " SELECT 1000, unhex('ff41'), [unhex('c3')]");
    refused("SELECT a, s FROM " + table, "22021", "Column 's' has bytes that are not UTF-8");
    refused("SELECT l FROM " + table, "22021", "Column 'l' has bytes that are not UTF-8");
    refused(
        "CREATE TABLE lake.no_text AS SELECT s FROM " + table,
        "22021",
        "Column 's' has bytes that are not UTF-8");
    assertThat(
            texts(
                "SELECT h FROM TABLE(native_query('"
                    + database
                    + "', 'SELECT hex(s) AS h FROM "
                    + table
                    + " WHERE a = 1000'))"))
        .containsExactly("FF41");
  }

  // --- inserting what does not fit

  static Stream<Integer> misfitNumbers() {
    return numbers(misfits().toList());
  }

  private static Stream<List<String>> misfits() {
    return Stream.of(
        List.of("Date", "DATE '1969-12-31'", "22003"),
        List.of("Date", "DATE '2149-06-07'", "22003"),
        List.of("Date32", "DATE '1899-12-31'", "22003"),
        List.of("Date32", "DATE '2300-01-01'", "22003"),
        List.of("DateTime", "TIMESTAMP '1969-12-31 23:59:59'", "22003"),
        List.of("DateTime", "TIMESTAMP '2106-02-07 06:28:16'", "22003"),
        List.of("DateTime", "TIMESTAMP '2024-01-01 00:00:00.5'", ""),
        List.of("DateTime64(3)", "TIMESTAMP '2024-01-01 00:00:00.0005'", ""),
        List.of("DateTime64(6)", "TIMESTAMP '1899-12-31 23:59:59.999999'", "22003"),
        List.of("DateTime64(6)", "TIMESTAMP '2300-01-01 00:00:00'", "22003"),
        List.of("DateTime64(9)", "TIMESTAMP '2262-04-11 23:47:16'", "22003"),
        List.of("UInt8", "256", ""),
        List.of("UInt8", "-1", ""),
        List.of("UInt64", "18446744073709551616", ""),
        List.of("UInt128", "-1", ""),
        List.of("Int8", "128", ""),
        List.of("Decimal(9, 2)", "0.125", ""),
        List.of("Decimal(9, 2)", "10000000.00", ""),
        List.of("Int32", "0.5", ""),
        List.of("UUID", "'61f0c404'", "22003"),
        List.of("IPv4", "'1.2.3.400'", "22003"),
        List.of("IPv6", "'1.2.3.4'", "22003"),
        List.of("FixedString(2)", "'abc'", "22003"),
        List.of("FixedString(2)", "U&'a\\0000'", "22003"),
        List.of("Enum8('a' = 1)", "'b'", "22018"),
        List.of("Array(UInt8)", "ARRAY[256]", ""),
        List.of("Array(UInt8)", "ARRAY[-1]", ""),
        List.of("Array(Date)", "ARRAY[DATE '2200-01-01']", "22003"));
  }

  @ParameterizedTest
  @MethodSource("misfitNumbers")
  void valueThatDoesNotFitIsRefusedAndNeverChanged(int number) throws Exception {
    List<String> row = misfits().toList().get(number);
    String name = "misfit_" + number;
    String table = database + "." + name;
    // From a literal, from the lake, and from ClickHouse itself.
    String lake = "lake." + name;
    update("CREATE TABLE " + lake + " AS SELECT " + row.get(1) + " AS v");
    List<String> inserts = new ArrayList<>();
    inserts.add("INSERT INTO " + table + " VALUES (" + row.get(1) + ")");
    inserts.add("INSERT INTO " + table + " SELECT v FROM " + lake);
    if (!row.get(1).contains("'1899") && !row.get(1).contains("'2300")) {
      update("CREATE TABLE " + table + "_source AS SELECT v FROM " + lake);
      inserts.add("INSERT INTO " + table + " SELECT v FROM " + table + "_source");
    }
    for (String insert : inserts) {
      assertThatThrownBy(() -> update(insert)).as(insert).isInstanceOf(SQLException.class);
      assertThat(texts("SELECT COUNT(*) FROM " + table)).as(insert).containsExactly("0");
    }
    if (!row.get(2).isEmpty()) {
      assertThatThrownBy(() -> update(inserts.get(1)))
          .hasMessageMatching("(?s).*column ['`]v['`].*")
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo(row.get(2));
    }
  }

  @Test
  void lakeAndDuckDbRefuseDigitsTheyHaveNoRoomFor() throws Exception {
    for (String schema : List.of("lake", "warehouse")) {
      String table = schema + ".digits";
      update("CREATE TABLE " + table + " (d DECIMAL(9, 2), i INTEGER)");
      refused(
          "INSERT INTO " + table + " (d) VALUES (0.125)",
          "22003",
          "column 'd' is DECIMAL(9, 2), which has no room for 0.125");
      refused(
          "INSERT INTO " + table + " (i) SELECT CAST('0.5' AS DOUBLE)",
          "22003",
          "column 'i' is INTEGER, which has no room for 0.5");
      update("INSERT INTO " + table + " VALUES (0.120, CAST('7' AS DOUBLE))");
      assertThat(texts("SELECT d, i FROM " + table)).containsExactly("0.12|7");
    }
  }

  @Test
  void daysAndMomentsAreTheSameInEveryTimeZone() throws Exception {
    TimeZone zone = TimeZone.getDefault();
    try {
      for (String name : List.of("America/New_York", "Asia/Tokyo", "UTC")) {
        TimeZone.setDefault(TimeZone.getTimeZone(name));
        try (Connection plain = DriverManager.getConnection(local.url());
            PreparedStatement statement =
                plain.prepareStatement(
                    "SELECT CAST(? AS DATE), DATE '1969-12-31', TIMESTAMP '2024-01-01 00:00:00'")) {
          statement.setDate(1, Date.valueOf("2024-07-01"));
          try (ResultSet result = statement.executeQuery()) {
            assertThat(result.next()).isTrue();
            assertThat(result.getDate(1)).as(name).hasToString("2024-07-01");
            assertThat(result.getObject(1)).as(name).hasToString("2024-07-01");
            assertThat(result.getString(1)).as(name).isEqualTo("2024-07-01");
            assertThat(result.getDate(2)).as(name).hasToString("1969-12-31");
            // A TIMESTAMP has no zone in JDBC: its fields are the same everywhere.
            assertThat(result.getTimestamp(3)).as(name).hasToString("2024-01-01 00:00:00.0");
          }
        }
      }
    } finally {
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void microsecondsSurviveLiteralsParametersArithmeticAndCasts() throws Exception {
    String micros = "1969-12-31 23:59:59.999999";
    for (String table : List.of(database + ".micros", "lake.micros")) {
      update("CREATE TABLE " + table + " (v TIMESTAMP)");
      update("INSERT INTO " + table + " VALUES (TIMESTAMP '" + micros + "')");
      for (String condition :
          List.of(
              "v = TIMESTAMP '1969-12-31 23:59:59.999999'",
              "v > TIMESTAMP '1969-12-31 23:59:59.999998'",
              "v < TIMESTAMP '1970-01-01 00:00:00'",
              "v BETWEEN TIMESTAMP '1969-12-31 23:59:59.999999' AND TIMESTAMP '1969-12-31 23:59:59.999999'",
              "v IN (TIMESTAMP '1969-12-31 23:59:59.999999', TIMESTAMP '1970-01-01 00:00:00', TIMESTAMP '1971-01-01 00:00:00')",
              "v + INTERVAL '1' SECOND = TIMESTAMP '1970-01-01 00:00:00.999999'",
              "v = CAST('1969-12-31 23:59:59.999999' AS TIMESTAMP)",
              "CAST(v AS VARCHAR) = '1969-12-31 23:59:59.999999'",
              "v - INTERVAL '1' DAY = TIMESTAMP '1969-12-30 23:59:59.999999'")) {
        assertThat(texts("SELECT v FROM " + table + " WHERE " + condition))
            .as("%s: %s", table, condition)
            .containsExactly(micros);
      }
      for (Object parameter :
          List.of(
              LocalDateTime.parse("1969-12-31T23:59:59.999999"),
              Instant.parse("1969-12-31T23:59:59.999999Z"),
              micros)) {
        try (PreparedStatement statement =
            connection(table).prepareStatement("SELECT v FROM " + table + " WHERE v = ?")) {
          statement.setObject(1, parameter);
          try (ResultSet result = statement.executeQuery()) {
            assertThat(result.next()).as("%s", parameter.getClass()).isTrue();
            assertThat(result.getString(1)).isEqualTo(micros);
          }
        }
      }
    }
  }

  // --- helpers

  private static boolean isLocal(String sql) {
    return sql.contains("warehouse.");
  }

  private static boolean isServers(String sql) {
    return sql.contains(database + ".");
  }

  private static Connection connection(String sql) {
    return (isLocal(sql) ? local : server).connection();
  }

  private static void refused(String sql, String state, String message) {
    assertThatThrownBy(() -> update(sql))
        .as(sql)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo(state);
  }

  /** Runs a statement; the rows of a query are read to their end. */
  private static void update(String sql) throws SQLException {
    try (Statement statement = connection(sql).createStatement()) {
      if (statement.execute(sql)) {
        try (ResultSet result = statement.getResultSet()) {
          while (result.next()) {
            result.getObject(1);
          }
        }
      }
    }
  }

  private static void nativeUpdate(String sql) throws SQLException {
    clickHouse.execute(sql, Map.of(), "native-" + TABLES.incrementAndGet());
  }

  private static List<String> texts(String sql) throws SQLException {
    return texts(sql, isLocal(sql) ? local : server);
  }

  private static List<String> texts(String sql, TestCatalog catalog) throws SQLException {
    try (Statement statement = catalog.connection().createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(text(result, i));
        }
        rows.add(String.join("|", row));
      }
      return rows;
    }
  }

  private static String text(ResultSet result, int column) throws SQLException {
    if (result.getMetaData().getColumnType(column) == Types.VARBINARY) {
      byte[] bytes = result.getBytes(column);
      return bytes == null ? NULL : HexFormat.of().formatHex(bytes);
    }
    if (result.getMetaData().getColumnType(column) == Types.DECIMAL) {
      BigDecimal number = result.getBigDecimal(column);
      return number == null ? NULL : number.toPlainString();
    }
    String text = String.valueOf(result.getString(column));
    return result.getMetaData().getColumnType(column) == Types.TIME
        ? text.replaceFirst("\\.0+$", "")
        : text;
  }

  private static List<String> nativeTexts(String table) throws SQLException {
    return texts(
        "SELECT v FROM TABLE(native_query('"
            + database
            + "', 'SELECT ifNull(toString(v), ''NULL'') AS v FROM "
            + table
            + " ORDER BY v'))");
  }

  private static String typeName(String schema, String table) throws SQLException {
    return listed(schema, table, "TYPE_NAME").replace(" NOT NULL", "");
  }

  private static String remark(String schema, String table) throws SQLException {
    return listed(schema, table, "REMARKS");
  }

  private static String listed(String schema, String table, String what) throws SQLException {
    try (ResultSet columns =
        connection(schema + ".").getMetaData().getColumns(null, schema, table, "v")) {
      assertThat(columns.next()).as("%s.%s.v is listed", schema, table).isTrue();
      return columns.getString(what);
    }
  }

  /** What a literal of the page looks like in a result. */
  private static String plain(String literal, String type) {
    String inner = literal.replaceFirst("^CAST\\((.*) AS \\w+\\)$", "$1");
    String text = inner.replaceFirst("^(DATE|TIMESTAMP|TIME|X|U&)?\\s*'(.*)'$", "$2");
    if (literal.startsWith("U&")) {
      text = text.replace("\\0000", "\0");
    }
    return switch (type) {
      case "REAL" -> Float.valueOf(text).toString();
      case "DOUBLE" -> Double.valueOf(text).toString();
      case "BOOLEAN" -> text.toLowerCase(java.util.Locale.ROOT);
      case "INTEGER ARRAY", "VARCHAR ARRAY" -> text.replaceFirst("ARRAY", "").replace("'", "");
      default -> text.replace("''", "'");
    };
  }

  private static String given(String value) {
    return value.replaceFirst(" → .*", "");
  }

  private static String shown(String value) {
    return value.replaceFirst(".* → ", "");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String chText(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
