package routes.indexer;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import event.Tags;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Configuration;
import org.apache.camel.PropertyInject;
import org.apache.camel.component.jdbc.ConnectionStrategy;
import org.apache.camel.component.jdbc.DefaultConnectionStrategy;
import queue.IndexQueue;
import routes.support.ConfigurationException;
import routes.support.Lifecycle;
import routes.support.Reason;

/** The source database, the queue, and what keeps account of a run. */
@Configuration
public class IndexerConfiguration implements CamelConfiguration {

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

  private static String withoutPassword(String url) {
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

  /** The queue; opened when SQL, ids and database are there, so that a start which fails for them leaves no queue behind. */
  @BindToRegistry(value = "queue", lazy = true)
  public IndexQueue queue(
      CamelContext context,
      SourceSql sql,
      ProductIds productIds,
      DataSource source,
      @PropertyInject("kv.folder") String kv,
      @PropertyInject("queue.id") String id) {
    return Lifecycle.closeOnStop(context, IndexQueue.open(Path.of(kv, "queue"), id));
  }

  @BindToRegistry(value = "acknowledgements", lazy = true)
  public Acknowledgements acknowledgements() {
    return new Acknowledgements();
  }

  @BindToRegistry(value = "updates", lazy = true)
  public Updates updates(@PropertyInject("queue.id") String queueId, @PropertyInject("index.tags") String tags) {
    return new Updates(queueId, list(tags));
  }

  private static List<String> list(String tags) {
    return List.of(tags.trim().split("\\s*,\\s*"));
  }

  @BindToRegistry(value = "deletionGuard", lazy = true)
  public DeletionGuard deletionGuard(IndexQueue queue, @PropertyInject("delete.max-percent") int maxPercent) {
    return new DeletionGuard(queue, maxPercent);
  }

  @BindToRegistry(value = "sweep", lazy = true)
  public Sweep sweep(IndexQueue queue, DeletionGuard guard) {
    return new Sweep(queue, guard);
  }

  @BindToRegistry(value = "run", lazy = true)
  public Run run(
      CamelContext context,
      IndexQueue queue,
      ProductIds productIds,
      DeletionGuard guard,
      Acknowledgements acknowledgements,
      @PropertyInject("index.command") String command,
      @PropertyInject("index.tags") String tags,
      @PropertyInject("source.url") String url,
      @PropertyInject("startup.patience-ms") long startupPatienceMs,
      @PropertyInject("ack.patience-ms") long ackPatienceMs,
      @PropertyInject("progress.interval-ms") long progressIntervalMs) {
    boolean sweeps = list(tags).contains(Tags.ALL) && !productIds.isLimited();
    return new Run(
        context,
        queue,
        new Run.Order(command, withoutPassword(url), productIds.digest(), sweeps),
        guard,
        acknowledgements,
        new Run.Patience(startupPatienceMs, ackPatienceMs),
        new Progress(progressIntervalMs, System.console() != null));
  }
}
