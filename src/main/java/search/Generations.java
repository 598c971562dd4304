package search;

import event.IndexEvent;
import files.DurableFiles;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.Lock;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.IOUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import product.ChangePage;
import search.GenerationNames.Name;
import search.SearchIndex.Checkpoint;

/**
 * An index that can be rebuilt while it answers: generations of it, in one folder.
 *
 * <pre>
 *   write.lock   held by the process that has the index open
 *   current      which generation answers searches, and which did before ({@link GenerationNames})
 *   1/, 2/, …    a generation each; one that current does not name was not complete, and goes at the next start
 * </pre>
 *
 * <p>A rebuild fills a new generation, a rollback lets the previous one catch up; either <em>grows</em> on a thread of its own,
 * from its own checkpoint, until it has read the change feed to its end ({@link Growing}). Then it <em>joins</em>: the index's
 * thread has events and pages of the feed go to both, and as soon as both have the same checkpoint, the one takes the other's
 * place. So each {@link Projection} has one thread at a time, and at most two indexes are open.
 *
 * <p>An index of another format than this program's answers as it is, but is not written any more: a generation of the right
 * format grows at once. If that fails, the index goes on answering as it is; the next start or a request for a rebuild tries again.
 *
 * <p>The methods about events and the feed are for the index's thread; all others may be called by any.
 */
public final class Generations implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Generations.class);

  /** Opens the index of a generation. */
  public interface Opener {
    Projection open(Path folder);
  }

  /**
   * A generation that is to take the place of the one that answers.
   *
   * @param generation its number
   * @param rollback whether it is the previous one, not a new one
   * @param checkpoint how far it is
   * @param target where the one that answers is, or the feed's end as far as known
   */
  public record Progress(int generation, boolean rollback, long checkpoint, long target) {}

  /**
   * How things are.
   *
   * @param generation the one that answers
   * @param previous the one that can be rolled back to; null if there is none
   * @param progress what is under way; null if nothing is
   * @param failure why the last rebuild or rollback came to nothing; empty if it did not
   */
  public record State(int generation, Integer previous, Progress progress, String failure) {}

  private record Generation(Name name, Projection projection) {
    SearchIndex index() {
      return projection.index();
    }
  }

  /** What grows. Until it has joined it belongs to the thread that grows it, and then to the index's. */
  private static final class Growth {
    private final Generation generation;
    private final boolean rollback;
    private volatile boolean joined;

    Growth(Generation generation, boolean rollback) {
      this.generation = generation;
      this.rollback = rollback;
    }

    Projection projection() {
      return generation.projection();
    }
  }

  private final String name;
  private final Path folder;
  private final String format;
  private final Opener opener;
  private final Growing growing = new Growing();
  private final Directory directory;
  private final Lock lock;
  private volatile Generation serving;
  private volatile Name previous;
  private volatile Growth growth;
  private volatile String failure = "";
  /** The last sequence number that the one that answers has heard of, when it can't be written any more. */
  private volatile long unwritten;

  /**
   * Opens the generation that answers. Where there is none, or nothing says which it is, the index begins empty.
   *
   * @param name of the index
   * @param folder of all generations; created if it is not there
   * @param format in which the opener's indexes write documents
   * @throws SearchException if it cannot be used, with a message for the operator
   */
  public Generations(String name, Path folder, String format, Opener opener) {
    this.name = name;
    this.folder = folder;
    this.format = format;
    this.opener = opener;
    try {
      directory = FSDirectory.open(folder);
      lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME);
    } catch (LockObtainFailedException e) {
      throw new SearchException("the index " + folder + " is in use by another process: stop that one first", e);
    } catch (IOException e) {
      throw cannotBeOpened(e);
    }
    try {
      openServing();
      if (outdated()) {
        LOG.info("{} was written in another format: it answers as it is until a generation of the new one is complete", name);
        growIfPossible(previous != null && previous.format().equals(format));
      }
    } catch (IOException | RuntimeException e) {
      IOUtils.closeWhileHandlingException(serving == null ? null : serving.projection()::close, lock, directory);
      throw e instanceof RuntimeException known ? known : cannotBeOpened(e);
    }
  }

  private SearchException cannotBeOpened(Exception e) {
    return new SearchException("the index " + folder + " cannot be opened: " + e
        + ". Make room or mend the disk, or delete the folder to have it rebuilt", e);
  }

  private void openServing() throws IOException {
    GenerationNames read = read();
    GenerationNames names = read == null ? new GenerationNames(new Name(1, format), null) : read;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String each = file.getFileName().toString();
        if (!each.equals(IndexWriter.WRITE_LOCK_NAME) && (read == null || !read.covers(each))) {
          DurableFiles.delete(file);
        }
      }
    }
    previous = names.previous() != null && Files.exists(folder(names.previous())) ? names.previous() : null;
    serving = open(names.current());
    if (read == null) {
      names.write(folder);
    }
  }

  /** What the file says; null if there is none, or it can't be made sense of. */
  private GenerationNames read() throws IOException {
    try {
      return GenerationNames.read(folder);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      LOG.warn("{} is damaged, and is rebuilt from the change feed ({} can't be read: {})", name, GenerationNames.FILE, e.getMessage());
      return null;
    }
  }

  private Path folder(Name generation) {
    return folder.resolve(Integer.toString(generation.number()));
  }

  private Generation open(Name generation) {
    return new Generation(generation, opener.open(folder(generation)));
  }

  /** Whether the generation that answers can't be written by this program. */
  private boolean outdated() {
    return !serving.name().format().equals(format);
  }

  // For any thread

  public String name() {
    return name;
  }

  /** What grows, for the thread that grows it. */
  public Growing growing() {
    return growing;
  }

  /**
   * Reads the index. A reader that has begun ends in the generation in which it began; one that comes just when that is closed
   * begins again, in its successor: so {@code reading} must do nothing but read.
   */
  public <T> T read(Function<SearchIndex, T> reading) {
    while (true) {
      Generation generation = serving;
      try {
        return reading.apply(generation.index());
      } catch (AlreadyClosedException e) {
        if (generation == serving) {
          throw e;
        }
      }
    }
  }

  /** The checkpoint of the generation that answers. */
  public Checkpoint checkpoint() {
    return serving.index().checkpoint();
  }

  /** How many sequence numbers the index is behind what it has heard of. */
  public long lag() {
    Growth grows = growth;
    long heard = grows == null ? 0 : grows.projection().heard();
    return Math.max(0, Math.max(Math.max(serving.projection().heard(), unwritten), heard) - checkpoint().sequence());
  }

  public State state() {
    // Read first: it goes after what takes its place has changed.
    Growth grows = growth;
    Progress progress = null;
    if (grows != null) {
      long reached = reached(grows).sequence();
      long target = Math.max(reached, Math.max(checkpoint().sequence(), grows.projection().heard()));
      progress = new Progress(grows.generation.name().number(), grows.rollback, reached, target);
    }
    Name before = previous;
    return new State(serving.name().number(), before == null ? null : before.number(), progress, failure);
  }

  /**
   * Begins to build a new generation.
   *
   * @return its number
   * @throws GenerationException if one grows already, or a new one can't be written
   */
  public synchronized int rebuild() {
    refuseIfOneGrows();
    return grow(false);
  }

  /**
   * Begins to let the previous generation catch up, to return to it.
   *
   * @return its number
   * @throws GenerationException if one grows already, or there is none that could, or it can't be written
   */
  public synchronized int rollback() {
    refuseIfOneGrows();
    if (previous == null) {
      throw new GenerationException(name + " has no previous generation: a rebuild keeps the one that it replaces");
    }
    if (!previous.format().equals(format)) {
      throw new GenerationException("generation " + previous.number() + " of " + name + " was written in another format: rebuild it instead");
    }
    return grow(true);
  }

  private void refuseIfOneGrows() {
    if (growth != null) {
      throw new GenerationException((growth.rollback ? "a rollback" : "a rebuild") + " of " + name + " is under way, to generation "
          + growth.generation.name().number() + ": wait for it");
    }
  }

  private synchronized int grow(boolean rollback) {
    Name next = rollback ? previous : new Name(Math.max(serving.name().number(), previous == null ? 0 : previous.number()) + 1, format);
    try {
      if (!rollback) {
        // What an earlier attempt may have left behind.
        DurableFiles.delete(folder(next));
      }
      growth = new Growth(open(next), rollback);
    } catch (IOException e) {
      throw failed("generation " + next.number() + " of " + name + " cannot be begun: " + e);
    } catch (SearchException e) {
      throw failed(e.getMessage());
    }
    failure = "";
    LOG.info("{}: generation {} {}", name, next.number(), rollback ? "catches up, to be returned to" : "is built from the change feed");
    return next.number();
  }

  private void growIfPossible(boolean rollback) {
    try {
      grow(rollback);
    } catch (GenerationException e) {
      LOG.debug("What it says was said", e);
    }
  }

  private GenerationException failed(String reason) {
    failure = outdated() ? reason + " (until it is rebuilt, " + name + " answers as it is, and takes no changes)" : reason;
    LOG.warn("{}: {}", name, failure);
    return new GenerationException(failure);
  }

  // For the index's thread

  /** Applies events as {@link Projection#applyEvents}, also to the generation that has joined. */
  public boolean applyEvents(List<IndexEvent> events) {
    boolean gapless = true;
    if (outdated()) {
      events.forEach(event -> unwritten = Math.max(unwritten, event.lastSequence()));
    } else {
      gapless = serving.projection().applyEvents(events);
    }
    Growth joined = joined();
    if (joined == null) {
      return gapless;
    }
    attempt(joined, () -> joined.projection().applyEvents(events));
    // Both are read up to the same number, and the one takes the other's place.
    return false;
  }

  /** Applies one event; otherwise as {@link #applyEvents}. */
  public boolean applyEvent(IndexEvent event) {
    return applyEvents(List.of(event));
  }

  private Growth joined() {
    Growth grows = growth;
    return grows != null && grows.joined ? grows : null;
  }

  /**
   * Begins to read the feed from the checkpoint of each, as {@link Projection#beginCatchUpUnlessEventsCome}. One that has joined reads
   * it in any case, and so does then the one that answers: else they would not be equal, for the one to take the other's place.
   */
  public void beginCatchUp() {
    Growth joined = joined();
    if (joined != null) {
      joined.projection().beginCatchUp();
    }
    if (outdated()) {
      return;
    }
    if (joined != null) {
      serving.projection().beginCatchUp();
    } else {
      serving.projection().beginCatchUpUnlessEventsCome();
    }
  }

  /** Whether the feed has a further page. */
  public boolean catchingUp() {
    return reader(joined()) != null;
  }

  /**
   * Who reads the feed: first the one that has joined, from its own checkpoint, to its end; then the one that answers, up to
   * the other's checkpoint and beyond, where its pages are for both. Given is what has joined, because that may change between
   * two looks at it.
   */
  private Projection reader(Growth joined) {
    if (joined != null && joined.projection().catchingUp()) {
      return joined.projection();
    }
    return serving.projection().catchingUp() ? serving.projection() : null;
  }

  /** As {@link Projection#feedQuery}. */
  public String feedQuery(int limit) {
    return reader(joined()).feedQuery(limit);
  }

  /** Applies a page of the feed to whom it was read for; what has joined takes its place as soon as both are equal. */
  public void applyPage(ChangePage page) {
    Growth joined = joined();
    Projection reader = reader(joined);
    long from = reader.index().checkpoint().sequence();
    if (joined == null) {
      reader.applyPage(page);
    } else if (reader == joined.projection()) {
      attempt(joined, () -> reader.applyPage(page));
    } else {
      reader.applyPage(page);
      Checkpoint reached = reached(joined);
      if (reached.epoch().equals(page.epoch()) && from <= reached.sequence() && reached.sequence() <= page.lastSequence()) {
        attempt(joined, () -> joined.projection().applyPage(page));
      }
    }
    // It may have been given up meanwhile; or another may have joined, which has its turn at the next page.
    if (joined != null && joined() == joined && !joined.projection().catchingUp() && (outdated() || reached(joined).equals(checkpoint()))) {
      attempt(joined, () -> complete(joined));
    }
  }

  private static Checkpoint reached(Growth grows) {
    return grows.projection().index().checkpoint();
  }

  /** As {@link Projection#feedUnavailable}. */
  public void feedUnavailable(String reason) {
    reader(joined()).feedUnavailable(reason);
  }

  /** As {@link Projection#reset}, for the one that read the feed. */
  public void reset() {
    Growth joined = joined();
    Projection reader = reader(joined);
    if (joined != null && reader == joined.projection()) {
      attempt(joined, reader::reset);
      joined.joined = false;
    } else {
      reader.reset();
    }
  }

  /** As {@link Projection#commitIfOlderThan}. */
  public void commitIfOlderThan(long milliseconds) {
    if (!outdated()) {
      serving.projection().commitIfOlderThan(milliseconds);
    }
  }

  private void complete(Growth joined) {
    SearchIndex grown = joined.projection().index();
    grown.commit();
    grown.refresh();
    if (!joined.rollback && !outdated()) {
      serving.index().refresh();
      long documents = serving.index().documents();
      if (grown.documents() != documents) {
        abandon(joined, String.format(Locale.ROOT,
            "generation %d has %,d documents, but the one that answers has %,d at the same checkpoint, and so stays: -Pverify tells what is right",
            joined.generation.name().number(), grown.documents(), documents));
        return;
      }
    }
    try {
      take(joined);
    } catch (IOException e) {
      throw new SearchException("the index " + name + " cannot be written: " + e, e);
    }
  }

  /** The generation takes the place of the one that answers, which is kept; the one before is not. */
  private synchronized void take(Growth joined) throws IOException {
    Generation replaced = serving;
    Name oldest = previous;
    new GenerationNames(joined.generation.name(), replaced.name()).write(folder);
    serving = joined.generation;
    previous = replaced.name();
    growth = null;
    LOG.info("{} answers from generation {} now, {} documents", name, serving.name().number(), serving.index().documents());
    try {
      replaced.projection().close();
      if (oldest != null && !oldest.equals(serving.name())) {
        DurableFiles.delete(folder(oldest));
      }
    } catch (SearchException | IOException e) {
      LOG.warn("{}: what is not needed any more was left behind: {}", name, e.getMessage());
    }
  }

  /** Whatever happens to what grows is no harm to what answers. */
  private void attempt(Growth grows, Runnable step) {
    try {
      step.run();
    } catch (SearchException e) {
      abandonUnlessItStops(grows, e.getMessage());
    } catch (RuntimeException e) {
      LOG.debug("A generation does not grow", e);
      abandonUnlessItStops(grows, "generation " + grows.generation.name().number() + " cannot be built: " + e);
    }
  }

  private void abandonUnlessItStops(Growth grows, String reason) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException(name + " stops while a generation grows: a rebuild begins anew, a rollback is forgotten");
    }
    abandon(grows, reason);
  }

  private synchronized void abandon(Growth grows, String reason) {
    failed(reason);
    growth = null;
    try {
      grows.projection().close();
      if (!grows.rollback) {
        DurableFiles.delete(folder(grows.generation.name()));
      }
    } catch (SearchException | IOException e) {
      LOG.debug("What did not grow was left behind", e);
    }
  }

  @Override
  public synchronized void close() {
    try (directory; lock; Projection answers = serving.projection()) {
      LOG.debug("{} closes at {}", name, answers.index().checkpoint());
      if (growth != null) {
        growth.projection().close();
      }
    } catch (IOException e) {
      throw new SearchException("the index " + name + " cannot be closed: " + e, e);
    }
  }

  /**
   * What grows, as seen by the thread that grows it: reads the feed to its end, and then joins. While nothing is to grow,
   * {@link #wanted} is false.
   */
  public final class Growing {

    private Growing() {}

    /** Whether something is to read the feed. */
    public boolean wanted() {
      return own() != null;
    }

    private Growth own() {
      Growth grows = growth;
      return grows == null || grows.joined ? null : grows;
    }

    /** As {@link Projection#beginCatchUp}. */
    public void beginCatchUp() {
      own().projection().beginCatchUp();
    }

    /** As {@link Projection#catchingUp}. */
    public boolean catchingUp() {
      Growth own = own();
      return own != null && own.projection().catchingUp();
    }

    /** As {@link Projection#feedQuery}. */
    public String feedQuery(int limit) {
      return own().projection().feedQuery(limit);
    }

    /** As {@link Projection#applyPage}; after the last one it joins. */
    public void applyPage(ChangePage page) {
      Growth own = own();
      attempt(own, () -> own.projection().applyPage(page));
      own.joined = !page.more();
    }

    /** As {@link Projection#feedUnavailable}: it goes on at the next reminder. */
    public void feedUnavailable(String reason) {
      own().projection().feedUnavailable(reason);
    }

    /** As {@link Projection#reset}. */
    public void reset() {
      Growth own = own();
      attempt(own, own.projection()::reset);
    }

    /** Nothing: what grows need not survive this process. */
    public void commitIfOlderThan(long milliseconds) {
      // It is committed when it is complete.
    }

    /** Whether it has joined. */
    public boolean joined() {
      return Generations.this.joined() != null;
    }
  }
}
