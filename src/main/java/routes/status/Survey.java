package routes.status;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import queue.QueueException;
import queue.QueueStatus;
import routes.support.ExitStatus;
import routes.support.Plural;
import routes.support.Reason;
import routes.support.StatusReport;
import routes.support.StatusReport.Broker;
import routes.support.StatusReport.Index;
import routes.support.StatusReport.Products;
import search.Generations.Progress;

/** What the services answered, put together and told. Not thread safe. */
public class Survey {

  private static final Logger LOG = LoggerFactory.getLogger(Survey.class);

  private final CamelContext context;
  private final Path queues;
  private final String productData;
  private final SortedMap<String, String> indexes;
  private final Map<String, StatusReport> answers = new TreeMap<>();
  private final Map<String, String> reasons = new TreeMap<>();

  /**
   * @param context stopped when all is told
   * @param queues the folder of all queues
   * @param productData the URL of the product data service
   * @param indexes the URL of each index, by its name
   */
  public Survey(CamelContext context, Path queues, String productData, SortedMap<String, String> indexes) {
    this.context = context;
    this.queues = queues;
    this.productData = productData;
    this.indexes = indexes;
  }

  /** Whom to ask. */
  public Set<String> urls() {
    Set<String> urls = new TreeSet<>(indexes.values());
    urls.add(productData);
    return urls;
  }

  /** Takes an answer. */
  public void answered(String url, String json) {
    answers.put(url, StatusReport.parse(json));
  }

  /** Takes note that there is no answer. */
  public void unreachable(String url, Exception e) {
    reasons.put(url, Reason.of(e));
  }

  /** Tells all, a line for each part, and ends the process: with 0, or with 2 if no service could be reached. */
  public void tell() {
    StatusReport report = report();
    report.queues().forEach(queue -> LOG.info("queue {}", told(queue)));
    tellBroker();
    if (report.products() == null) {
      LOG.warn("product data service: {}", missing(productData));
    } else {
      Products products = report.products();
      say("product data service: %,d %s, sequence %,d, %,d/s", products.count(), Plural.of(products.count(), "product"), products.sequence(), products.rate());
    }
    Set<String> missing = new TreeSet<>(indexes.keySet());
    for (Index index : report.indexes()) {
      missing.remove(index.name());
      say("%s: %,d %s, checkpoint %,d, lag %,d, %,d/s",
          index.name(), index.documents(), Plural.of(index.documents(), "document"), index.checkpoint(), index.lag(), index.rate());
      tellRebuild(index);
    }
    missing.forEach(name -> LOG.warn("{}: {}", name, missing(indexes.get(name))));
    if (report.products() != null && missing.isEmpty()) {
      LOG.info(whenVisible(report, answers.values().stream().map(StatusReport::broker).allMatch(each -> each == null || each.connected())));
    }
    ExitStatus.end(context, answers.isEmpty() ? ExitStatus.COULD_NOT_RUN : 0);
  }

  private void tellBroker() {
    SortedMap<String, Set<String>> connected = new TreeMap<>();
    answers.forEach((url, answer) -> {
      Broker broker = answer.broker();
      if (broker != null && broker.connected()) {
        connected.computeIfAbsent(broker.address(), any -> new TreeSet<>()).add(url);
      } else if (broker != null) {
        LOG.warn("broker {}: not reached from {}", broker.address(), url);
      }
    });
    connected.forEach((address, urls) -> say("broker %s: connected to %s", address, String.join(", ", urls)));
  }

  private static void tellRebuild(Index index) {
    Progress progress = index.state().progress();
    if (progress != null) {
      say("%s: generation %d %s, at %,d of %,d", index.name(), progress.generation(),
          progress.rollback() ? "catches up, to be returned to" : "is being built", progress.checkpoint(), progress.target());
    } else if (!index.state().failure().isEmpty()) {
      LOG.warn("{}: {}", index.name(), index.state().failure());
    }
  }

  /** The answers as one; an index that is not in the product data service's process learns from it how far it is behind. */
  private StatusReport report() {
    StatusReport fromProductData = answers.get(productData);
    Products products = fromProductData == null ? null : fromProductData.products();
    SortedMap<String, Index> found = new TreeMap<>();
    for (StatusReport answer : answers.values()) {
      for (Index index : answer.indexes()) {
        long lag = products == null ? index.lag() : Math.max(index.lag(), products.sequence() - index.checkpoint());
        found.put(index.name(), index.withLag(lag));
      }
    }
    return new StatusReport(queues(), null, products, List.copyOf(found.values()));
  }

  private List<QueueStatus> queues() {
    try {
      return QueueStatus.all(queues);
    } catch (QueueException e) {
      LOG.warn("{}", e.getMessage());
      return List.of();
    }
  }

  private String missing(String url) {
    return "not reached at " + url + " (" + reasons.getOrDefault(url, "another service answers there") + ")";
  }

  private static String told(QueueStatus queue) {
    String command = queue.command() == null ? "" : queue.command() + ", ";
    return queue.id() + " (" + command + queue.stage().name().toLowerCase(Locale.ROOT) + "): "
        + (queue.total() == null
            ? String.format(Locale.ROOT, "%,d %s so far", queue.remaining(), Plural.of(queue.remaining(), "product"))
            : String.format(Locale.ROOT, "%,d of %,d %s left", queue.remaining(), queue.total(), Plural.of(queue.total(), "product")))
        + String.format(Locale.ROOT, ", %,d failed", queue.failed());
  }

  private static String whenVisible(StatusReport report, boolean connected) {
    OptionalLong seconds = connected ? report.secondsLeft() : OptionalLong.empty();
    if (seconds.isPresent()) {
      return String.format(Locale.ROOT, "All is visible in every index in about %,d s", seconds.getAsLong());
    }
    boolean underWay =
        report.queues().stream().anyMatch(QueueStatus::running) || report.indexes().stream().anyMatch(index -> index.lag() > 0);
    return underWay
        ? "It can't be told yet when all is visible in every index"
        : "All that the product data service has is visible in every index";
  }

  private static void say(String format, Object... values) {
    LOG.info(String.format(Locale.ROOT, format, values));
  }
}
