package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MintBucketTest {
  @ParameterizedTest
  @CsvSource({
    "So11111111111111111111111111111111111111112, 35",
    "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v, 9a",
    "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB, 54",
    "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263, d5",
    "0xdAC17F958D2ee523a2206206994597C13D831ec7, 8f",
    "'', da",
  })
  void bucketsAreThoseOfExistingLakes(String mint, String bucket) {
    assertThat(MintBucket.of(mint)).isEqualTo(bucket);
    byte[] padded = ("x" + mint + "y").getBytes(StandardCharsets.UTF_8);
    assertThat(MintBucket.of(padded, 1, padded.length - 2)).isEqualTo(bucket);
    assertThat(MintBucket.index(mint)).isEqualTo(Integer.parseInt(bucket, 16));
  }

  @Test
  void anyTextGivesTheFirstByteOfItsSha1() throws Exception {
    Random random = new Random(1);
    MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
    for (int length = 0; length < 300; length++) {
      int alphabet = length % 3 == 0 ? 0x7F : 0x3000;
      String text =
          random
              .ints(length, 1, alphabet)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .append(length % 5 == 0 ? "\uD83D\uDC1F" : "")
              .toString();
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      int expected = sha1.digest(utf8)[0] & 0xFF;
      assertThat(MintBucket.index(text)).isEqualTo(expected);
      assertThat(MintBucket.index(utf8, 0, utf8.length)).isEqualTo(expected);
      assertThat(MintBucket.of(text)).isEqualTo(String.format("%02x", expected));
    }
  }

  @Test
  void threadsDoNotDisturbEachOther() {
    String[] expected =
        IntStream.range(0, 20_000).mapToObj(i -> MintBucket.of("mint" + i)).toArray(String[]::new);
    assertThat(
            IntStream.range(0, 20_000)
                .parallel()
                .allMatch(i -> MintBucket.of("mint" + i).equals(expected[i])))
        .isTrue();
  }

  @Test
  void bytesOutsideTheArrayAreRefusedAndLeaveNoTrace() {
    assertThatThrownBy(() -> MintBucket.of(new byte[4], 1, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(MintBucket.of("")).isEqualTo("da");
  }
}
