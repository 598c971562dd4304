package routes.indexer;

import event.AckEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import product.Rejection;
import queue.Chunk;
import queue.IndexQueue;
import queue.QueueException;
import queue.RunRecord;
import routes.indexer.Acknowledgements.NotAcknowledgedException;
import routes.indexer.Updates.Read;
import routes.support.ConfigurationException;

/** How a run is going, from its start to its exit status. Thread safe. */
public class Run implements ExceptionHandler {

  /** Every product was acknowledged. */
  public static final int COMPLETE = 0;

  /** Some products failed; they stay in the queue, with the reasons. */
  public static final int SOME_FAILED = 1;

  /** The run could not go on; what is left stays in the queue. */
  public static final int COULD_NOT_RUN = 2;

  /** The bean, if there is one, that gets the exit status when the run has ended. */
  public static final String EXIT_STATUS = "exitStatus";

  private static final Logger LOG = LoggerFactory.getLogger(Run.class);
  private static final int SHOWN_FAILURES = 20;
  private static final int PROBE_MS = 1_000;

  private final CamelContext context;
  private final IndexQueue queue;
  private final Order order;
  private final Patience patience;
  private final Progress progress;
  private final List<Rejection> shownFailures = new ArrayList<>();
  private long startedAt = System.nanoTime();
  private long aliveAt = System.nanoTime();
  private boolean heard;
  private int chunksLeft;
  private long done;
  private long failed;
  private long rejected;
  private long outdated;
  private long deleted;
  private boolean ended;
  private int status;

  /**
   * How long to go on without any acknowledgement.
   *
   * @param startMs before the first
   * @param ackMs after the last
   */
  public record Patience(long startMs, long ackMs) {}

  /**
   * What is to be done.
   *
   * @param command as the operator calls it
   * @param database its JDBC URL, without a password
   * @param maxDeletePercent of the listed products, which the run may find missing and delete
   */
  public record Order(String command, String database, int maxDeletePercent) {}

  /**
   * @param context stopped when the run has ended, if the property {@code index.exit} says so
   * @param progress where to show it
   */
  public Run(CamelContext context, IndexQueue queue, Order order, Patience patience, Progress progress) {
    this.context = context;
    this.queue = queue;
    this.order = order;
    this.patience = patience;
    this.progress = progress;
    exitWith(COULD_NOT_RUN);
  }

  /**
   * Whether the queue is listed already, so that this run goes on with it. Here the run's clock starts.
   *
   * @throws ConfigurationException if it was listed for another command or database
   */
  public synchronized boolean resumes() {
    startedAt = System.nanoTime();
    alive();
    RunRecord record = queue.record();
    if (record == null) {
      return false;
    }
    if (!record.command().equals(order.command()) || !record.database().equals(order.database())) {
      throw new ConfigurationException("the queue " + queue.id() + " belongs to " + record.command() + " of " + record.database()
          + ", not to " + order.command() + " of " + order.database() + ": finish it with that command, or choose another name");
    }
    return true;
  }

  /**
   * Says that all ids are in the queue.
   *
   * @param listedAt when, in microseconds of the database's UTC clock
   */
  public void listed(long listedAt) {
    queue.endListing(order.command(), order.database(), listedAt);
    alive();
  }

  private synchronized void alive() {
    aliveAt = System.nanoTime();
  }

  /**
   * Lets what was read of a chunk be published.
   *
   * @throws DeletionGuardException if the run would delete more than it may
   */
  public synchronized void admit(Read read) {
    alive();
    deleted += read.deleted().size();
    long listed = queue.record().products();
    if (deleted > Math.max(1, listed * order.maxDeletePercent() / 100)) {
      throw new DeletionGuardException("the database lacks at least " + deleted + " of the " + listed + " products that it listed, more than"
          + " delete.max-percent = " + order.maxDeletePercent() + ": these are not deleted. If the database is right, raise that and run again");
    }
  }

  /** The run stopped, because it would have deleted too much. */
  static class DeletionGuardException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeletionGuardException(String message) {
      super(message);
    }
  }

  /** Says that the queue is listed, and what there is to do. */
  public synchronized void begin() {
    alive();
    chunksLeft = queue.remainingChunks();
    long products = queue.remaining();
    LOG.info("{}: {} products in the queue {}", order.command(), products, queue.id());
    progress.begin(order.command(), products);
  }

  /** Whether there is, or will be, nothing left to do. */
  public synchronized boolean allSettled() {
    return chunksLeft == 0;
  }

  /** Takes note that the product data service is there. */
  public synchronized void acknowledged(AckEvent ack) {
    heard = true;
    aliveAt = System.nanoTime();
    rejected += ack.rejected().size();
    outdated += ack.outdated();
  }

  /**
   * Takes a chunk off the queue.
   *
   * @param fileName of the chunk
   * @param read what became of it
   */
  public void settle(String fileName, Chunk chunk, Read read) {
    queue.settle(fileName, chunk, read.failed());
    settled(chunk, read.failed());
  }

  private synchronized void settled(Chunk chunk, List<Rejection> failures) {
    chunksLeft--;
    failed += failures.size();
    done += chunk.size();
    failures.stream().limit(SHOWN_FAILURES - shownFailures.size()).forEach(shownFailures::add);
    progress.step(chunk.size());
  }

  /** Whether to go on although neither an acknowledgement nor a row has come for a while. */
  public synchronized boolean patient() {
    long waitedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - aliveAt);
    return !ended && waitedMs < (heard ? patience.ackMs() : patience.startMs());
  }

  /** Ends the run, because everything was settled. */
  public void finish() {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      progress.end();
      exitWith(failed == 0 ? COMPLETE : SOME_FAILED);
      summarize();
      try {
        queue.close();
      } catch (QueueException e) {
        LOG.error("{}", e.getMessage());
      }
      String next = context.resolvePropertyPlaceholders("{{index.next-step:}}");
      if (status == COMPLETE && !next.isBlank()) {
        LOG.info("{}", next.strip());
      }
    }
    end();
  }

  private void exitWith(int newStatus) {
    status = newStatus;
    AtomicInteger exitStatus = context.getRegistry().lookupByNameAndType(EXIT_STATUS, AtomicInteger.class);
    if (exitStatus != null) {
      exitStatus.set(newStatus);
    }
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
      LOG.warn("The publishing route did not stop: {}", Failures.reason(e));
    }
  }

  private void summarize() {
    double seconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt) / 1000.0;
    LOG.info(String.format(Locale.ROOT, "%s: %,d products in %.1f s, %,.0f products/s, %,d deleted, %,d outdated, %,d rejected, %,d failed",
        order.command(), done, seconds, seconds == 0 ? 0 : done / seconds, deleted, outdated, rejected, failed - rejected));
    shownFailures.forEach(failure -> LOG.error("  product {}: {}", failure.id(), failure.reason()));
    if (status == SOME_FAILED) {
      LOG.error("The products that failed are in {}; QUEUE_ID={} and the same command try them again", queue.failedFolder(), queue.id());
    }
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
      LOG.error("{}: {}", order.command(), why(e));
      exitWith(e instanceof DeletionGuardException ? SOME_FAILED : COULD_NOT_RUN);
      if (queue.record() != null) {
        LOG.error("{} products are left in the queue; QUEUE_ID={} and the same command go on with them", queue.remaining(), queue.id());
      }
    }
    end();
  }

  private String why(Throwable e) {
    if (e instanceof NotAcknowledgedException) {
      String broker = context.resolvePropertyPlaceholders("{{broker.host}}:{{broker.port}}");
      return reachable(broker)
          ? "the product data service did not answer through the broker at " + broker + ": is it running? (mvn camel:run -Pservices)"
          : "there is no broker at " + broker + ": is it running? (mvn camel:run -Pbroker)";
    }
    if (e instanceof SQLException) {
      return "the source database " + order.database() + " refused: " + Failures.reason(e);
    }
    return Failures.reason(e);
  }

  private static boolean reachable(String address) {
    int colon = address.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))), PROBE_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
