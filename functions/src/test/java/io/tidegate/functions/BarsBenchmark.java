package io.tidegate.functions;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * How many ticks a second one thread turns into bars with all columns and the ten features, beside
 * a plain pass over two of the same arrays: the 128-bit sum of price times volume.
 *
 * <p>The ticks are ten million of the walk with seed 1, in batches of 65,536 rows. Each round runs
 * every benchmark once, so that what else the machine does meets all of them; a ratio is taken
 * within a round. It is one of processor time: waiting for a processor that others have is left
 * out, which would hit the longer pass more.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class BarsBenchmark {
  private static final int TICKS = 10_000_000;
  private static final int BATCH_ROWS = 65_536;
  private static final int ROUNDS = 3;

  /** Also the order in which they are printed. */
  @Param({
    "plain pass",
    "range 250 dbps",
    "range 10 dbps",
    "range 1000 dbps",
    "time 60 s",
    "tick 1000",
    "volume 2500",
    "dollar 100000000"
  })
  public String work;

  private TickColumns ticks;
  private Supplier<BarMachine> machines;

  /** Makes the ticks. */
  @Setup
  public void setUp() {
    ticks = Ticks.walk(1, TICKS);
    String[] words = work.split(" ");
    machines =
        switch (words[0]) {
          case "range" -> () -> new RangeBars(Integer.parseInt(words[1]));
          case "time" -> () -> new TimeBars(Integer.parseInt(words[1]));
          case "tick" -> () -> new TickBars(Integer.parseInt(words[1]));
          case "volume" -> () -> new VolumeBars(Long.parseLong(words[1]) * FixedPoint.SCALE);
          case "dollar" ->
              () -> new DollarBars(new BigInteger(words[1]).multiply(BigInteger.TEN.pow(16)));
          default -> null;
        };
  }

  /** The processor time of the passes of an iteration. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Processor {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    public long nanos;
    public long passes;
  }

  /** One pass over all ticks. */
  @Benchmark
  public long pass(Processor processor) {
    long start = processor.threads.getCurrentThreadCpuTime();
    long result = machines == null ? turnover() : bars(machines.get());
    processor.nanos += processor.threads.getCurrentThreadCpuTime() - start;
    processor.passes++;
    return result;
  }

  private long turnover() {
    long[] price = ticks.priceRaw();
    long[] volume = ticks.volumeRaw();
    long high = 0;
    long low = 0;
    for (int i = 0; i < price.length; i++) {
      long product = price[i] * volume[i];
      long sum = low + product;
      high += Math.multiplyHigh(price[i], volume[i]) + Int128.carry(low, product, sum);
      low = sum;
    }
    return high ^ low;
  }

  private long bars(BarMachine machine) {
    BarBatch bars = new BarBatch();
    BarFeatures features = new BarFeatures();
    long count = 0;
    for (int from = 0; from < TICKS; from += BATCH_ROWS) {
      machine.accept(ticks, from, Math.min(from + BATCH_ROWS, TICKS), bars);
      features.compute(bars, 0, bars.size());
      count += bars.size();
      bars.clear();
    }
    return count;
  }

  /** Prints ticks a second and the ratio to the plain pass: medians of the rounds. */
  public static void main(String[] arguments) throws RunnerException {
    Map<String, List<Double>> rates = new TreeMap<>();
    Map<String, List<Double>> ratios = new TreeMap<>();
    List<String> order = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      Map<String, Double> nanos = new TreeMap<>();
      for (RunResult result :
          new Runner(
                  new OptionsBuilder()
                      .include(BarsBenchmark.class.getName())
                      .verbosity(VerboseMode.SILENT)
                      .build())
              .run()) {
        String work = result.getParams().getParam("work");
        nanos.put(work, sum(result, "nanos") / sum(result, "passes"));
        if (round == 0) {
          order.add(work);
        }
      }
      nanos.forEach(
          (work, time) -> {
            rates.computeIfAbsent(work, key -> new ArrayList<>()).add(TICKS * 1e3 / time);
            ratios
                .computeIfAbsent(work, key -> new ArrayList<>())
                .add(nanos.get("plain pass") / time);
          });
    }
    System.out.println(
        "| one thread, 10 M ticks | M ticks/s of processor time | ratio to the plain pass |");
    System.out.println("|---|---:|---:|");
    for (String work : order) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.0f | %.2f |%n",
          work,
          median(rates.get(work)),
          median(ratios.get(work)));
    }
  }

  private static double sum(RunResult result, String counter) {
    return result.getSecondaryResults().get(counter).getStatistics().getSum();
  }

  private static double median(List<Double> values) {
    Collections.sort(values);
    return values.get(values.size() / 2);
  }
}
