package routes.source;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Configuration;
import org.apache.camel.PropertyInject;
import org.apache.camel.component.jdbc.ConnectionStrategy;
import org.apache.camel.component.jdbc.DefaultConnectionStrategy;
import routes.support.ConfigurationException;
import routes.support.Lifecycle;
import routes.support.Reason;

/** The source database, the SQL by which it is read, and which products are meant. */
@Configuration
public class SourceConfiguration implements CamelConfiguration {

  private static final int CONNECT_TIMEOUT_MS = 10_000;

  /** Connections to the source database; it is asked for one at once, so that a wrong URL shows at the start. */
  @BindToRegistry(value = "source", lazy = true)
  public DataSource source(
      CamelContext context,
      @PropertyInject("source.url") String url,
      @PropertyInject("source.user") String user,
      @PropertyInject("source.password") String password,
      @PropertyInject("source.connections") int connections) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("source");
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECT_TIMEOUT_MS);
    try {
      return Lifecycle.closeOnStop(context, new HikariDataSource(config));
    } catch (RuntimeException e) {
      throw new ConfigurationException("the source database " + withoutPassword(url) + " cannot be reached: "
          + Reason.of(e) + " (check source.url, source.user and source.password)", e);
    }
  }

  /** A JDBC URL as it may be shown. */
  public static String withoutPassword(String url) {
    return url.replaceAll("(?i)(password=)[^;&]*", "$1***");
  }

  /** Connections without automatic commit, which PostgreSQL needs to stream a result. */
  @BindToRegistry(value = "streaming", lazy = true)
  public ConnectionStrategy streaming() {
    return new DefaultConnectionStrategy() {
      @Override
      public Connection getConnection(DataSource source) throws SQLException {
        Connection connection = super.getConnection(source);
        connection.setAutoCommit(false);
        return connection;
      }
    };
  }

  @BindToRegistry(value = "sql", lazy = true)
  public SourceSql sql(CamelContext context) {
    return new SourceSql(context);
  }

  @BindToRegistry(value = "sourceColumns", lazy = true)
  public SourceColumns sourceColumns(DataSource source, SourceSql sql) {
    return new SourceColumns(source, sql);
  }

  @BindToRegistry(value = "productIds", lazy = true)
  public ProductIds productIds(@PropertyInject("product.ids") String ids) {
    return new ProductIds(ids);
  }
}
