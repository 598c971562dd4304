package routes.status;

import java.nio.file.Path;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Configuration;
import org.apache.camel.PropertyInject;

/** Where the services are. */
@Configuration
public class StatusConfiguration implements CamelConfiguration {

  private static final String INDEX_URL = "index-[a-z]+\\.url";

  /** Every property {@code index-….url} names an index, so that a further one needs no code here. */
  @BindToRegistry(value = "survey", lazy = true)
  public Survey survey(
      CamelContext context, @PropertyInject("kv.folder") String kv, @PropertyInject("product-data.url") String productData) {
    TreeMap<String, String> places = new TreeMap<>();
    Properties configured = context.getPropertiesComponent().loadProperties(key -> key.matches(INDEX_URL));
    for (String key : configured.stringPropertyNames()) {
      places.put(key.substring(0, key.indexOf('.')), context.resolvePropertyPlaceholders("{{" + key + "}}"));
    }
    return new Survey(context, Path.of(kv, "queue"), productData, places);
  }
}
