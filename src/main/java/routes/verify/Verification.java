package routes.verify;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.support.ExitStatus;
import routes.support.FollowUp;
import routes.support.Lifecycle;
import routes.support.Plural;
import routes.support.Reason;
import verify.Comparison;
import verify.DriftFile;
import verify.Partitions;
import verify.Sighting;
import verify.VerifyException;

/** How a verification is going, from its start to its exit status. Thread safe. */
public class Verification implements ExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(Verification.class);
  private static final long SILENT_MS = 1_000;

  private final CamelContext context;
  private final Places places;
  private final Partitions partitions;
  private final DriftFile drifted;
  private final boolean limited;
  private final Terms terms;
  private final Comparison comparison;
  private final long startedAt = System.nanoTime();
  private long aliveAt = System.nanoTime();
  private long sequence;
  private boolean saidWaiting;
  private boolean ended;

  /**
   * How to go about it.
   *
   * @param patienceMs how long to go on while a place does not answer, or an index lags
   * @param recheckDelayMs how long to wait before what differs is read again; doubled each time
   * @param repair whether what differs is to be indexed again
   */
  public record Terms(long patienceMs, long recheckDelayMs, boolean repair) {}

  /**
   * @param context stopped when the verification has ended
   * @param partitions what is read of the places
   * @param drifted takes what differs
   * @param limited whether it is only about the products that were named
   */
  Verification(CamelContext context, Places places, Partitions partitions, DriftFile drifted, boolean limited, Terms terms) {
    this.context = context;
    this.places = places;
    this.partitions = partitions;
    this.drifted = drifted;
    this.limited = limited;
    this.terms = terms;
    this.comparison = new Comparison(places.indexes(), drifted::add);
    ExitStatus.set(context, ExitStatus.COULD_NOT_RUN);
    Lifecycle.onStopping(context, this::interrupted);
  }

  /** Ends it where it is, because its process is to end. */
  private synchronized void interrupted() {
    if (!ended && context.isStarted()) {
      ended = true;
      LOG.warn("verify: interrupted, before it was known whether all places are equal");
    }
  }

  /**
   * Checks what a service says of itself.
   *
   * @throws PlaceException if it is not as far as the product data service, which is to be checked first
   */
  public synchronized void checkQuiet(@Variable("place") Place place, @Body String status) {
    long position = place.reading(status, () -> place.position(Place.object(status)));
    if (place.number() == Sighting.PRODUCT_DATA) {
      sequence = position;
    } else if (position != sequence) {
      throw new PlaceException(String.format(
          Locale.ROOT, "%s has changes up to number %,d, but product data is at %,d", place.name(), position, sequence));
    }
  }

  /**
   * Takes note that it gets on.
   *
   * @throws CancellationException if the verification has ended meanwhile
   */
  public synchronized void goOn() {
    if (ended) {
      throw new CancellationException("the verification has ended");
    }
    aliveAt = System.nanoTime();
  }

  /** Whether to try again, although a place was not as it should be for a while. */
  public synchronized boolean patient(Exchange failed) {
    long waitedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - aliveAt);
    if (waitedMs > SILENT_MS && !saidWaiting && !ended) {
      saidWaiting = true;
      LOG.info("verify: waits: {}", why(failed.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)));
    }
    return !ended && waitedMs < terms.patienceMs();
  }

  /** Compares what the places have of the products in one partition. */
  public void compare(int partition) {
    goOn();
    partitions.read(partition).stream().filter(product -> !limited || product.isNamed()).forEach(comparison::add);
  }

  /** Whether suspects should be read again now, so that they do not become too many. */
  public boolean hasManySuspects() {
    return comparison.isFull();
  }

  public boolean hasSuspects() {
    return comparison.hasSuspects();
  }

  /** Some of the suspects, to be read again. */
  public SecondLook secondLook() {
    goOn();
    return new SecondLook(places, comparison.next(), terms.recheckDelayMs());
  }

  /** Counts suspects, as they were found in the end. */
  public void count(@Variable("look") SecondLook look) {
    look.suspects().forEach(comparison::count);
  }

  /** Tells the result, and ends. */
  public void finish() {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      drifted.close();
      places.services().forEach(place -> LOG.info("verify: {}: {}", place.name(), comparison.tally(place.number())));
      if (limited && comparison.nowhere() > 0) {
        LOG.warn("verify: {} of the ids in product.ids {} in no place", comparison.nowhere(), comparison.nowhere() == 1 ? "is" : "are");
      }
      double seconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt) / 1000.0;
      String compared = String.format(Locale.ROOT, "%,d %s in %.1f s", comparison.products(), Plural.of(comparison.products(), "product"), seconds);
      if (drifted.count() == 0) {
        ExitStatus.set(context, ExitStatus.COMPLETE);
        LOG.info("verify: equal: {}", compared);
      } else {
        ExitStatus.set(context, ExitStatus.INCOMPLETE);
        boolean one = drifted.count() == 1;
        String again = terms.repair()
            ? (one ? "it is" : "they are") + " indexed again"
            : "-Dverify.repair=true indexes " + (one ? "it" : "them") + " again";
        LOG.error("verify: drift: {} of {}; {} lists {}, {}", String.format(Locale.ROOT, "%,d", drifted.count()), compared,
            drifted.path(), one ? "it" : "them", again);
        if (drifted.unlisted() > 0) {
          LOG.warn("verify: {} of them {} not listed, because of a line break in the id", drifted.unlisted(), drifted.unlisted() == 1 ? "is" : "are");
        }
        if (terms.repair()) {
          repair();
        }
      }
    }
    end();
  }

  private void repair() {
    FollowUp.add(context,
        new FollowUp.Step("fullIndex", Map.of(
            "product.ids", "@" + drifted.path(),
            "queue.id", "repair-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX),
            "index.sql", context.resolvePropertyPlaceholders("{{index.sql}}"))),
        new FollowUp.Step("verify", Map.of("verify.repair", "false")));
  }

  private void end() {
    // Not on a route's thread, for which the context would wait.
    new Thread(context::stop, "verify-end").start();
  }

  /** Ends the verification, because of the exception that an exchange ended with. */
  public void failed(Exchange exchange) {
    handleException(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class));
  }

  /** As {@link #failed}, for what a consumer meets outside of its route. */
  @Override
  public void handleException(Throwable e) {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      LOG.error("verify: could not compare: {}", why(e));
    }
    end();
  }

  @Override
  public void handleException(String message, Throwable e) {
    handleException(e);
  }

  @Override
  public void handleException(String message, Exchange exchange, Throwable e) {
    handleException(e);
  }

  private static String why(Throwable e) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (each instanceof PlaceException || each instanceof VerifyException) {
        return each.getMessage();
      }
      if (each instanceof SQLException) {
        return "the source database refused: " + Reason.of(each);
      }
    }
    return Reason.of(e);
  }
}
