package routes.indexer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import event.AckEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import product.Json;
import product.Rejection;
import queue.Chunk;
import queue.IndexQueue;
import queue.QueueException;
import queue.RunRecord;
import routes.indexer.Acknowledgements.NotAcknowledgedException;
import routes.indexer.DeletionGuard.DeletionGuardException;
import routes.indexer.ProductDataRoutes.UnavailableException;
import routes.source.Read;
import routes.support.ConfigurationException;
import routes.support.ExitStatus;
import routes.support.Lifecycle;
import routes.support.Plural;
import routes.support.Reason;
import routes.support.Settings;
import routes.support.StatusReport;
import routes.support.Stop;

/** How a run is going, from its start to its exit status. Thread safe. */
public class Run implements ExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(Run.class);
  private static final int SHOWN_FAILURES = 20;
  private static final int SHOWN_CHARACTERS = 80;
  private static final int PROBE_MS = 1_000;

  private final CamelContext context;
  private final IndexQueue queue;
  private final Order order;
  private final DeletionGuard guard;
  private final Acknowledgements acknowledgements;
  private final Patience patience;
  private final Progress progress;
  private final List<Rejection> shownFailures = new ArrayList<>();
  private long startedAt = System.nanoTime();
  private long aliveAt = System.nanoTime();
  private boolean begun;
  private int chunksLeft;
  private long done;
  private long failed;
  private long rejected;
  private long outdated;
  /** Whether the queue is this run's, to be listed or gone on with. */
  private boolean owns;
  private boolean ended;
  private boolean interrupted;
  private boolean awaitsIndexes;
  private long finishedAt;
  private int status;

  /**
   * How long to go on without any sign of life.
   *
   * @param startMs until broker and product data service have answered, so that there is something to do
   * @param ackMs after the last acknowledgement
   */
  public record Patience(long startMs, long ackMs) {}

  /**
   * What is to be done.
   *
   * @param command as the operator calls it
   * @param database its JDBC URL, without a password
   * @param productIds a digest of the ids that the run is limited to; empty if it is about all products
   * @param sweeps whether to look, in the end, for products that the database did not list
   */
  public record Order(String command, String database, String productIds, boolean sweeps) {}

  /**
   * @param context stopped when the run has ended, if the property {@code index.exit} says so
   * @param progress where to show it
   */
  public Run(
      CamelContext context,
      IndexQueue queue,
      Order order,
      DeletionGuard guard,
      Acknowledgements acknowledgements,
      Patience patience,
      Progress progress) {
    this.context = context;
    this.queue = queue;
    this.order = order;
    this.guard = guard;
    this.acknowledgements = acknowledgements;
    this.patience = patience;
    this.progress = progress;
    exitWith(ExitStatus.COULD_NOT_RUN);
    Lifecycle.onStopping(context, this::interrupted);
  }

  /**
   * Whether the queue is listed already, so that this run goes on with it. Here the run's clock starts.
   *
   * @throws ConfigurationException if it was listed for another command, database or other products
   */
  public synchronized boolean resumes() {
    startedAt = System.nanoTime();
    alive();
    RunRecord record = queue.record();
    if (record == null) {
      owns = true;
      return false;
    }
    if (!record.command().equals(order.command()) || !record.database().equals(order.database())) {
      throw new ConfigurationException("the queue " + queue.id() + " belongs to " + record.command() + " of " + record.database()
          + ", not to " + order.command() + " of " + order.database() + ": finish it with that command, or choose another name");
    }
    if (!record.productIds().equals(order.productIds())) {
      throw new ConfigurationException("the queue " + queue.id() + " belongs to a run over "
          + (record.productIds().isEmpty() ? "all products, not over product.ids" : "other product.ids")
          + ": finish it with the same, or choose another name");
    }
    owns = true;
    return true;
  }

  /**
   * Says that all ids are in the queue.
   *
   * @param listedAt when, in microseconds of the database's UTC clock
   */
  public void listed(long listedAt) {
    queue.endListing(RunRecord.of(order.command(), order.database(), order.productIds(), order.sweeps(), listedAt));
    alive();
  }

  private synchronized void alive() {
    aliveAt = System.nanoTime();
  }

  /**
   * Takes note that it gets on.
   *
   * @throws CancellationException if the run has ended meanwhile
   */
  public synchronized void goOn() {
    if (ended) {
      throw new CancellationException("the run has ended");
    }
    alive();
  }

  /** Whether it is not known yet how many products there were when the run began. */
  public boolean mustCount() {
    return queue.record().present() == RunRecord.UNKNOWN;
  }

  /**
   * Takes note of how many products there are.
   *
   * @param status the product data service's
   * @throws ConfigurationException if it is something else's
   */
  public void present(@Body String status) {
    JsonNode products;
    try {
      products = Json.parse(status).path("products");
    } catch (IllegalArgumentException e) {
      products = MissingNode.getInstance();
    }
    JsonNode count = products.path("count");
    if (!count.canConvertToLong()) {
      throw new ConfigurationException("there is no product data service at " + productDataUrl() + ", but something else: check"
          + " product-data.url");
    }
    queue.countPresent(count.longValue());
    warnOfAnotherFolder(products.path("folder").asText());
  }

  /** Whoever has two checkouts on one machine finds the services of either at the same ports. */
  private void warnOfAnotherFolder(String theirs) {
    Path ours = Path.of(context.resolvePropertyPlaceholders("{{kv.folder}}")).toAbsolutePath().normalize();
    boolean here = productDataUrl().matches("https?://(127\\.0\\.0\\.1|localhost|\\[::1])(:.*)?");
    if (here && !theirs.isEmpty() && !theirs.equals(ours.toString())) {
      LOG.warn("{}: the product data service at {} keeps its products in {}, while the queue is in {}: if it is another checkout's,"
          + " stop, and give this one ports of its own (broker.port, rest.port, product-data.url)", order.command(), productDataUrl(), theirs, ours);
    }
  }

  private String productDataUrl() {
    return context.resolvePropertyPlaceholders("{{product-data.url}}");
  }

  /**
   * Lets what was read of a chunk be published.
   *
   * @throws DeletionGuardException if the run would delete more than it may
   */
  public void admit(@Body Read read) {
    alive();
    guard.admit(read.deleted().size());
  }

  /** Says that the queue is listed, and what there is to do. */
  public synchronized void begin() {
    alive();
    begun = true;
    guard.begin();
    chunksLeft = queue.remainingChunks();
    long products = queue.remaining();
    LOG.info("{}: {} {} in the queue {}", order.command(), products, Plural.of(products, "product"), queue.id());
    progress.begin(order.command(), products);
  }

  /** Whether there is, or will be, nothing left to do. */
  public synchronized boolean allSettled() {
    return chunksLeft == 0;
  }

  /** Whether to sweep now: every listed product is in the product data service. */
  public synchronized boolean sweeps() {
    return !ended && chunksLeft == 0 && queue.record().sweepIsDue() && queue.failed() == 0;
  }

  /** Says that the chunks of the sweep are listed: they are what is left to do. */
  public void swept() {
    synchronized (this) {
      chunksLeft = queue.listedChunks();
      if (chunksLeft > 0) {
        long more = queue.listedProducts();
        LOG.info("{}: {} more {}, which the database did not list, {} looked for in it again", order.command(), more,
            Plural.of(more, "product"), more == 1 ? "is" : "are");
      }
      progress.add(queue.listedProducts());
    }
    queue.endSweepListing();
  }

  /** Takes note that the product data service has answered a query. */
  public void answered() {
    alive();
  }

  /** Takes note that the product data service is there. */
  public synchronized void acknowledged(AckEvent ack) {
    aliveAt = System.nanoTime();
    rejected += ack.rejected().size();
    outdated += ack.outdated();
  }

  /**
   * Whether a chunk is to be done: a folder's listing may be older than the end of the run, or than its last settled chunk.
   */
  public boolean wants(String fileName) {
    synchronized (this) {
      if (ended) {
        return false;
      }
    }
    return queue.isLeft(fileName);
  }

  /**
   * Takes a chunk off the queue.
   *
   * @param fileName of the chunk
   * @param read what became of it
   */
  public void settle(String fileName, Chunk chunk, Read read) {
    queue.settle(fileName, chunk, read.failed(), read.deleted().size());
    settled(chunk, read.failed());
  }

  private synchronized void settled(Chunk chunk, List<Rejection> failures) {
    chunksLeft--;
    failed += failures.size();
    done += chunk.size();
    failures.stream().limit(SHOWN_FAILURES - shownFailures.size()).forEach(shownFailures::add);
    progress.step(chunk.size());
  }

  /** Whether all that it needs was there at the start. */
  public synchronized boolean hasBegun() {
    return begun;
  }

  /** Whether to go on although neither an acknowledgement nor a row has come for a while. */
  public synchronized boolean patient() {
    long waitedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - aliveAt);
    return !ended && waitedMs < (begun ? patience.ackMs() : patience.startMs());
  }

  /** Ends the run, because everything was settled; what is left is to {@link #close}. */
  public void finish() {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      progress.end();
      exitWith(failed == 0 ? ExitStatus.COMPLETE : ExitStatus.INCOMPLETE);
      summarize();
      try {
        queue.close();
      } catch (QueueException e) {
        LOG.error("{}", e.getMessage());
      }
      finishedAt = System.nanoTime();
      awaitsIndexes = status == ExitStatus.COMPLETE && !nextStep().isEmpty();
    }
  }

  private String nextStep() {
    return Settings.find(context, "index.next-step").orElse("");
  }

  /** Whether to wait until what was indexed can be found, because the next step is to find it. */
  public synchronized boolean awaitsIndexes() {
    return awaitsIndexes && System.nanoTime() - finishedAt < TimeUnit.MILLISECONDS.toNanos(patience.startMs());
  }

  /**
   * Takes note of how far the indexes are.
   *
   * @param status as the product data service answers, of the indexes in its process
   */
  public synchronized void indexed(@Body String status) {
    StatusReport report = StatusReport.parse(status);
    awaitsIndexes &= report.products() != null && report.indexes().stream()
        .anyMatch(index -> index.lag() > 0 || index.checkpoint() < report.products().sequence());
  }

  /** Says what to do next, if the run was complete, and ends the process, if it is to end. */
  public void close() {
    String next = nextStep();
    synchronized (this) {
      if (status == ExitStatus.COMPLETE && !next.isEmpty() && !interrupted) {
        LOG.info("{}", next);
      }
    }
    end();
  }

  private void exitWith(int newStatus) {
    status = newStatus;
    ExitStatus.set(context, newStatus);
  }

  private void end() {
    boolean exit = Boolean.parseBoolean(context.resolvePropertyPlaceholders("{{index.exit}}"));
    // Not on a route's thread, for which the context would wait.
    new Thread(exit ? context::stop : this::stopPublishing, "indexer-end").start();
  }

  private void stopPublishing() {
    try {
      context.getRouteController().stopRoute("indexer-publish-updates");
    } catch (Exception e) {
      LOG.warn("The publishing route did not stop: {}", Reason.of(e));
    }
  }

  private void summarize() {
    double seconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt) / 1000.0;
    LOG.info(String.format(Locale.ROOT,
        "%s: %,d %s in %.1f s, %,.0f products/s, %,d deleted, %,d outdated, %,d rejected, %,d failed",
        order.command(), done, Plural.of(done, "product"), seconds, seconds == 0 ? 0 : done / seconds, guard.admitted(), outdated, rejected,
        failed - rejected));
    shownFailures.forEach(failure -> LOG.error("  product {}: {}", shortened(failure.id()), failure.reason()));
    if (status == ExitStatus.INCOMPLETE) {
      LOG.error("The {} in {}; QUEUE_ID={} and the same command try again{}",
          failed == 1 ? "product that failed is" : "products that failed are", queue.failedFolder(),
          queue.id(), queue.record().sweepIsDue() ? ", and then look for products to delete" : "");
    }
  }

  private static String shortened(String id) {
    return id.isEmpty() ? "''" : id.length() <= SHOWN_CHARACTERS ? id : id.substring(0, SHOWN_CHARACTERS) + "…";
  }

  /** Ends the run, because of the exception that an exchange ended with. */
  public void failed(Exchange exchange) {
    failed(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class));
  }

  /** As {@link #failed(Exchange)}, for what a consumer meets outside of its route. */
  @Override
  public void handleException(Throwable e) {
    failed(e);
  }

  @Override
  public void handleException(String message, Throwable e) {
    failed(e);
  }

  @Override
  public void handleException(String message, Exchange exchange, Throwable e) {
    failed(e);
  }

  private void failed(Throwable e) {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      progress.end();
      String why = why(e);
      LOG.error("{}: {}", order.command(), why);
      tellWhy(why);
      exitWith(e instanceof DeletionGuardException ? ExitStatus.INCOMPLETE : ExitStatus.COULD_NOT_RUN);
      try {
        tellWhatIsLeft();
      } catch (QueueException unreadable) {
        LOG.debug("The queue cannot be read", unreadable);
      }
    }
    acknowledgements.giveUp();
    end();
  }

  /** A queue that belongs to another command is not told of what went wrong with this one. */
  private void tellWhy(String reason) {
    ExitStatus.because(context, reason);
    if (owns) {
      Stop.keep(context, reason);
    }
  }

  private void tellWhatIsLeft() {
    if (owns && queue.record() != null) {
      LOG.error("{}", whatIsLeft());
    }
  }

  private String whatIsLeft() {
    long products = queue.remaining();
    String what = products == 0 && queue.record().sweepIsDue() ? "The sweep is" : products + (products == 1 ? " product is" : " products are");
    return what + " left in the queue; QUEUE_ID=" + queue.id() + " and the same command go on";
  }

  /** Ends the run where it is, because its process is to end. */
  private void interrupted() {
    synchronized (this) {
      interrupted = true;
      awaitsIndexes = false;
      if (ended) {
        return;
      }
      ended = true;
      progress.end();
      // Else the start has failed, and why is said elsewhere.
      if (context.isStarted()) {
        tellInterruption();
      }
    }
    acknowledgements.giveUp();
  }

  private void tellInterruption() {
    tellWhy("it was interrupted");
    try {
      LOG.warn("{}: interrupted. {}", order.command(),
          queue.record() == null ? "The ids were not all listed: the same command begins anew" : whatIsLeft());
    } catch (QueueException unreadable) {
      LOG.warn("{}: interrupted", order.command());
    }
  }

  private String why(Throwable e) {
    if (e instanceof NotAcknowledgedException) {
      String broker = context.resolvePropertyPlaceholders("{{broker.host}}:{{broker.port}}");
      return reachable(broker)
          ? "the product data service did not answer through the broker at " + broker
              + ": is it running? (mvn camel:run -Pservices, or product-backend services)"
          : "there is no broker at " + broker + ": is it running? (mvn camel:run -Pbroker, or product-backend broker)";
    }
    if (e instanceof UnavailableException) {
      return "the product data service did not answer at " + productDataUrl() + " (" + Reason.of(e)
          + "): is it running, and is product-data.url right?";
    }
    if (ObjectHelper.getException(GenericFileOperationFailedException.class, e) != null) {
      return "the queue " + queue.id() + " cannot be written: " + Reason.of(e) + ". Make room or mend the disk, and run again";
    }
    if (e instanceof SQLException) {
      return "the source database " + order.database() + " refused: " + Reason.of(e);
    }
    return Reason.of(e);
  }

  private static boolean reachable(String address) {
    int colon = address.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      int port = Integer.parseInt(address.substring(colon + 1));
      socket.connect(new InetSocketAddress(address.substring(0, colon), port), PROBE_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
