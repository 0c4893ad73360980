package io.tidegate.conformance.tpch;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One of the 22 queries with the specification's validation parameters. Its tables are {@code
 * {lineitem}} and so on.
 *
 * @param orderedBy the result columns that its ORDER BY names, from 0
 */
record TpchQuery(int number, String text, List<Integer> orderedBy) {
  private static final Pattern ORDERED_BY = Pattern.compile("-- Ordered by columns ([\\d, ]+)\n");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

  static List<TpchQuery> all() {
    return IntStream.rangeClosed(1, 22).mapToObj(TpchQuery::read).toList();
  }

  private static TpchQuery read(int number) {
    String file = resource("q%02d.sql".formatted(number));
    Matcher header = ORDERED_BY.matcher(file);
    boolean ordered = header.lookingAt();
    return new TpchQuery(
        number,
        ordered ? file.substring(header.end()) : file,
        ordered
            ? Stream.of(header.group(1).split(", *")).map(n -> Integer.parseInt(n) - 1).toList()
            : List.of());
  }

  static String resource(String name) {
    try (InputStream stream = TpchQuery.class.getResourceAsStream("/tpch/" + name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The statement with its tables named, for data of a scale. */
  String sql(UnaryOperator<String> tableName, double scale) {
    // Query 11: the more data, the smaller the fraction that counts as important.
    String fraction =
        BigDecimal.valueOf(0.0001)
            .divide(BigDecimal.valueOf(scale))
            .stripTrailingZeros()
            .toPlainString();
    return fill(text.replace("{fraction}", fraction), tableName);
  }

  static String fill(String sql, UnaryOperator<String> tableName) {
    return PLACEHOLDER
        .matcher(sql)
        .replaceAll(match -> Matcher.quoteReplacement(tableName.apply(match.group(1))));
  }

  String name() {
    return "q%02d".formatted(number);
  }
}
