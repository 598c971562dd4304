package search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import event.IndexEvent;
import event.Tags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import product.Change;
import product.ChangePage;
import product.Product;
import search.SearchIndex.Checkpoint;
import search.SearchIndex.Document;

/**
 * Keeps one search index equal to a prefix of the change feed: an Idempotent Receiver. What follows the checkpoint without
 * a gap is applied; what was applied already is ignored; what lies beyond a gap is left alone, and the caller reads the feed
 * instead. So the index never holds anything that its checkpoint does not cover, and no late event can revive a product.
 * In the midst of the feed no event is applied at all: the feed has each product where it changed last, and so a change that
 * concerns this index may lie ahead, hidden behind a later one of another attribute group, whose event does not.
 *
 * <p>One thread applies; {@link #index()} may be searched, {@link #lag()} and {@link #heard()} asked, by any other.
 */
public final class Projection implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Projection.class);

  private final String name;
  private final SearchIndex index;
  private final Set<String> acceptedTags;
  private final Function<Product, ObjectNode> translator;
  private volatile long lastHeard;
  private boolean catchingUp;
  /** Until the feed was read to its end; also when this opens, because the last commit may have been made in its midst. */
  private boolean inMidstOfFeed = true;
  /** Whether events came since the last reminder, each without a gap. */
  private boolean keepsUp;
  private boolean available = true;
  private long committedAt = System.nanoTime();

  /**
   * @param name of the index
   * @param index where documents go
   * @param acceptedTags the attribute groups that concern this index; of others' events it takes the deletions alone
   * @param translator makes a document's content from a product: the Message Translator
   */
  public Projection(String name, SearchIndex index, Set<String> acceptedTags, Function<Product, ObjectNode> translator) {
    this.name = name;
    this.index = index;
    this.acceptedTags = acceptedTags;
    this.translator = translator;
  }

  public String name() {
    return name;
  }

  public SearchIndex index() {
    return index;
  }

  /** How many sequence numbers the index is behind what it has heard of. */
  public long lag() {
    return Math.max(0, heard() - index.checkpoint().sequence());
  }

  /** The last sequence number that it has heard of; 0 if none. */
  public long heard() {
    return lastHeard;
  }

  /**
   * Applies events as one bulk.
   *
   * @param events in the order in which they came
   * @return false if there is a gap before one of them, which and whose followers were left out, or if the feed was not read to
   *     its end yet: read it
   */
  public boolean applyEvents(List<IndexEvent> events) {
    Bulk bulk = new Bulk(index.checkpoint());
    boolean gapless = !inMidstOfFeed;
    for (IndexEvent event : events) {
      lastHeard = Math.max(lastHeard, event.lastSequence());
      gapless = gapless && bulk.follows(event);
      if (gapless) {
        bulk.add(event);
      }
    }
    bulk.write();
    keepsUp = gapless && (keepsUp || !events.isEmpty());
    return gapless;
  }

  /** Applies one event; otherwise as {@link #applyEvents}. */
  public boolean applyEvent(IndexEvent event) {
    return applyEvents(List.of(event));
  }

  /**
   * Begins to read the feed, unless events came since this was called last, each without a gap: then the feed would bring what is on
   * its way already. What was lost behind the last of them shows at the next event, or when this is called again.
   */
  public void beginCatchUpUnlessEventsCome() {
    if (!keepsUp) {
      beginCatchUp();
    }
    keepsUp = false;
  }

  /** Begins to read the feed from the checkpoint. */
  public void beginCatchUp() {
    catchingUp = true;
  }

  /** Whether the feed has a further page. */
  public boolean catchingUp() {
    return catchingUp;
  }

  /**
   * What to ask the feed for.
   *
   * @param limit how many changes a page may have
   */
  public String feedQuery(int limit) {
    Checkpoint from = index.checkpoint();
    String since = "since=" + from.sequence() + "&limit=" + limit;
    return from.epoch().isEmpty() ? since : since + "&epoch=" + from.epoch();
  }

  /** Applies a page of the feed that was read from the checkpoint. */
  public void applyPage(ChangePage page) {
    Bulk bulk = new Bulk(index.checkpoint());
    page.changes().forEach(bulk::add);
    bulk.moveTo(page.epoch(), page.lastSequence());
    bulk.write();
    lastHeard = page.more() ? Math.max(lastHeard, page.lastSequence()) : page.lastSequence();
    catchingUp = page.more();
    inMidstOfFeed = page.more();
    if (!available) {
      available = true;
      LOG.info("{} has caught up with the product data service, to {}", name, page.lastSequence());
    }
  }

  /**
   * Gives up catching up until the next time.
   *
   * @param reason why the feed could not be read; logged when it could be read before
   */
  public void feedUnavailable(String reason) {
    catchingUp = false;
    if (available) {
      available = false;
      LOG.warn("{} can't read the change feed, and goes on trying: {}", name, reason);
    }
  }

  /** Commits the index when the last commit is older than that. */
  public void commitIfOlderThan(long milliseconds) {
    if (System.nanoTime() - committedAt >= TimeUnit.MILLISECONDS.toNanos(milliseconds)) {
      index.commit();
      committedAt = System.nanoTime();
    }
  }

  /** Begins anew, because the product data service does not know the past that this index comes from. */
  public void reset() {
    LOG.warn("{} comes from a past that the product data service does not know: it is rebuilt. Unless the product store was deleted or"
        + " put back on purpose, it lost its latest changes: run a full index", name);
    index.clear();
    lastHeard = 0;
    inMidstOfFeed = true;
  }

  @Override
  public void close() {
    index.close();
  }

  /** Changes on their way into the index, the latest of each product. */
  private final class Bulk {
    private final Checkpoint from;
    private final Map<String, Change> changes = new LinkedHashMap<>();
    private String epoch;
    private long sequence;

    Bulk(Checkpoint from) {
      this.from = from;
      moveTo(from.epoch(), from.sequence());
    }

    boolean follows(IndexEvent event) {
      return event.epoch().equals(epoch) && event.firstSequence() <= sequence + 1;
    }

    void add(IndexEvent event) {
      // A deletion concerns every index, whatever was read when it was found.
      boolean accepted = Tags.accepts(acceptedTags, event.tags());
      event.changes().stream().filter(change -> accepted || change.deleted()).forEach(this::add);
      moveTo(event.epoch(), Math.max(sequence, event.lastSequence()));
    }

    void add(Change change) {
      if (change.sequence() > sequence) {
        changes.put(change.id(), change);
      }
    }

    void moveTo(String newEpoch, long newSequence) {
      epoch = newEpoch;
      sequence = newSequence;
    }

    void write() {
      List<Document> documents = new ArrayList<>(changes.size());
      List<String> deleted = new ArrayList<>();
      for (Change change : changes.values()) {
        if (change.deleted()) {
          deleted.add(change.id());
        } else {
          documents.add(new Document(change.id(), change.sequence(), translator.apply(change.product())));
        }
      }
      Checkpoint to = new Checkpoint(epoch, sequence);
      if (!to.equals(from)) {
        index.write(documents, deleted, to);
      }
    }
  }
}
