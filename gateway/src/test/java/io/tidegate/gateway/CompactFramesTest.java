package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.ProtobufTranslation;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.junit.jupiter.api.Test;

/** What Avatica's own decoder makes of the two encodings. */
class CompactFramesTest {
  private static final ProtobufTranslation AVATICA = new ProtobufTranslationImpl();

  @Test
  void everyKindOfCellIsReadAsFromAvaticasOwnEncoding() throws IOException {
    List<Object> rows = new ArrayList<>();
    rows.add(
        new Object[] {
          Long.MIN_VALUE, Integer.MAX_VALUE, -0.0, "東京 🚀", null, true, (short) -3, (byte) 7
        });
    rows.add(
        new Object[] {
          0L, 0, Double.NaN, "", new BigDecimal("-12345678901234567890.50"), false, 1.5f, null
        });
    rows.add(
        new Object[] {
          -1L,
          Integer.MIN_VALUE,
          Double.NEGATIVE_INFINITY,
          "x".repeat(100_000),
          List.of(1L, 2L),
          List.of(),
          Arrays.asList("a", null),
          Long.MAX_VALUE
        });
    assertSame(new Meta.Frame(1L << 40, false, rows));
  }

  @Test
  void emptyFrameIsTheLast() throws IOException {
    assertSame(new Meta.Frame(7, true, List.of()));
  }

  @Test
  void frameTakesLessThanTwoThirds() throws IOException {
    List<Object> rows = new ArrayList<>();
    for (long i = 0; i < 1000; i++) {
      rows.add(new Object[] {i, "BTCUSDT", i * 0.5, i * 1_000_000L});
    }
    Service.FetchResponse response = response(new Meta.Frame(0, false, rows));
    assertThat(new CompactFrames().serializeResponse(response).length * 3)
        .isLessThan(AVATICA.serializeResponse(response).length * 2);
  }

  private static void assertSame(Meta.Frame frame) throws IOException {
    Service.FetchResponse response = response(frame);
    Service.FetchResponse expected =
        (Service.FetchResponse) AVATICA.parseResponse(AVATICA.serializeResponse(response));
    Service.FetchResponse actual =
        (Service.FetchResponse)
            AVATICA.parseResponse(new CompactFrames().serializeResponse(response));
    assertThat(actual.frame.offset).isEqualTo(expected.frame.offset);
    assertThat(actual.frame.done).isEqualTo(expected.frame.done);
    assertThat(actual.frame.rows).isEqualTo(expected.frame.rows);
    assertThat(actual.rpcMetadata.serverAddress).isEqualTo("here:1");
  }

  private static Service.FetchResponse response(Meta.Frame frame) {
    return new Service.FetchResponse(
        frame, false, false, new Service.RpcMetadataResponse("here:1"));
  }
}
