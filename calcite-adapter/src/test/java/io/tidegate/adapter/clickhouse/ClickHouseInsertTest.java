package io.tidegate.adapter.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClickHouseInsertTest {
  private static final String REMEMBERING = " SETTINGS non_replicated_deduplication_window = 1000";
  private static ClickHouseClient client;
  private static String database;
  private BufferAllocator allocator;

  @BeforeAll
  static void connect() throws Exception {
    ClickHouseEndpoint endpoint = TestClickHouse.databaseOf(ClickHouseInsertTest.class);
    database = endpoint.database();
    client = new ClickHouseClient(endpoint);
  }

  @AfterAll
  static void disconnect() {
    client.close();
  }

  @BeforeEach
  void makeTable() throws Exception {
    allocator = new RootAllocator();
    client.execute("DROP TABLE IF EXISTS t SYNC", Map.of(), "drop");
    client.execute(
        "CREATE TABLE t (a Int64, b Nullable(String)) PARTITION BY intDiv(a, 100000) ORDER BY a"
            + REMEMBERING,
        Map.of(),
        "create");
  }

  @AfterEach
  void nothingIsOutstanding() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void everyRowArrivesOnceAndInItsPartition() throws Exception {
    assertThat(write(rows(1_000_000), 2)).isEqualTo(1_000_000);
    assertThat(number("SELECT count() FROM t")).isEqualTo(1_000_000);
    assertThat(number("SELECT uniqExact(a, b) FROM t")).isEqualTo(1_000_000);
    assertThat(number("SELECT uniqExact(_partition_id) FROM t")).isEqualTo(10);
  }

  @Test
  void chunksEndWherePartitionsDo() throws Exception {
    try (ArrowReader source = query(rows(250_000) + " SETTINGS max_block_size = 250000")) {
      while (source.loadNextBatch()) {
        VectorSchemaRoot batch = source.getVectorSchemaRoot();
        List<ArrowChunks.Range> ranges =
            new ArrowChunks(batch, List.of("a", "b"), OptionalInt.of(2)).ranges();
        assertThat(ranges.stream().mapToInt(ArrowChunks.Range::rows).sum())
            .isEqualTo(batch.getRowCount());
        for (ArrowChunks.Range range : ranges) {
          Object first = batch.getVector(2).getObject(range.start());
          assertThat(batch.getVector(2).getObject(range.start() + range.rows() - 1))
              .isEqualTo(first);
        }
      }
    }
  }

  @Test
  void sourceThatFailsAtABatchBorderLeavesConfirmedChunksOnly() throws Exception {
    AtomicInteger batches = new AtomicInteger();
    try (ArrowReader inner = query(rows(300_000));
        ArrowReader failing = new FailingReader(inner, allocator, 2, batches)) {
      assertThatThrownBy(() -> insert("t", 2).write(failing))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("confirmed chunks (")
          .hasMessageContaining("the source failed before chunk")
          .hasMessageContaining("disk on fire");
    }
    assertThat(number("SELECT count() FROM t")).isEqualTo(2 * 65_409L);
  }

  @Test
  void sourceThatFailsInMidStreamLeavesWholeChunks() throws Exception {
    String sql =
        "SELECT number::Int64 AS a, toString(number) AS b, intDiv(number, 100000) + throwIf(number"
            + " = 1500000) AS p FROM numbers(2500000)";
    assertThatThrownBy(() -> write(sql, 2))
        .hasMessageContaining("code 395")
        .hasMessageContaining("rows), which stay");
    assertThat(number("SELECT count() FROM t")).isLessThanOrEqualTo(1_500_000);
    assertThat(number("SELECT count() - uniqExact(a) FROM t")).isZero();
  }

  @Test
  void sameBytesUnderTheSameTokenAreWrittenOnce() throws Exception {
    ArrowChunks.Range all = new ArrowChunks.Range(0, 1000);
    byte[] bytes;
    try (ArrowReader source = query(rows(1000))) {
      source.loadNextBatch();
      bytes =
          new ArrowChunks(source.getVectorSchemaRoot(), List.of("a", "b"), OptionalInt.of(2))
              .encode(all);
    }
    Map<String, String> settings =
        Map.of("insert_deduplicate", "1", "insert_deduplication_token", "token");
    String table = ClickHouseIdentifiers.quote(database, "t");
    client.insertArrow(table, List.of("a", "b"), bytes, settings, "first");
    client.insertArrow(table, List.of("a", "b"), bytes, settings, "second");
    assertThat(number("SELECT count() FROM t")).isEqualTo(1000);
  }

  @Test
  void chunkWhoseAnswerIsLostIsSentAgainAndWrittenOnce() throws Exception {
    try (AnswerLosingProxy proxy = new AnswerLosingProxy(client.endpoint(), 2);
        ClickHouseClient unlucky = new ClickHouseClient(proxy.endpoint());
        ArrowReader source = query(rows(300_000))) {
      assertThat(insert(unlucky, "t", 2).write(source)).isEqualTo(300_000);
      assertThat(proxy.lostAnswers()).isEqualTo(2);
    }
    assertThat(number("SELECT count() FROM t")).isEqualTo(300_000);
  }

  @Test
  void lostAnswerOfATableWithoutMemoryIsReportedAndNotRepeated() throws Exception {
    client.execute("CREATE TABLE forgetful (a Int64, b String) ORDER BY a", Map.of(), "c");
    try (AnswerLosingProxy proxy = new AnswerLosingProxy(client.endpoint(), 1);
        ClickHouseClient unlucky = new ClickHouseClient(proxy.endpoint());
        ArrowReader source = query(rows(1000))) {
      ClickHouseInsert insert = insert(unlucky, "forgetful", 2);
      assertThatThrownBy(() -> insert.write(source))
          .hasMessageContaining("chunk 0 (1000 rows) may or may not have been written")
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("08006");
      assertThat(proxy.lostAnswers()).isEqualTo(1);
    }
    assertThat(number("SELECT count() FROM forgetful")).isEqualTo(1000);
  }

  @Test
  void repeatedStatementAppendsAgain() throws Exception {
    write(rows(1000), 2);
    write(rows(1000), 2);
    assertThat(number("SELECT count() FROM t")).isEqualTo(2000);
  }

  @Test
  void tableWithoutMemoryTakesTheSameRowsAgainAfterADelete() throws Exception {
    client.execute("DROP TABLE t SYNC", Map.of(), "d");
    client.execute(
        "CREATE TABLE t (a Int64, b Nullable(String)) ORDER BY a"
            + " SETTINGS non_replicated_deduplication_window = 0",
        Map.of(),
        "c");
    write(rows(1000), 2);
    client.execute("TRUNCATE TABLE t", Map.of(), "truncate");
    assertThat(write(rows(1000), 2)).isEqualTo(1000);
    assertThat(number("SELECT count() FROM t")).isEqualTo(1000);
  }

  @Test
  void nullForAColumnWithoutNullIsRefusedByName() throws Exception {
    String sql =
        "SELECT if(number = 150000, NULL, number::Int64) AS a, toString(number) AS b,"
            + " intDiv(number, 100000) AS p FROM numbers(200000)";
    assertThatThrownBy(() -> write(sql, 2))
        .hasMessageContaining("column 'a' does not take it")
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("23502");
    assertThat(number("SELECT countIf(a = 0) FROM t")).isEqualTo(1);
  }

  @Test
  void nullsOfANullableColumnArrive() throws Exception {
    write("SELECT number::Int64, NULL::Nullable(String), 0 FROM numbers(10)", 2);
    assertThat(number("SELECT countIf(b IS NULL) FROM t")).isEqualTo(10);
  }

  @Test
  void cancelledInsertSaysWhatItWrote() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (ArrowReader source = query(rows(500_000))) {
      ClickHouseInsert insert =
          new ClickHouseInsert(
              client,
              database,
              "t",
              List.of("a", "b"),
              OptionalInt.of(2),
              "cancelled",
              () -> asked.incrementAndGet() > 3);
      assertThatThrownBy(() -> insert.write(source))
          .hasMessageContaining("stopped after 3 confirmed chunks")
          .hasMessageContaining("cancelled")
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("57014");
    }
  }

  @Test
  void refusedChunkIsNamed() throws Exception {
    client.execute("DROP TABLE t SYNC", Map.of(), "d");
    client.execute(
        "CREATE TABLE t (a Int64, b String, CONSTRAINT small CHECK a < 150000)"
            + " PARTITION BY intDiv(a, 100000) ORDER BY a"
            + REMEMBERING,
        Map.of(),
        "c");
    assertThatThrownBy(() -> write(rows(300_000), 2))
        .hasMessageContaining("was refused")
        .hasMessageContaining("VIOLATED_CONSTRAINT")
        .hasMessageContaining("confirmed chunks");
    assertThat(number("SELECT max(a) < 150000 FROM t")).isEqualTo(1);
  }

  @Test
  void valueThatWouldBeCutIsRefusedByName() throws Exception {
    client.execute(
        "CREATE TABLE narrow (a Int32, b Nullable(DateTime64(3, 'UTC'))) ORDER BY a",
        Map.of(),
        "c");
    try (ArrowReader wide = query("SELECT 1::Int64, NULL::Nullable(DateTime64(3, 'UTC')), 0");
        ArrowReader fine = query("SELECT 1::Int32, now64(6, 'UTC'), 0");
        ArrowReader fitting = query("SELECT 1::Int16, now64(0, 'UTC'), 0")) {
      assertThatThrownBy(() -> insert("narrow", 2).write(wide))
          .hasMessageContaining("column 'a' is Int32 but the query gives Int(64, true)");
      assertThatThrownBy(() -> insert("narrow", 2).write(fine))
          .hasMessageContaining("column 'b' is Nullable(DateTime64(3, 'UTC')) but the query gives");
      assertThat(insert("narrow", 2).write(fitting)).isEqualTo(1);
    }
  }

  @Test
  void unknownTargetIsNamed() {
    assertThatThrownBy(() -> insert("nowhere", 2))
        .hasMessage("There is no table " + database + ".nowhere");
    assertThatThrownBy(
            () ->
                new ClickHouseInsert(
                    client,
                    database,
                    "t",
                    List.of("a", "zz"),
                    OptionalInt.empty(),
                    "id",
                    () -> false))
        .hasMessage("Table " + database + ".t has no column 'zz'");
  }

  private static String rows(int count) {
    return "SELECT number::Int64 AS a, toString(number) AS b, intDiv(number, 100000) AS p"
        + " FROM numbers("
        + count
        + ")";
  }

  private long write(String sql, int partitionColumn) throws Exception {
    try (ArrowReader source = query(sql)) {
      return insert("t", partitionColumn).write(source);
    }
  }

  private static ClickHouseInsert insert(String table, int partitionColumn) throws SQLException {
    return insert(client, table, partitionColumn);
  }

  private static ClickHouseInsert insert(
      ClickHouseClient through, String table, int partitionColumn) throws SQLException {
    return new ClickHouseInsert(
        through,
        database,
        table,
        List.of("a", "b"),
        OptionalInt.of(partitionColumn),
        UUID.randomUUID().toString(),
        () -> false);
  }

  private ArrowReader query(String sql) throws SQLException {
    return client.query(sql, Map.of(), ClickHouseClient.newQueryId(), allocator);
  }

  private long number(String sql) throws SQLException {
    return client.rows(sql, Map.of(), row -> row.number(0)).get(0);
  }

  /** Gives the batches of another reader, then fails. */
  private static final class FailingReader extends ArrowReader {
    private final ArrowReader inner;
    private final int good;
    private final AtomicInteger given;

    FailingReader(ArrowReader inner, BufferAllocator allocator, int good, AtomicInteger given) {
      super(allocator);
      this.inner = inner;
      this.good = good;
      this.given = given;
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
      return inner.getVectorSchemaRoot();
    }

    @Override
    public boolean loadNextBatch() throws IOException {
      if (given.getAndIncrement() == good) {
        throw new IOException("disk on fire");
      }
      return inner.loadNextBatch();
    }

    @Override
    public long bytesRead() {
      return inner.bytesRead();
    }

    @Override
    protected void closeReadSource() {}

    @Override
    protected Schema readSchema() throws IOException {
      return inner.getVectorSchemaRoot().getSchema();
    }
  }
}
