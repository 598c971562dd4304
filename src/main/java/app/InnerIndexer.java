package app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.Main;
import routes.support.IndexRunner;

/** Runs an indexer as a second Camel Main in the JVM of another process, with that one's properties. */
final class InnerIndexer implements IndexRunner {

  private final Main outer;

  /**
   * @param outer the process that it runs in
   */
  InnerIndexer(Main outer) {
    this.outer = outer;
  }

  @Override
  public boolean knows(String command) {
    return command.matches("[A-Za-z0-9]+Index") && getClass().getResource(file(command)) != null;
  }

  /** What was given to this process counts first, then the command's own file, then what all processes have. */
  @Override
  public String setting(String command, String key) {
    CamelContext context = outer.getCamelContext();
    Properties own = new Properties();
    try (InputStream file = getClass().getResourceAsStream(file(command))) {
      own.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean given = System.getProperty(key) != null || outer.getOverrideProperties().containsKey(key);
    String value = given ? "{{" + key + "}}" : own.getProperty(key, "{{" + key + ":}}");
    return context.resolvePropertyPlaceholders(value).trim();
  }

  private static String file(String command) {
    return "/application-" + command + ".properties";
  }

  @Override
  public Started start(String command, String queueId) {
    CamelContext context = outer.getCamelContext();
    Main indexer = Application.main(((PropertiesComponent) context.getPropertiesComponent()).getOverrideProperties());
    // Set by the outer process's own profile, which the indexer does not read.
    indexer.addOverrideProperty("product-data.url", context.resolvePropertyPlaceholders("{{product-data.url}}"));
    indexer.addOverrideProperty("queue.id", queueId);
    CompletableFuture<Outcome> end = new CompletableFuture<>();
    Thread thread = new Thread(() -> end.complete(Application.outcome(indexer, "-profile", command)), "retry-" + queueId);
    thread.setDaemon(true);
    thread.start();
    return new Started(end, indexer::completed);
  }
}
