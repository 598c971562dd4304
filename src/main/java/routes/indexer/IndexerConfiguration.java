package routes.indexer;

import event.Tags;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Configuration;
import org.apache.camel.PropertyInject;
import org.apache.camel.processor.errorhandler.RedeliveryPolicy;
import queue.IndexQueue;
import routes.source.ProductIds;
import routes.source.SourceConfiguration;
import routes.source.SourceSql;
import routes.support.Lifecycle;

/** The queue, and what keeps account of a run. */
@Configuration
public class IndexerConfiguration implements CamelConfiguration {

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

  /** What is not there at the moment is tried again after growing delays, but not by a process that is to end. */
  @BindToRegistry(value = "runRedelivery", lazy = true)
  public RedeliveryPolicy runRedelivery(
      @PropertyInject("ack.retry-delay-ms") long delayMs, @PropertyInject("ack.timeout-ms") long maximumDelayMs) {
    RedeliveryPolicy policy = new RedeliveryPolicy();
    policy.setRedeliveryDelay(delayMs);
    policy.setMaximumRedeliveryDelay(maximumDelayMs);
    policy.setUseExponentialBackOff(true);
    policy.setBackOffMultiplier(2);
    policy.setLogExhausted(false);
    policy.setLogRetryAttempted(false);
    policy.setAllowRedeliveryWhileStopping(false);
    return policy;
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
        new Run.Order(command, SourceConfiguration.withoutPassword(url), productIds.digest(), sweeps),
        guard,
        acknowledgements,
        new Run.Patience(startupPatienceMs, ackPatienceMs),
        new Progress(progressIntervalMs, System.console() != null));
  }
}
