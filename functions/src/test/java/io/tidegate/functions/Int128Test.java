package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compared with BigInteger, which is slow and right. */
class Int128Test {
  @Test
  void doublesAreTheNearestWithTiesToEven() {
    Random random = new Random(9);
    for (int i = 0; i < 100_000; i++) {
      BigInteger value = new BigInteger(random.nextInt(128), random);
      if (i % 3 == 0) {
        // Around the ties: a few high bits, one half bit, and a neighbour of it.
        value =
            new BigInteger(53, random)
                .setBit(52)
                .shiftLeft(1)
                .add(BigInteger.ONE)
                .shiftLeft(random.nextInt(73))
                .add(BigInteger.valueOf(random.nextInt(3) - 1L));
      }
      assertThat(Int128.toDouble(high(value), value.longValue())).isEqualTo(value.doubleValue());
    }
  }

  @Test
  void valuesSurviveAsBigIntegers() {
    Random random = new Random(10);
    for (int bits = 0; bits < 128; bits++) {
      BigInteger value = new BigInteger(bits, random);
      assertThat(Int128.toBigInteger(high(value), value.longValue())).isEqualTo(value);
    }
    assertThat(Int128.toBigInteger(-1, -1)).isEqualTo(BigInteger.ONE.negate());
  }

  @Test
  void quotientsAreTruncatedForEverySize() {
    Random random = new Random(12);
    for (int i = 0; i < 100_000; i++) {
      BigInteger divisor = new BigInteger(1 + random.nextInt(126), random).add(BigInteger.ONE);
      int room = Math.min(63, 127 - divisor.bitLength());
      BigInteger quotient = new BigInteger(random.nextInt(room + 1), random);
      BigInteger rest = new BigInteger(130, random).mod(divisor);
      if (i % 4 == 0) {
        rest = i % 8 == 0 ? BigInteger.ZERO : divisor.subtract(BigInteger.ONE);
      }
      BigInteger value = quotient.multiply(divisor).add(rest);
      assertThat(
              Int128.quotient(high(value), value.longValue(), high(divisor), divisor.longValue()))
          .isEqualTo(quotient.longValueExact());
    }
  }

  @Test
  void differencesBorrow() {
    Random random = new Random(13);
    for (int i = 0; i < 10_000; i++) {
      BigInteger a = new BigInteger(random.nextInt(128), random);
      BigInteger b = new BigInteger(random.nextInt(128), random).min(a);
      long difference = Int128.differenceHigh(high(a), a.longValue(), high(b), b.longValue());
      assertThat(difference).isEqualTo(high(a.subtract(b)));
    }
  }

  private static long high(BigInteger value) {
    return value.shiftRight(64).longValue();
  }
}
