package routes.verify;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Configuration;
import org.apache.camel.PropertyInject;
import routes.source.ProductIds;
import routes.source.SourceSql;
import routes.support.ConfigurationException;
import routes.support.Indexes;
import routes.support.Lifecycle;
import routes.support.Settings;
import search.DocumentType;
import verify.DriftFile;
import verify.Partitions;
import verify.Sighting;

/** The places that are compared, and what keeps account of it. */
@Configuration
public class VerifyConfiguration implements CamelConfiguration {

  private static final DateTimeFormatter FILE_TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private static List<String> list(String property) {
    return Stream.of(property.split(",")).map(String::strip).filter(each -> !each.isEmpty()).toList();
  }

  @BindToRegistry(value = "places", lazy = true)
  public Places places(
      CamelContext context,
      @PropertyInject("product-data.url") String productDataUrl,
      @PropertyInject("verify.indexes") String indexes,
      @PropertyInject("verify.ignored-attributes") String ignored,
      @PropertyInject("catch-up.page-size") int pageSize) {
    List<DocumentType> documents = list(indexes).stream().map(index -> Indexes.documentType(context, index)).toList();
    Contents contents = new Contents(Set.copyOf(list(ignored)), documents);
    List<Place> services = new ArrayList<>();
    services.add(new ProductDataPlace(productDataUrl, contents, pageSize));
    for (String index : list(indexes)) {
      String url = Settings.find(context, index + ".url").orElse("");
      if (url.isEmpty()) {
        throw new ConfigurationException(index + ".url must say where the service of " + index + " listens");
      }
      services.add(new IndexPlace(
          index, Sighting.FIRST_INDEX + services.size() - 1, url, Indexes.kept(context, index), pageSize));
    }
    return new Places(services, contents);
  }

  /** Files for what is read; opened when all else is there, so that a start which fails leaves none behind. */
  @BindToRegistry(value = "partitions", lazy = true)
  public Partitions partitions(
      CamelContext context,
      SourceSql sql,
      ProductIds productIds,
      DataSource source,
      Places places,
      @PropertyInject("kv.folder") String kv) {
    return Lifecycle.closeOnStop(context, new Partitions(Path.of(kv, "verify"), places.indexes()));
  }

  @BindToRegistry(value = "verification", lazy = true)
  public Verification verification(
      CamelContext context,
      Places places,
      Partitions partitions,
      ProductIds productIds,
      @PropertyInject("kv.folder") String kv,
      @PropertyInject("verify.patience-ms") long patienceMs,
      @PropertyInject("verify.recheck-delay-ms") long recheckDelayMs,
      @PropertyInject("verify.repair") boolean repair) {
    Path drifted = Path.of(kv, "verify", "drifted-" + LocalDateTime.now().format(FILE_TIME) + ".txt");
    return new Verification(context, places, partitions, new DriftFile(drifted), productIds.isLimited(),
        new Verification.Terms(patienceMs, recheckDelayMs, repair));
  }
}
