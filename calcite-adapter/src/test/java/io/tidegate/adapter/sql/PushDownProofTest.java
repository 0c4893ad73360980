package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.adapter.clickhouse.ClickHouseDialect;
import io.tidegate.adapter.duckdb.DuckDbDialect;
import io.tidegate.adapter.store.ArrowInput;
import io.tidegate.adapter.store.KeyedArrowInput;
import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.PushDownEntry;
import io.tidegate.adapter.store.PushDownList;
import io.tidegate.adapter.store.StoreConvention;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.runtime.Hook;
import org.apache.calcite.sql.SqlKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every entry of a store's {@link PushDownList} has a proof: the section of a conformance file that
 * it names exists, and the plan of a statement there uses the entry in that very store. That the
 * statements answer as the file says is {@link ConformanceTest}'s.
 */
class PushDownProofTest {
  private static final String SECTION = "# Proof: ";

  @Test
  void everyClickHouseEntryIsUsedInItsProof(@TempDir Path directory) throws Exception {
    PushDownList list =
        new ClickHouseDialect(new JavaTypeFactoryImpl(TidegateTypeSystem.INSTANCE)).pushDown();
    try (TestCatalog catalog = TestCatalog.clickHouse(PushDownProofTest.class, directory)) {
      assertThat(unproven(list, used(catalog, Placement.CLICKHOUSE, list, false))).isEmpty();
    }
  }

  /** DuckDB also runs what other stores leave to it: their rows, inserts, partial aggregates. */
  @Test
  void everyDuckDbEntryIsUsedInItsProof(@TempDir Path directory) throws Exception {
    PushDownList list = new DuckDbDialect().pushDown();
    try (TestCatalog catalog = TestCatalog.clickHouse(PushDownProofTest.class, directory)) {
      Map<String, Set<String>> used = new HashMap<>();
      for (Placement placement : List.of(Placement.LAKE, Placement.SPLIT, Placement.CLICKHOUSE)) {
        used(catalog, placement, list, true)
            .forEach(
                (section, names) ->
                    used.computeIfAbsent(section, name -> new HashSet<>()).addAll(names));
      }
      assertThat(unproven(list, used)).isEmpty();
    }
  }

  private static Set<String> unproven(PushDownList list, Map<String, Set<String>> used) {
    Set<String> unproven = new TreeSet<>();
    for (PushDownEntry<?> entry : list.entries()) {
      if (!used.getOrDefault(entry.proof(), Set.of()).contains(name(entry))) {
        unproven.add(entry.proof() + " " + name(entry));
      }
    }
    return unproven;
  }

  /** The entries in use, by section. */
  private static Map<String, Set<String>> used(
      TestCatalog catalog, Placement placement, PushDownList list, boolean duckDb)
      throws SQLException, IOException, URISyntaxException {
    Map<String, Set<String>> used = new HashMap<>();
    for (Map.Entry<String, List<String>> file : files(placement).entrySet()) {
      String section = "";
      try (Connection connection = catalog.connect()) {
        for (String text : file.getValue()) {
          if (text.startsWith(SECTION)) {
            section = file.getKey() + "/" + text.substring(SECTION.length());
          } else {
            Set<String> names = used.computeIfAbsent(section, name -> new HashSet<>());
            run(connection, placement.fill(text, catalog), list, duckDb, names);
          }
        }
      }
    }
    return used;
  }

  private static void run(
      Connection connection, String sql, PushDownList list, boolean duckDb, Set<String> names) {
    List<RelNode> plans = new ArrayList<>();
    try (Hook.Closeable hook =
            Hook.PLAN_BEFORE_IMPLEMENTATION.addThread((RelRoot root) -> plans.add(root.rel));
        Statement statement = connection.createStatement()) {
      // A query is only planned; the tables and rows of the file have to be there.
      statement.execute(
          sql.matches("(?s)\\s*(SELECT|WITH|VALUES)\\b.*") ? "EXPLAIN PLAN FOR " + sql : sql);
    } catch (SQLException e) {
      // What the file says of it is checked elsewhere.
    }
    plans.forEach(plan -> collect(plan, list, duckDb, names));
  }

  private static void collect(RelNode rel, PushDownList list, boolean duckDb, Set<String> names) {
    if (rel.getConvention() instanceof StoreConvention store
        && (store.dialect() instanceof DuckDbDialect) == duckDb
        && !(rel instanceof TableScan)
        && !(rel instanceof ArrowInput)
        && !(rel instanceof KeyedArrowInput)) {
      names.add(name(list.relation(rel)));
      rel.accept(
          new RexShuttle() {
            @Override
            public RexNode visitCall(RexCall call) {
              if (call.getKind() == SqlKind.SEARCH) {
                RexUtil.expandSearch(rel.getCluster().getRexBuilder(), null, call).accept(this);
              }
              try {
                names.add(name(list.operator(call)));
              } catch (NotSupported e) {
                assertThat(call.getKind()).isEqualTo(SqlKind.SEARCH);
              }
              return super.visitCall(call);
            }

            @Override
            public RexNode visitOver(RexOver over) {
              names.add(name(list.window(new PushDownEntry.Windowed(over, ""))));
              return super.visitOver(over);
            }

            @Override
            public RexNode visitFieldAccess(RexFieldAccess access) {
              if (!(access.getReferenceExpr() instanceof RexCorrelVariable)) {
                names.add(name(list.field(access.getField().getIndex())));
              }
              return super.visitFieldAccess(access);
            }
          });
      if (rel instanceof Aggregate aggregate) {
        for (AggregateCall call : aggregate.getAggCallList()) {
          List<RelDataType> types =
              call.getArgList().stream()
                  .map(i -> aggregate.getInput().getRowType().getFieldList().get(i).getType())
                  .toList();
          List<String> order =
              call.getCollation().getFieldCollations().stream().map(key -> "x").toList();
          names.add(name(list.aggregate(new PushDownEntry.Aggregated(call, types, order, null))));
        }
      }
    }
    rel.getInputs().forEach(input -> collect(input, list, duckDb, names));
  }

  private static String name(PushDownEntry<?> entry) {
    return entry.section() + " " + entry.construct() + " (" + entry.operands() + ")";
  }

  /** Each file's statements and section headings, in their order. */
  private static Map<String, List<String>> files(Placement placement)
      throws IOException, URISyntaxException {
    Map<String, List<String>> files = new LinkedHashMap<>();
    for (Path file : ConformanceTest.files()) {
      if (!placement.runs(Files.readString(file))) {
        continue;
      }
      List<String> parts = new ArrayList<>();
      StringBuilder statement = new StringBuilder();
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(SECTION)) {
          parts.add(line);
        } else if (!line.isBlank() && !line.matches("[#|(].*") || statement.length() > 0) {
          statement.append(line).append('\n');
          if (line.endsWith(";")) {
            parts.add(statement.substring(0, statement.length() - 2));
            statement.setLength(0);
          }
        }
      }
      files.put(file.getFileName().toString().replace(".iq", ""), parts);
    }
    return files;
  }
}
