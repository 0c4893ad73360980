package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DemoCommandTest {
  @TempDir private Path directory;
  private String home;

  @BeforeEach
  void standWhereTheLauncherIs() {
    home = System.getProperty(DataSourceOptions.HOME_PROPERTY);
    System.setProperty(DataSourceOptions.HOME_PROPERTY, ShippedCatalog.HOME.toString());
  }

  @AfterEach
  void leave() {
    if (home == null) {
      System.clearProperty(DataSourceOptions.HOME_PROPERTY);
    } else {
      System.setProperty(DataSourceOptions.HOME_PROPERTY, home);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLICKHOUSE") // has no schema market_data
  void demoTellsTheSameTwice(ShippedCatalog shipped) throws Exception {
    ShippedCatalog.Opened catalog = shipped.in(directory, DemoCommandTest.class);
    CommandLineRun first = demo(catalog);
    assertThat(first.err()).isEmpty();
    assertThat(first.exitCode()).isZero();
    assertThat(first.out())
        .contains("read_csv('" + directory + "/demo/bitstamp_trades_from_20131125_usd.csv')")
        .contains("-> 100,000 rows in ")
        .contains("-> 9,399 rows in ")
        .contains("-> 7,987 rows in ")
        .contains(" 2013-12-01 |     947 |  12178 | 20938.58111564 | 20938.58111564 | 0.00000000\n")
        .contains("./tidegate serve --catalog " + catalog.file())
        .contains("org.apache.calcite.avatica.remote.Driver");
    assertThat(withoutTimes(demo(catalog))).isEqualTo(withoutTimes(first));
  }

  private CommandLineRun demo(ShippedCatalog.Opened catalog) {
    return CommandLineRun.of(
        "demo",
        "--catalog",
        catalog.file().toString(),
        "--data",
        directory.resolve("demo").toString());
  }

  private static String withoutTimes(CommandLineRun run) {
    return run.out().replaceAll("(?m) in [0-9.]+ s\\.?$", "");
  }
}
