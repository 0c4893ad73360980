package io.tidegate.functions;

/**
 * The normal variables of {@code numpy.random.RandomState(seed).standard_normal()}: the Mersenne
 * twister MT19937 (Matsumoto and Nishimura, ACM Transactions on Modeling and Computer Simulation 8,
 * 1998) with Marsaglia's polar method. Results that others have published with a seed can only be
 * met with the same numbers.
 */
final class SeededNormals {
  private static final int WORDS = 624;
  private static final int SHIFT = 397;

  private final int[] state = new int[WORDS];
  private int next = WORDS;
  private double spare;
  private boolean hasSpare;

  SeededNormals(int seed) {
    state[0] = seed;
    for (int i = 1; i < WORDS; i++) {
      state[i] = 1_812_433_253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  double next() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    double x;
    double y;
    double square;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    double factor = Math.sqrt(-2 * Math.log(square) / square);
    spare = factor * x;
    hasSpare = true;
    return factor * y;
  }

  /** 53 random bits as a fraction of 1. */
  private double uniform() {
    long high = word() >>> 5;
    long low = word() >>> 6;
    return (high * 67_108_864.0 + low) / 0x1p53;
  }

  private int word() {
    if (next == WORDS) {
      for (int i = 0; i < WORDS; i++) {
        int bits = (state[i] & 0x80000000) | (state[(i + 1) % WORDS] & 0x7fffffff);
        state[i] = state[(i + SHIFT) % WORDS] ^ (bits >>> 1) ^ ((bits & 1) == 0 ? 0 : 0x9908b0df);
      }
      next = 0;
    }
    int word = state[next++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return word ^ (word >>> 18);
  }
}
