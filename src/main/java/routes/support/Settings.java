package routes.support;

import event.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;

/**
 * Checks the values of all numbers before anything is opened, so that a wrong one is told with its name and what it
 * should be.
 */
public final class Settings {

  private record Range(long min, long max) {}

  private static final Map<String, Range> NUMBERS = new TreeMap<>();

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
   * @throws ConfigurationException naming every property with a wrong value
   */
  public static void check(CamelContext context) {
    List<String> wrong = new ArrayList<>();
    NUMBERS.forEach((key, range) -> {
      String value = context.resolvePropertyPlaceholders("{{" + key + "}}").trim();
      if (!within(value, range)) {
        wrong.add(key + " must be a whole number from " + range.min() + " to " + range.max() + ", but is '" + value + "'");
      }
    });
    if (!wrong.isEmpty()) {
      throw new ConfigurationException(String.join("; ", wrong));
    }
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
