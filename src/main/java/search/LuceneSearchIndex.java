package search;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.store.NRTCachingDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An index of Apache Lucene in a folder. The checkpoint is Lucene's commit data, so that it and the documents are one
 * commit.
 *
 * <p>New documents are made visible when somebody searches. While they keep coming, a search has another thread refresh for those
 * that follow: one refresh after the other, which begin at least {@value #REFRESH_MS} ms apart. It does not wait for that, unless
 * it would miss what was written {@value #STALE_MS} ms ago or earlier, or {@value #STALEST_MS} ms where a refresh takes long. When none
 * has come for {@value #QUIET_MS} ms, it sees all that were written.
 */
public final class LuceneSearchIndex implements SearchIndex {

  private static final String EPOCH_DATA = "epoch";
  private static final String SEQUENCE_DATA = "sequence";

  private static final int REFRESH_MS = 25;
  private static final int STALE_MS = 300;
  private static final int STALEST_MS = 500;
  private static final int QUIET_MS = 100;
  private static final double RAM_BUFFER_MB = 64;
  /** Small segments, of which each refresh makes some, are no files before they are committed, or merged into a larger one. */
  private static final double CACHED_SEGMENT_MB = 2;
  private static final double CACHE_MB = 16;
  private static final int WRITERS = Math.max(2, Runtime.getRuntime().availableProcessors());
  private static final int LEAST_PART = 50;

  private static final Logger LOG = LoggerFactory.getLogger(LuceneSearchIndex.class);

  private final String name;
  private final LuceneDocuments maker;
  private final LuceneSearch search;
  private final Directory directory;
  private final IndexWriter writer;
  private final SearcherManager searchers;
  private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
  private volatile Checkpoint checkpoint;
  private volatile boolean failed;
  private volatile boolean closed;
  private final ExecutorService refresher = Executors.newSingleThreadExecutor();
  private final AtomicBoolean refreshing = new AtomicBoolean();
  private final Object refreshes = new Object();
  /** One thread writes. */
  private volatile boolean writing;
  private volatile long writtenAt = System.nanoTime();
  /** When the first was written that was not seen before; may be too early, but not too late. */
  private volatile long unseenSince = writtenAt;
  private volatile Seen seen = new Seen(System.nanoTime(), 0);

  /**
   * What searches see.
   *
   * @param asOf all that was written before this time, in nanoseconds
   * @param took how long it took to make it visible, likewise
   */
  private record Seen(long asOf, long took) {
    boolean holds(long writtenAt) {
      return asOf - writtenAt > 0;
    }
  }

  /** As the other, for an index that messages call by the name of its folder. */
  public LuceneSearchIndex(Path folder, Schema schema) {
    this(folder.getFileName().toString(), folder, schema);
  }

  /**
   * Opens or creates an index. A damaged one is emptied, and so rebuilt from the change feed: it holds nothing that could not
   * be had from there.
   *
   * @param name what messages call it
   * @param folder where it lies; created if it is not there
   * @param schema its fields
   * @throws SearchException if it cannot be used, with a message for the operator
   */
  public LuceneSearchIndex(String name, Path folder, Schema schema) {
    this.name = name;
    maker = new LuceneDocuments(schema);
    try {
      Analyzer analyzer = English.analyzer(schema);
      search = new LuceneSearch(schema, analyzer);
      directory = new NRTCachingDirectory(FSDirectory.open(folder), CACHED_SEGMENT_MB, CACHE_MB);
      IndexFiles.emptyIfDamaged(directory, name);
      // A refresh would otherwise wait, half a second at the most, until the small segments are merged.
      writer = new IndexWriter(directory, new IndexWriterConfig(analyzer).setRAMBufferSizeMB(RAM_BUFFER_MB).setCommitOnClose(false)
          .setMergeScheduler(new QuietMerges()).setMaxFullFlushMergeWaitMillis(0));
      searchers = new SearcherManager(writer, new SearcherFactory());
    } catch (LockObtainFailedException e) {
      throw new SearchException("the index " + folder + " is in use by another process: stop that one first", e);
    } catch (IOException e) {
      throw new SearchException("the index " + folder + " cannot be opened: " + e
          + ". Make room or mend the disk, or delete the folder to have it rebuilt", e);
    }
    checkpoint = committedCheckpoint();
  }

  /** How documents of a schema are indexed: an index that was written in another format is to be rebuilt. */
  public static String format(Schema schema) {
    return LuceneDocuments.VERSION + "." + English.VERSION + " " + schema.mapping();
  }

  /** A merge that failed, for want of room, say, has closed the writer; the next write says so. */
  private static final class QuietMerges extends ConcurrentMergeScheduler {
    @Override
    protected void handleMergeException(Throwable e) {
      LOG.debug("A merge failed", e);
    }
  }

  private Checkpoint committedCheckpoint() {
    Map<String, String> data = new TreeMap<>();
    Iterable<Map.Entry<String, String>> committed = writer.getLiveCommitData();
    if (committed != null) {
      committed.forEach(entry -> data.put(entry.getKey(), entry.getValue()));
    }
    return new Checkpoint(data.getOrDefault(EPOCH_DATA, ""), Long.parseLong(data.getOrDefault(SEQUENCE_DATA, "0")));
  }

  @Override
  public void write(List<Document> documents, List<String> deleted, Checkpoint upTo) {
    try {
      change(documents, deleted);
      moveTo(upTo);
    } catch (IOException | AlreadyClosedException | RejectedExecutionException e) {
      throw cannotBeWritten(e);
    }
  }

  /** Some may have been written when it fails; and who hears of the checkpoint is to find them all, so that comes later. */
  private void change(List<Document> documents, List<String> deleted) throws IOException {
    if (documents.isEmpty() && deleted.isEmpty()) {
      return;
    }
    if (seen.holds(writtenAt)) {
      unseenSince = System.nanoTime();
    }
    writing = true;
    try {
      update(documents);
      for (String id : deleted) {
        writer.deleteDocuments(new Term(LuceneDocuments.ID, id));
      }
    } finally {
      writtenAt = System.nanoTime();
      writing = false;
    }
  }

  /** Analysis is most of the work: several threads share it. The ids of one write differ, so their order does not matter. */
  private void update(List<Document> documents) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException();
    }
    int part = Math.max(LEAST_PART, (documents.size() + WRITERS - 1) / WRITERS);
    List<Callable<Void>> parts = new ArrayList<>();
    for (int from = 0; from < documents.size(); from += part) {
      List<Document> some = documents.subList(from, Math.min(from + part, documents.size()));
      parts.add(() -> {
        for (Document document : some) {
          update(document);
        }
        return null;
      });
    }
    try {
      // Waits for all, so that no thread goes on after another has failed.
      for (Future<Void> written : writers.invokeAll(parts)) {
        written.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException noDiskFault) {
        throw noDiskFault;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private void update(Document document) throws IOException {
    try {
      writer.updateDocument(new Term(LuceneDocuments.ID, document.id()), maker.write(document));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the index " + name + " cannot take the product '" + LuceneDocuments.key(document.id()) + "': " + e.getMessage(), e);
    }
  }

  @Override
  public void clear() {
    try {
      writer.deleteAll();
      writtenAt = System.nanoTime();
      moveTo(Checkpoint.NONE);
    } catch (IOException | AlreadyClosedException e) {
      throw cannotBeWritten(e);
    }
  }

  private void moveTo(Checkpoint upTo) {
    if (!upTo.equals(checkpoint)) {
      writer.setLiveCommitData(
          Map.of(EPOCH_DATA, upTo.epoch(), SEQUENCE_DATA, Long.toString(upTo.sequence())).entrySet());
      checkpoint = upTo;
    }
  }

  @Override
  public void commit() {
    try {
      if (writer.hasUncommittedChanges()) {
        writer.commit();
      }
    } catch (IOException | AlreadyClosedException e) {
      throw cannotBeWritten(e);
    }
  }

  /** Nothing is written after that: documents might otherwise be committed without their checkpoint. */
  private RuntimeException cannotBeWritten(Exception e) {
    failed = true;
    if (closed || Thread.currentThread().isInterrupted()) {
      return new CancellationException("the index " + name + " stops while it is written: what is missing comes from the change feed");
    }
    Throwable cause = writer.getTragicException() == null ? e : writer.getTragicException();
    return new SearchException("the index " + name + " cannot be written: " + cause.getMessage()
        + ". Make room or mend the disk, and start this process again: what is missing comes from the change feed", e);
  }

  @Override
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  @Override
  public Result search(Query query) {
    return withSearcher(searcher -> search.search(searcher, query));
  }

  @Override
  public List<String> suggest(String typed, int limit) {
    return withSearcher(searcher -> search.suggest(searcher, typed, limit));
  }

  @Override
  public Optional<Document> document(String id) {
    return withSearcher(searcher -> LuceneSearch.document(searcher, id));
  }

  @Override
  public List<Document> documents(String after, int limit) {
    return withSearcher(searcher -> LuceneSearch.documents(searcher, after, limit));
  }

  /** Of all that was written: who asks how many there are has been told of the checkpoint too. */
  @Override
  public long documents() {
    refreshUnlessSeen(writtenAt);
    return withSearcher(searcher -> (long) searcher.getIndexReader().numDocs());
  }

  private interface Reading<T> {
    T from(IndexSearcher searcher) throws IOException;
  }

  private <T> T withSearcher(Reading<T> reading) {
    refreshIfDue();
    try {
      IndexSearcher searcher = searchers.acquire();
      try {
        return reading.from(searcher);
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException e) {
      throw new SearchException("the index " + name + " cannot be read: " + e, e);
    }
  }

  @Override
  public void refresh() {
    synchronized (refreshes) {
      try {
        long begun = System.nanoTime();
        searchers.maybeRefreshBlocking();
        seen = new Seen(begun, System.nanoTime() - begun);
      } catch (IOException e) {
        throw new SearchException("the index " + name + " cannot be read: " + e, e);
      }
    }
  }

  private void refreshIfDue() {
    Seen now = seen;
    long written = writtenAt;
    boolean comes = writing;
    if (!comes && now.holds(written)) {
      return;
    }
    long time = System.nanoTime();
    long sinceRefresh = time - now.asOf();
    long age = Math.min(sinceRefresh, time - unseenSince);
    long mostAge = Math.max(nanoseconds(STALE_MS), Math.min(4 * now.took(), nanoseconds(STALEST_MS)));
    if (!comes && time - written >= nanoseconds(QUIET_MS)) {
      refreshUnlessSeen(written);
    } else if (age >= mostAge) {
      refreshUnlessSeen(time - mostAge);
    } else if (sinceRefresh >= nanoseconds(REFRESH_MS) && refreshing.compareAndSet(false, true)) {
      try {
        refresher.execute(() -> refreshForOthers(now));
      } catch (RejectedExecutionException e) {
        LOG.debug("It is closed, as the search will find", e);
      }
    }
  }

  /**
   * Has what was written at a moment seen. Who has waited for the refresh of another finds it done mostly: if each refreshed
   * for itself, one after the other, many searches at a time would hardly get on.
   */
  private void refreshUnlessSeen(long written) {
    if (seen.holds(written)) {
      return;
    }
    synchronized (refreshes) {
      if (!seen.holds(written)) {
        refresh();
      }
    }
  }

  private static long nanoseconds(int milliseconds) {
    return TimeUnit.MILLISECONDS.toNanos(milliseconds);
  }

  /** Unless a search that could not wait has done it meanwhile. */
  private void refreshForOthers(Seen last) {
    try {
      refreshUnlessSeen(last.asOf());
    } catch (SearchException | AlreadyClosedException e) {
      LOG.debug("The next search will meet this too", e);
    } finally {
      refreshing.set(false);
    }
  }

  @Override
  public void close() {
    closed = true;
    writers.shutdown();
    refresher.shutdown();
    try (directory; writer; searchers) {
      if (!failed) {
        commit();
      }
    } catch (IOException | CancellationException e) {
      if (!failed) {
        throw new SearchException("the index " + name + " cannot be closed: " + e, e);
      }
      // It stays as of its last commit either way; an interrupt, for one, closes the lock file under the writer.
      LOG.debug("The index {} was given up", name, e);
    }
  }
}
