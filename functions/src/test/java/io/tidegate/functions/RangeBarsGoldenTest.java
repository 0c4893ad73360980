package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bar of the reference implementation, to the last bit. */
class RangeBarsGoldenTest {
  private static TickColumns walk;

  @BeforeAll
  static void generateTheWalk() {
    walk = Ticks.walk(1, 1_000_000);
  }

  /** Files of bars made in one pass: {@code NAME.tTHRESHOLD.MODE.bars.csv}. */
  static Stream<String> barFiles() throws IOException, URISyntaxException {
    Path folder =
        Path.of(
                Objects.requireNonNull(
                        RangeBarsGoldenTest.class.getResource("/golden/range-bars/checksums.csv"))
                    .toURI())
            .getParent();
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".bars.csv"))
          .filter(name -> !name.matches("walk.*|c12_err.*|.*ckpt4.*"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("barFiles")
  void barsAreThoseOfTheReference(String file) {
    String[] name = file.split("\\.");
    TickColumns ticks = Ticks.golden(name[0]);
    int thresholdDbps = Integer.parseInt(name[1].substring(1));
    RangeBars machine = new RangeBars(thresholdDbps, !name[2].equals("nogate"));
    BarBatch bars = new BarBatch();
    machine.accept(ticks, 0, ticks.capacity(), bars);
    machine.appendOpenBar(bars);
    assertThat(BarText.all(bars)).isEqualTo(BarText.expected(Ticks.goldenLines(file)));
  }

  static List<String> walkRows() {
    return Ticks.goldenLines("checksums.csv").stream().skip(1).toList();
  }

  @ParameterizedTest
  @MethodSource("walkRows")
  void walkOfAMillionTicksHasTheReferencesChecksums(String checksums) {
    String[] row = checksums.split(",");
    BarBatch bars = walkBars(Integer.parseInt(row[1]), row[2].equals("gate"));
    assertThat(bars.size()).isEqualTo(Integer.parseInt(row[3]));
    assertThat(sha256(BarText.integers(bars))).isEqualTo(row[5]);
    assertThat(sha256(BarText.all(bars))).isEqualTo(row[6]);
  }

  @Test
  void walkIsTheReferencesWalk() {
    StringBuilder csv = new StringBuilder();
    for (int i : new int[] {0, walk.capacity() - 1}) {
      csv.append(walk.aggTradeIds()[i]).append(',').append(walk.priceRaw()[i]).append(',');
      csv.append(walk.volumeRaw()[i]).append(',').append(walk.firstTradeIds()[i]).append(',');
      csv.append(walk.lastTradeIds()[i]).append(',').append(walk.tsMicros()[i]).append(',');
      csv.append(walk.buyerMaker()[i]).append('\n');
    }
    assertThat(csv)
        .hasToString(
            """
            1,4999752000000,101554129,1,2,1704067200035000,1
            1000000,5819343000000,499610706,2501418,2501420,1704082547559000,0
            """);
  }

  @Test
  void walkBarsAreTheExtractsLineByLine() {
    assertThat(BarText.all(walkBars(1000, true)))
        .isEqualTo(BarText.expected(Ticks.goldenLines("walk1m_seed1.t1000.gate.bars.csv")));
    assertThat(BarText.all(walkBars(250, true)))
        .isEqualTo(BarText.expected(Ticks.goldenLines("walk1m_seed1.t250.gate.bars.csv")));
    List<String> fine = BarText.all(walkBars(10, true));
    List<String> head = BarText.expected(Ticks.goldenLines("walk1m_seed1.t10.gate.head1000.csv"));
    List<String> tail = BarText.expected(Ticks.goldenLines("walk1m_seed1.t10.gate.tail1000.csv"));
    assertThat(fine.subList(0, head.size())).isEqualTo(head);
    assertThat(fine.subList(fine.size() - tail.size(), fine.size())).isEqualTo(tail);
  }

  private static BarBatch walkBars(int thresholdDbps, boolean timeGate) {
    RangeBars machine = new RangeBars(thresholdDbps, timeGate);
    BarBatch bars = new BarBatch();
    machine.accept(walk, 0, walk.capacity(), bars);
    machine.appendOpenBar(bars);
    return bars;
  }

  private static String sha256(List<String> lines) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String line : lines) {
        digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
