package io.tidegate.adapter;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

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
}
