package routes.support;

import event.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;

/**
 * Checks names and values of properties before anything is opened, so that a wrong one is told with its name and what it should
 * be. What only its user can judge, such as SQL, is checked there.
 */
public final class Settings {

  private record Range(long min, long max) {}

  private static final Map<String, Range> NUMBERS = new TreeMap<>();

  private static final String PRODUCT_DATA_URL = "product-data.url";

  private static final List<String> BOOLEANS = List.of("index.exit", "verify.repair");

  /** Those that mean nothing when they are empty; where one is not set at all, the process does not need it. */
  private static final List<String> NECESSARY = List.of("kv.folder", "source.url", "source.ids-sql", "source.clock-sql",
      "index.command", "index.tags", "index.sql", "verify.sql", "broker.host", "rest.host", PRODUCT_DATA_URL);

  private static final Pattern NECESSARY_OF_AN_INDEX = Pattern.compile("index-[a-z]+\\.(tags|document|url)");

  private static final Pattern URL = Pattern.compile("https?://[^\\s/?#]+(/[^\\s?#]*)?");

  static {
    number("broker.port", 1, 65_535);
    number("broker.subscriber-buffer-bytes", 1 << 16, 1 << 30);
    number("bus.connect-timeout-ms", 100, 60_000);
    number("bus.max-frame-bytes", 2 << 20, 64 << 20);
    number("bus.queue-events", 1, 1_000);
    number("source.connections", 1, 100);
    number("sample.products", 1, 10_000_000);
    number("queue.chunk-size", 1, Limits.PRODUCTS);
    number("publish.window", 1, 64);
    number("ack.timeout-ms", 100, 600_000);
    number("ack.retry-delay-ms", 1, 60_000);
    number("startup.retry-ms", 10, 60_000);
    number("delete.max-percent", 0, 100);
    number("ack.patience-ms", 100, 86_400_000);
    number("startup.patience-ms", 100, 86_400_000);
    number("progress.interval-ms", 100, 600_000);
    number("product-data.backlog-bytes", 1 << 20, 1 << 30);
    number("product-data.large-update-bytes", 1, 2 << 20);
    number("product-data.yield-ms", 0, 1_000);
    number("product-data.bulk-updates", 1, 1_000);
    number("product-data.pause-ms", 0, 1_000);
    number("catch-up.interval-ms", 50, 3_600_000);
    number("catch-up.page-size", 1, 10_000);
    number("index.backlog-bytes", 1 << 20, 1 << 30);
    number("index.commit-ms", 50, 3_600_000);
    number("index-b.bulk-events", 1, 1_000);
    number("verify.patience-ms", 100, 86_400_000);
    number("verify.recheck-delay-ms", 1, 60_000);
    number("rebuild.poll-ms", 10, 60_000);
    number("rebuild.patience-ms", 100, 86_400_000);
    number("rest.port", 1, 65_535);
    number("page.interval-ms", 50, 5_000);
  }

  private Settings() {}

  private static void number(String key, long min, long max) {
    NUMBERS.put(key, new Range(min, max));
  }

  /**
   * @throws ConfigurationException naming every property that there is not, or that has a wrong value
   */
  public static void check(CamelContext context) {
    PropertiesComponent properties = (PropertiesComponent) context.getPropertiesComponent();
    Set<String> given = new TreeSet<>(System.getProperties().stringPropertyNames());
    if (properties.getOverrideProperties() != null) {
      given.addAll(properties.getOverrideProperties().stringPropertyNames());
    }
    List<String> wrong = new ArrayList<>(new PropertyNames().mistyped(given));
    NUMBERS.forEach((key, range) -> {
      if (!within(value(context, key), range)) {
        wrong.add(must(context, key, "be a whole number from " + range.min() + " to " + range.max()));
      }
    });
    BOOLEANS.stream().filter(key -> !List.of("true", "false").contains(value(context, key)))
        .forEach(key -> wrong.add(must(context, key, "be true or false")));
    Set<String> necessary = new TreeSet<>(NECESSARY);
    necessary.addAll(properties.loadProperties(key -> NECESSARY_OF_AN_INDEX.matcher(key).matches()).stringPropertyNames());
    String productData = value(context, PRODUCT_DATA_URL);
    // Where nothing else is set, the indexes are where the product data service is.
    necessary.removeIf(key -> key.startsWith("index-") && key.endsWith(".url") && value(context, key).equals(productData));
    for (String key : necessary) {
      String value = value(context, key);
      if (value.isEmpty()) {
        wrong.add(key + " must not be empty");
      } else if (key.endsWith(".url") && !key.startsWith("source.") && !URL.matcher(value).matches()) {
        wrong.add(must(context, key, "be a URL such as http://127.0.0.1:8081"));
      }
    }
    if (!value(context, "bus").matches("[a-z]+") || Settings.class.getResource("/routes/bus/" + value(context, "bus")) == null) {
      wrong.add(must(context, "bus", "be the name of a folder under routes/bus, such as websocket"));
    }
    if (!wrong.isEmpty()) {
      throw new ConfigurationException(String.join("; ", wrong));
    }
  }

  private static String must(CamelContext context, String key, String what) {
    return key + " must " + what + ", but is '" + value(context, key) + "'";
  }

  /**
   * What a property is, without space around it; empty if it is not set. A placeholder with a default value would have Camel look for
   * a function of the property's name, in every JAR.
   *
   * @throws ConfigurationException if it is set to a placeholder of what is not: Camel takes it for not set itself
   */
  public static Optional<String> find(CamelContext context, String key) {
    Optional<String> found = context.getPropertiesComponent().resolveProperty(key).map(String::trim);
    if (found.isPresent()) {
      return found;
    }
    String set = System.getProperty(key, context.getPropertiesComponent().loadProperties(key::equals).getProperty(key));
    if (set != null) {
      throw new ConfigurationException(key + " must not refer to what is not set, but is '" + set + "'");
    }
    return Optional.empty();
  }

  /** What a property is; a dash if it is not set. */
  private static String value(CamelContext context, String key) {
    return find(context, key).orElse("-");
  }

  private static boolean within(String value, Range range) {
    try {
      long number = Long.parseLong(value);
      return number >= range.min() && number <= range.max();
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
