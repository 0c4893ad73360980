package io.tidegate.adapter;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The house plan: who may know whom. */
@AnalyzeClasses(packages = "io.tidegate", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String FUNCTIONS = "io.tidegate.functions..";
  private static final String ARROW = "io.tidegate.adapter.arrow..";
  private static final String STORE = "io.tidegate.adapter.store..";
  private static final String LAKE = "io.tidegate.adapter.lake..";
  private static final String CLICKHOUSE = "io.tidegate.adapter.clickhouse..";
  private static final String DUCKDB = "io.tidegate.adapter.duckdb..";
  private static final String CATALOG = "io.tidegate.adapter.catalog..";
  private static final String SQL = "io.tidegate.adapter.sql..";
  private static final String PORTS = "io.tidegate.adapter.ports..";
  private static final String STORAGE = "io.tidegate.adapter.storage..";
  private static final String GATEWAY = "io.tidegate.gateway..";

  @ArchTest
  static final ArchRule onlyClickHouseClientKnowsTheClickHouseDriver =
      noClasses()
          .that()
          .haveNameNotMatching("io\\.tidegate\\.adapter\\.clickhouse\\.ClickHouseClient(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.clickhouse..");

  @ArchTest
  static final ArchRule onlyDuckDbEngineKnowsTheDuckDbDriver =
      noClasses()
          .that()
          .haveNameNotMatching("io\\.tidegate\\.adapter\\.duckdb\\.DuckDbEngine(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.duckdb..");

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices().matching("io.tidegate.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule functionsKnowTheJdkOnly =
      classes()
          .that()
          .resideInAPackage(FUNCTIONS)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(FUNCTIONS, "java..");

  @ArchTest
  static final ArchRule arrowKnowsFunctionsAtMost =
      noClasses()
          .that()
          .resideInAPackage(ARROW)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(STORE, LAKE, CLICKHOUSE, DUCKDB, CATALOG, SQL, GATEWAY);

  @ArchTest
  static final ArchRule storeKnowsNoStore =
      noClasses()
          .that()
          .resideInAPackage(STORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(LAKE, CLICKHOUSE, DUCKDB, CATALOG, SQL, GATEWAY);

  @ArchTest
  static final ArchRule lakeKnowsNoEngineAndNoPlanner =
      noClasses()
          .that()
          .resideInAPackage(LAKE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              STORE,
              CLICKHOUSE,
              DUCKDB,
              CATALOG,
              SQL,
              GATEWAY,
              "org.apache.calcite..",
              "org.duckdb..",
              "com.clickhouse..");

  @ArchTest
  static final ArchRule clickHouseAndDuckDbDoNotKnowEachOther =
      noClasses()
          .that()
          .resideInAPackage(CLICKHOUSE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(DUCKDB, LAKE, CATALOG, SQL, GATEWAY);

  @ArchTest
  static final ArchRule duckDbAndClickHouseDoNotKnowEachOther =
      noClasses()
          .that()
          .resideInAPackage(DUCKDB)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(CLICKHOUSE, CATALOG, SQL, GATEWAY);

  @ArchTest
  static final ArchRule catalogIsConfigurationOnly =
      noClasses()
          .that()
          .resideInAPackage(CATALOG)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              FUNCTIONS, ARROW, STORE, LAKE, CLICKHOUSE, DUCKDB, SQL, GATEWAY, "org.apache..");

  @ArchTest
  static final ArchRule nobodyBelowKnowsTheGateway =
      noClasses()
          .that()
          .resideOutsideOfPackage(GATEWAY)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(GATEWAY);

  @ArchTest
  static final ArchRule portsShowNoStorage =
      classes()
          .that()
          .resideInAPackage(PORTS)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(PORTS, "java..", "org.apache.arrow.vector..")
                  .and(resideOutsideOfPackages("java.sql..", "javax.sql..")));

  @ArchTest
  static final ArchRule storageIsBehindThePorts =
      noClasses()
          .that()
          .resideOutsideOfPackages(STORAGE, GATEWAY)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(STORAGE);

  @ArchTest
  static final ArchRule storageGatewayIsTheOneWayIn =
      classes()
          .that()
          .resideInAPackage(STORAGE)
          .and()
          .haveNameNotMatching(".*\\.StorageGateway(\\$.*)?")
          .should()
          .notBePublic();

  @ArchTest
  static final ArchRule portsKnowNoPlanner =
      noClasses()
          .that()
          .resideInAnyPackage(PORTS, STORAGE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(CLICKHOUSE, SQL, GATEWAY, "org.apache.calcite..");

  /** A sweep that started a process for each of its runs would be a thousand times slower. */
  @ArchTest
  static final ArchRule onlyTheEmbeddedEngineStartsProcesses =
      noClasses()
          .that()
          .haveNameNotMatching("io\\.tidegate\\.adapter\\.clickhouse\\.EmbeddedClickHouse(\\$.*)?")
          .and()
          .resideOutsideOfPackage("io.tidegate.gateway.bench..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.ProcessBuilder")
          .orShould()
          .callMethodWhere(target(owner(type(Runtime.class))).and(target(name("exec"))));

  @ArchTest
  static final ArchRule onlyTheLakeKnowsTheParquetLibrary =
      noClasses()
          .that()
          .resideOutsideOfPackage(LAKE)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.parquet..");

  /** Reflection and driver URLs are a way around the rules above that only the text shows. */
  @ArchTest
  static void nobodyElseNamesADriver(JavaClasses classes) throws IOException {
    for (JavaClass each : classes) {
      String name = each.getName();
      if (name.matches(".*\\.(DuckDbEngine|ClickHouseClient)(\\$.*)?")) {
        continue;
      }
      String path = "/" + name.replace('.', '/') + ".class";
      try (InputStream file = ArchitectureTest.class.getResourceAsStream(path)) {
        String constants = new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
        for (String driver :
            List.of("org.duckdb.", "jdbc:duckdb:", "com.clickhouse.", "jdbc:ch:")) {
          assertFalse(constants.contains(driver), name + " names " + driver);
        }
      }
    }
  }
}
