package routes.rebuild;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import product.Json;
import routes.support.ConfigurationException;
import routes.support.ExitStatus;
import routes.support.Lifecycle;
import routes.support.Plural;
import routes.support.Reason;
import routes.support.Settings;
import routes.support.StatusReport;
import search.Generations.Progress;

/** One rebuild of an index, as seen from outside. It ends the process: with 0 when the index answers from the new generation. */
public class Rebuild {

  private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);

  private final CamelContext context;
  private final String index;
  private final String url;
  private final long patience;
  private final long interval;
  private final long begunAt = System.nanoTime();
  private int generation;
  private volatile boolean ended;
  private long reached = -1;
  private long movedAt = begunAt;
  private long saidAt = begunAt;

  private Rebuild(CamelContext context, String index, String url) {
    this.context = context;
    this.index = index;
    this.url = url;
    patience = nanoseconds("rebuild.patience-ms");
    interval = nanoseconds("progress.interval-ms");
    Lifecycle.onStopping(context, this::interrupted);
  }

  private void interrupted() {
    if (!ended && context.isStarted()) {
      ended = true;
      LOG.warn("{}: interrupted. {}", index, generation == 0 ? "It may not have been asked to rebuild itself"
          : "Generation " + generation + " is built all the same; -Pstatus tells how far it is");
      ExitStatus.set(context, ExitStatus.COULD_NOT_RUN);
    }
  }

  private long nanoseconds(String key) {
    return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(context.resolvePropertyPlaceholders("{{" + key + "}}").trim()));
  }

  /**
   * The rebuild of the index that the property {@code index} names.
   *
   * @throws ConfigurationException if there is no such index: every property {@code index-….url} is one
   */
  static Rebuild of(CamelContext context) {
    Properties urls = context.getPropertiesComponent().loadProperties(key -> key.matches("index-[a-z]+\\.url"));
    TreeSet<String> letters = new TreeSet<>();
    urls.stringPropertyNames().forEach(key -> letters.add(key.replaceAll("index-|\\.url", "")));
    String letter = Settings.find(context, "index").orElse("");
    if (!letters.contains(letter)) {
      throw new ConfigurationException(
          "say which index to rebuild, -Dindex=" + String.join(" or -Dindex=", letters) + (letter.isEmpty() ? "" : ": there is no '" + letter + "'"));
    }
    String name = "index-" + letter;
    return new Rebuild(context, name, context.resolvePropertyPlaceholders("{{" + name + ".url}}"));
  }

  /** Where to ask for it. */
  public String rebuildUrl() {
    return url + "/" + index + "/rebuild";
  }

  /** Where to ask how far it is. */
  public String statusUrl() {
    return url + "/status";
  }

  /** Takes the answer to the request for it. */
  public void begun(int status, String json) {
    JsonNode answer = Json.parse(json);
    if (status == 202) {
      generation = answer.path("generation").asInt();
      LOG.info("{}: generation {} is built from the change feed", index, generation);
    } else {
      fail(answer.path("detail").asText("status " + status));
    }
  }

  /** The request for it could not be sent, or its answer not be read. */
  public void refused(Exception e) {
    fail("it is not reached at " + url + " (" + Reason.of(e) + ")");
  }

  /** Whether it goes on. */
  public boolean underWay() {
    return !ended;
  }

  /** Takes a status. */
  public void answered(String json) {
    StatusReport.Index now = StatusReport.parse(json).indexes().stream().filter(each -> each.name().equals(index)).findFirst()
        .orElseThrow(() -> new IllegalStateException("another service answers there"));
    Progress progress = now.state().progress();
    if (progress != null && progress.generation() == generation) {
      follow(progress);
    } else if (now.state().generation() == generation) {
      end(0, String.format(Locale.ROOT, "%s answers from generation %d: %,d %s, %.1f s",
          index, generation, now.documents(), Plural.of(now.documents(), "document"), (System.nanoTime() - begunAt) / 1e9));
    } else {
      fail(now.state().failure().isEmpty() ? "its service was started again meanwhile: try again" : now.state().failure());
    }
  }

  private void follow(Progress progress) {
    if (progress.checkpoint() != reached) {
      reached = progress.checkpoint();
      movedAt = System.nanoTime();
    }
    if (System.nanoTime() - saidAt >= interval) {
      saidAt = System.nanoTime();
      LOG.info(String.format(Locale.ROOT, "%s: generation %d is at %,d of %,d", index, generation, progress.checkpoint(), progress.target()));
    }
    loseNoMoreThanPatience("nothing moves: is the product data service up? It goes on when it can, and /status tells");
  }

  /** There was no status; the index may just be started again. */
  public void unanswered(Exception e) {
    loseNoMoreThanPatience("it is not reached at " + url + " any more (" + Reason.of(e) + ")");
  }

  private void loseNoMoreThanPatience(String reason) {
    if (System.nanoTime() - movedAt > patience) {
      fail(reason);
    }
  }

  private void fail(String reason) {
    LOG.error("{} was not rebuilt: {}", index, reason);
    ExitStatus.because(context, reason);
    end(ExitStatus.COULD_NOT_RUN, null);
  }

  private void end(int status, String words) {
    if (words != null) {
      LOG.info(words);
    }
    ended = true;
    ExitStatus.end(context, status);
  }
}
