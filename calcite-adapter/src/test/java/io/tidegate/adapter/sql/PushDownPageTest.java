package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.adapter.clickhouse.ClickHouseDialect;
import io.tidegate.adapter.duckdb.DuckDbDialect;
import io.tidegate.adapter.store.PushDownEntry;
import io.tidegate.adapter.store.PushDownEntry.Section;
import io.tidegate.adapter.store.PushDownList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.junit.jupiter.api.Test;

/** {@code docs/pushdown.md} is what the stores' lists say; the command to write it is in it. */
class PushDownPageTest {
  private static final String HEAD =
      """
      # What each store is asked to run

      This page is generated from the lists that the planner asks (`ClickHousePushDown`, `DuckDbPushDown`), by
      `mvn test -pl calcite-adapter -am -Dtest=PushDownPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dtidegate.write.docs=true`.
      What is not listed for ClickHouse runs in DuckDB; what is not listed for DuckDB is refused by name.
      No other executor exists: nothing runs in Calcite's Enumerable operators but the door through which rows reach a client.

      Each line has a proof: a section of the `.iq` file of that name, below `calcite-adapter/src/test/resources/iq`, behind `# Proof:`.
      Its rows are the same with the tables in ClickHouse, in the lake, in a DuckDB file and in two of them
      (`ConformanceTest`), and the plan of a statement in it uses the line (`PushDownProofTest`).
      What the answers mean is said in [semantics.md](semantics.md).

      In a spelling {0} is the first operand and {*} are all. A line marked *fails* can end in an error for some values. ClickHouse
      may compute such a condition for rows that another condition excludes, so there it is never part of a WHERE or an ON.

      Values reach an engine as typed literals by one method per dialect, `string`; INSERT ... SELECT within one ClickHouse is one native
      statement if all of its SELECT can be pushed and no check for NULL is needed.

      """;

  private static final Path PAGE = Path.of("..", "docs", "pushdown.md");

  @Test
  void pageIsWhatTheListsSay() throws IOException {
    StringBuilder page = new StringBuilder(HEAD);
    store(
        page,
        "ClickHouse",
        new ClickHouseDialect(new JavaTypeFactoryImpl(TidegateTypeSystem.INSTANCE)).pushDown());
    store(page, "DuckDB", new DuckDbDialect().pushDown());
    if (Boolean.getBoolean("tidegate.write.docs")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(page.toString());
  }

  private static void store(StringBuilder page, String name, PushDownList list) {
    page.append("## ").append(name).append("\n\n");
    for (Section section : Section.values()) {
      page.append("### ").append(section.title()).append("\n\n");
      page.append("| construct | operands | spelling | proof |\n|---|---|---|---|\n");
      for (PushDownEntry<?> entry : list.entries()) {
        if (entry.section() == section) {
          page.append(
              "| `%s` | %s | `%s`%s | %s |\n"
                  .formatted(
                      cell(entry.construct()),
                      cell(entry.operands()),
                      cell(entry.spelling()),
                      entry.raises() ? " *fails*" : "",
                      entry.proof()));
        }
      }
      page.append('\n');
    }
    if (!list.reasons().isEmpty()) {
      page.append("### Left out on purpose\n\n");
      new TreeMap<>(list.reasons())
          .forEach(
              (construct, reason) ->
                  page.append("- `").append(construct).append("`: ").append(reason).append('\n'));
      page.append('\n');
    }
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
