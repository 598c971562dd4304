package routes.services.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import product.Json;
import routes.source.SourceConfiguration;
import routes.support.IndexRunner;
import routes.support.IndexRunner.Outcome;
import routes.support.IndexRunner.Started;

/** The queues that were tried again from the page, and how that went; the latest {@value #KEPT}. Thread safe. */
public class Retries implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

  private static final int KEPT = 20;
  private static final int STOP_SECONDS = 20;

  private final IndexRunner runner;
  private final Map<String, Started> byQueue = new LinkedHashMap<>();

  public Retries(IndexRunner runner) {
    this.runner = runner;
  }

  /** Whether there is such an index command. */
  boolean knows(String command) {
    return runner.knows(command);
  }

  /** The database that an index command would read here, as it may be shown. */
  String database(String command) {
    return SourceConfiguration.withoutPassword(runner.setting(command, "source.url"));
  }

  /**
   * Starts an indexer that goes on with a queue.
   *
   * @return false if one that was started here still does
   */
  synchronized boolean start(String command, String queueId) {
    Started last = byQueue.get(queueId);
    if (last != null && !last.end().isDone()) {
      return false;
    }
    byQueue.remove(queueId);
    byQueue.put(queueId, runner.start(command, queueId));
    byQueue.values().removeIf(each -> byQueue.size() > KEPT && each.end().isDone());
    return true;
  }

  /** Each queue with whether an indexer works on it, and if not, how that ended. */
  synchronized ArrayNode json() {
    ArrayNode retries = Json.MAPPER.createArrayNode();
    byQueue.forEach((queue, started) -> {
      ObjectNode retry = retries.addObject().put("queue", queue).put("running", !started.end().isDone());
      Outcome outcome = started.end().getNow(null);
      if (outcome != null) {
        retry.put("status", outcome.status()).put("reason", outcome.reason());
      }
    });
    return retries;
  }

  /** Ends what still runs, and waits for that. */
  @Override
  public void close() {
    Map<String, Started> all;
    synchronized (this) {
      all = Map.copyOf(byQueue);
    }
    all.values().forEach(each -> each.stop().run());
    CompletableFuture<?>[] ends = all.values().stream().map(Started::end).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(ends).get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("A retry did not end in time; its queue resumes where it was left");
    }
  }
}
