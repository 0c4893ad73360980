package io.tidegate.adapter.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.ConnectStringParser;
import org.apache.calcite.avatica.DriverVersion;
import org.apache.calcite.avatica.Handler;
import org.apache.calcite.avatica.HandlerImpl;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.jdbc.CalciteConnection;
import org.apache.calcite.jdbc.CalciteFactory;
import org.apache.calcite.jdbc.CalciteMetaImpl;
import org.apache.calcite.jdbc.CalciteMetaTableFactoryImpl;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.jdbc.Driver;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;

/**
 * The JDBC driver in process: {@code jdbc:tidegate:catalog=catalogs/embedded.yaml}.
 *
 * <p>All connections of a process to one catalog file share its engines; the last connection that
 * is closed stops them. Properties:
 *
 * <ul>
 *   <li>{@code catalog}: the catalog file, absolute or relative to the working directory
 *   <li>{@code timestamp_text}: {@code true} gives TIMESTAMP columns as VARCHAR with all their
 *       microseconds; JDBC through Avatica shows milliseconds
 * </ul>
 */
public final class TidegateDriver extends Driver {
  public static final String PREFIX = "jdbc:tidegate:";
  static final String CATALOG = "catalog";
  static final String TIMESTAMP_TEXT = "timestamp_text";

  static {
    // Decided by a system property when Calcite's classes load; text is UTF-8 everywhere here.
    if (System.getProperty("calcite.default.charset") == null) {
      System.setProperty("calcite.default.charset", "UTF-8");
    }
    new TidegateDriver().register();
  }

  @Override
  protected String getConnectStringPrefix() {
    return PREFIX;
  }

  @Override
  public CalcitePrepare createPrepare() {
    return new TidegatePrepare();
  }

  @Override
  public Meta createMeta(AvaticaConnection connection) {
    return CalciteMetaImpl.create(
        (CalciteConnection) connection, CalciteMetaTableFactoryImpl.INSTANCE, ListedColumn.FACTORY);
  }

  @Override
  protected DriverVersion createDriverVersion() {
    return new DriverVersion("Tidegate JDBC Driver", "0.1", "Tidegate", "0.1", true, 0, 1, 0, 1);
  }

  @Override
  protected Handler createHandler() {
    return new HandlerImpl() {
      @Override
      public void onConnectionClose(AvaticaConnection connection) {
        super.onConnectionClose(connection);
        catalogOf((CalciteConnection) connection).release();
      }
    };
  }

  private static OpenCatalog catalogOf(CalciteConnection connection) {
    return RootSchema.catalogOf(CalciteSchema.from(connection.getRootSchema()));
  }

  @Override
  public Connection connect(String url, Properties info) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    Properties properties = ConnectStringParser.parse(url.substring(PREFIX.length()), info);
    String file = properties.getProperty(CATALOG);
    if (file == null || file.isBlank()) {
      throw new SQLException(
          "The URL names no catalog: write " + PREFIX + "catalog=catalogs/embedded.yaml", "08001");
    }
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "false");
    properties.setProperty(CalciteConnectionProperty.UNQUOTED_CASING.camelName(), "UNCHANGED");
    properties.setProperty(CalciteConnectionProperty.QUOTED_CASING.camelName(), "UNCHANGED");
    properties.setProperty(CalciteConnectionProperty.TIME_ZONE.camelName(), "UTC");
    boolean timestampText = Boolean.parseBoolean(properties.getProperty(TIMESTAMP_TEXT, "false"));
    OpenCatalog catalog = OpenCatalog.acquire(file);
    try {
      AvaticaConnection connection =
          ((CalciteFactory) factory)
              .newConnection(
                  this,
                  factory,
                  url,
                  properties,
                  new RootSchema(catalog, timestampText).calciteSchema(),
                  new JavaTypeFactoryImpl(TidegateTypeSystem.INSTANCE));
      if (catalog.defaultSchema() != null) {
        connection.setSchema(catalog.defaultSchema());
      }
      return NamedErrors.connection(connection);
    } catch (SQLException | RuntimeException | Error e) {
      catalog.release();
      throw e;
    }
  }
}
