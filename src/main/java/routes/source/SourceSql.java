package routes.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;
import routes.support.ConfigurationException;
import routes.support.Settings;

/**
 * The SQL by which the source database is read: plain SELECTs with a column {@code id}, which this class restricts to some
 * ids by the parameter {@code :?ids}. Immutable.
 */
public final class SourceSql {

  private final String idsSql;
  private final String groupSql;
  private final String sampleSql;

  /**
   * @throws ConfigurationException if an SQL file cannot be read
   */
  public SourceSql(CamelContext context) {
    idsSql = sql(context, "source.ids-sql");
    groupSql = sql(context, "index.sql");
    sampleSql = property(context, "source.url").equals(property(context, "sample.url"))
        ? sql(context, "sample.sql").replace("${sample.products}", property(context, "sample.products"))
        : null;
  }

  private static String property(CamelContext context, String key) {
    return Settings.find(context, key).orElse("");
  }

  private static String sql(CamelContext context, String key) {
    String where = property(context, key);
    String uri = where.startsWith("classpath:") || where.startsWith("file:") ? where : "file:" + where;
    try (InputStream sql = ResourceHelper.resolveMandatoryResourceAsInputStream(context, uri)) {
      return new String(sql.readAllBytes(), StandardCharsets.UTF_8).strip().replaceFirst(";\\s*$", "");
    } catch (IOException e) {
      // Verify's index.sql is its verify.sql.
      boolean verifies = key.equals("index.sql") && property(context, "index.command").isEmpty();
      throw new ConfigurationException((verifies ? "verify.sql" : key) + " must name a file with a SELECT, but '" + where + "' cannot be read", e);
    }
  }

  /** Lists all ids. */
  public String idsSql() {
    return idsSql;
  }

  /** Lists those of the ids {@code :?ids} that there are. */
  public String livingIdsSql() {
    return "select id from (" + idsSql + "\n) listed where id = any(:?ids)";
  }

  /** Reads the attribute group of the ids {@code :?ids}. */
  public String groupSql() {
    return "select * from (" + groupSql + "\n) listed where id = any(:?ids)";
  }

  /** Lists no id, but its type. */
  public String idTypeSql() {
    return "select id from (" + idsSql + "\n) listed where 1 = 0";
  }

  /** Reads nothing of the attribute group but the types of its columns. */
  public String groupTypesSql() {
    return "select * from (" + groupSql + "\n) listed where 1 = 0";
  }

  /** Whether this is the sample database; any other is somebody's, and only ever read. */
  public boolean isSample() {
    return sampleSql != null;
  }

  /** Creates the sample database, and adds the products that it lacks. */
  public String sampleSql() {
    return sampleSql;
  }
}
