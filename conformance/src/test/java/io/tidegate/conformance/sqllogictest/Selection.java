package io.tidegate.conformance.sqllogictest;

import io.tidegate.conformance.Report;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.stream.IntStream;

/**
 * Which queries are run: of each script, those at the set positions.
 *
 * @param scripts the chosen queries' positions by script name
 */
record Selection(Map<String, BitSet> scripts) {
  private static final List<String> SELECTS =
      IntStream.rangeClosed(1, 5).mapToObj(i -> "select" + i + ".test").toList();

  private static final int SAMPLE = 5_000;

  /** All of select1 to select5, and a sample of all other queries. */
  static Selection complete(long seed, Report report) throws IOException {
    Map<String, BitSet> chosen = new LinkedHashMap<>();
    for (String name : SELECTS) {
      chosen.put(name, all((int) SqlScript.read(name).queries()));
    }
    Map<String, Integer> others = new LinkedHashMap<>();
    Map<String, Long> leftOut = new TreeMap<>();
    long population = 0;
    for (String name : names()) {
      if (!SELECTS.contains(name)) {
        SqlScript script = SqlScript.read(name);
        if (script.unsupported().isPresent()) {
          leftOut.merge(script.unsupported().get(), script.queries(), Long::sum);
        } else {
          others.put(name, (int) script.queries());
          population += script.queries();
        }
      }
    }
    report.print(
        "sqllogictest: a sample (seed %d) of %d of the %d queries beside select1 to select5"
            .formatted(seed, SAMPLE, population));
    leftOut.forEach(
        (kind, queries) ->
            report.print("  left out: %d queries of scripts with %s".formatted(queries, kind)));
    Random random = new Random(seed);
    long[] sample = random.longs(0, population).distinct().limit(SAMPLE).sorted().toArray();
    long first = 0;
    int at = 0;
    for (Map.Entry<String, Integer> script : others.entrySet()) {
      BitSet positions = new BitSet();
      for (; at < sample.length && sample[at] < first + script.getValue(); at++) {
        positions.set((int) (sample[at] - first));
      }
      first += script.getValue();
      if (!positions.isEmpty()) {
        chosen.put(script.getKey(), positions);
      }
    }
    return new Selection(chosen);
  }

  /** A few of everything, for every build. */
  static Selection brief(long seed, List<String> others, int queriesOfEach) {
    Map<String, BitSet> chosen = new LinkedHashMap<>();
    Random random = new Random(seed);
    List<String> names = new ArrayList<>(SELECTS);
    names.addAll(others);
    for (String name : names) {
      int queries = (int) SqlScript.read(name).queries();
      BitSet positions = new BitSet();
      random
          .ints(0, queries)
          .distinct()
          .limit(Math.min(queries, queriesOfEach))
          .forEach(positions::set);
      chosen.put(name, positions);
    }
    return new Selection(chosen);
  }

  /** All queries of the named scripts, separated by commas: to look into one. */
  static Selection of(String names) {
    Map<String, BitSet> chosen = new LinkedHashMap<>();
    for (String name : names.split(",")) {
      chosen.put(name, all((int) SqlScript.read(name).queries()));
    }
    return new Selection(chosen);
  }

  private static BitSet all(int queries) {
    BitSet positions = new BitSet();
    positions.set(0, queries);
    return positions;
  }

  /** The scripts of the artifact, in its own order. */
  private static List<String> names() throws IOException {
    URL test = Selection.class.getResource("/test/select1.test");
    JarURLConnection jar = (JarURLConnection) test.openConnection();
    return jar.getJarFile().stream()
        .map(JarEntry::getName)
        .filter(name -> name.startsWith("test/") && name.endsWith(".test"))
        .map(name -> name.substring("test/".length()))
        .sorted()
        .toList();
  }
}
