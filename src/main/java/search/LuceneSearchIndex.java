package search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.custom.CustomAnalyzer;
import org.apache.lucene.document.BinaryPoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.simple.SimpleQueryParser;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopFieldDocs;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.Lock;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.BytesRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import product.Json;

/**
 * An index of Apache Lucene in a folder. The checkpoint is Lucene's commit data, so that it and the documents are one
 * commit. Searches see new documents as soon as one asks: a search that finds the last refresh older than
 * {@value #REFRESH_MS} ms and something written since refreshes first.
 */
public final class LuceneSearchIndex implements SearchIndex {

  private static final String ID = "id";
  private static final String VERSION = "version";
  private static final String CONTENT = "content";
  private static final String SORT_SUFFIX = " sort";
  private static final String EPOCH_DATA = "epoch";
  private static final String SEQUENCE_DATA = "sequence";

  /** To be raised whenever fields are indexed in another way: then every index is rebuilt. */
  private static final int MAPPING_VERSION = 1;

  private static final int REFRESH_MS = 100;
  private static final double RAM_BUFFER_MB = 64;
  private static final int WRITERS = Math.max(2, Runtime.getRuntime().availableProcessors());
  private static final int LEAST_PART = 50;
  private static final int SORT_CHARACTERS = 256;

  /**
   * What has a meaning in a search. Not brackets, {@code word~2} and {@code "two words"~2}: a thousand characters of these
   * take seconds.
   */
  private static final int OPERATORS = SimpleQueryParser.AND_OPERATOR | SimpleQueryParser.OR_OPERATOR | SimpleQueryParser.NOT_OPERATOR
      | SimpleQueryParser.PREFIX_OPERATOR | SimpleQueryParser.PHRASE_OPERATOR | SimpleQueryParser.ESCAPE_OPERATOR
      | SimpleQueryParser.WHITESPACE_OPERATOR;

  private static final Logger LOG = LoggerFactory.getLogger(LuceneSearchIndex.class);

  static {
    // A thousand characters can hold more words than Lucene takes by default, each in every field.
    IndexSearcher.setMaxClauseCount(1 << 16);
  }

  private final String name;
  private final Schema schema;
  private final Analyzer analyzer;
  private final Directory directory;
  private final IndexWriter writer;
  private final SearcherManager searchers;
  private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
  private volatile Checkpoint checkpoint;
  private volatile boolean failed;
  private volatile boolean unseen;
  private volatile long refreshedAt = System.nanoTime();

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
    this.schema = schema;
    try {
      analyzer = CustomAnalyzer.builder().withTokenizer("standard").addTokenFilter("lowercase").build();
      directory = FSDirectory.open(folder);
      emptyIfDamaged();
      writer = new IndexWriter(directory, new IndexWriterConfig(analyzer).setRAMBufferSizeMB(RAM_BUFFER_MB).setCommitOnClose(false)
          .setMergeScheduler(new QuietMerges()));
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
    return MAPPING_VERSION + " " + schema.fields();
  }

  /** A merge that failed, for want of room, say, has closed the writer; the next write says so. */
  private static final class QuietMerges extends ConcurrentMergeScheduler {
    @Override
    protected void handleMergeException(Throwable e) {
      LOG.debug("A merge failed", e);
    }
  }

  /** Holds every file against its checksum, under the lock that keeps other processes out. */
  private void emptyIfDamaged() throws IOException {
    try (Lock lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
      lock.ensureValid();
      try {
        checkIntegrity();
      } catch (CorruptIndexException | EOFException | NoSuchFileException | FileNotFoundException
          | IndexFormatTooOldException | IndexFormatTooNewException e) {
        LOG.warn("{} is damaged, and is rebuilt from the change feed ({})", name, e.getMessage().lines().findFirst().orElse(""));
        for (String file : directory.listAll()) {
          if (file.startsWith(IndexFileNames.SEGMENTS) || IndexFileNames.CODEC_FILE_PATTERN.matcher(file).matches()) {
            directory.deleteFile(file);
          }
        }
      }
    }
  }

  private void checkIntegrity() throws IOException {
    if (DirectoryReader.indexExists(directory)) {
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        for (LeafReaderContext leaf : reader.leaves()) {
          leaf.reader().checkIntegrity();
        }
      }
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
      update(documents);
      for (String id : deleted) {
        writer.deleteDocuments(new Term(ID, id));
      }
      moveTo(upTo);
      if (!documents.isEmpty() || !deleted.isEmpty()) {
        unseen = true;
      }
    } catch (IOException | AlreadyClosedException e) {
      throw cannotBeWritten(e);
    }
  }

  /** Analysis is most of the work: several threads share it. The ids of one write differ, so their order does not matter. */
  private void update(List<Document> documents) throws IOException {
    int part = Math.max(LEAST_PART, (documents.size() + WRITERS - 1) / WRITERS);
    List<Callable<Void>> parts = new ArrayList<>();
    for (int from = 0; from < documents.size(); from += part) {
      List<Document> some = documents.subList(from, Math.min(from + part, documents.size()));
      parts.add(() -> {
        for (Document document : some) {
          writer.updateDocument(new Term(ID, document.id()), lucene(document));
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
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void clear() {
    try {
      writer.deleteAll();
      moveTo(Checkpoint.NONE);
      unseen = true;
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
  private SearchException cannotBeWritten(Exception e) {
    failed = true;
    Throwable cause = writer.getTragicException() == null ? e : writer.getTragicException();
    return new SearchException("the index " + name + " cannot be written: " + cause.getMessage()
        + ". Make room or mend the disk, and start this process again: what is missing comes from the change feed", e);
  }

  @Override
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  private org.apache.lucene.document.Document lucene(Document document) {
    org.apache.lucene.document.Document fields = new org.apache.lucene.document.Document();
    fields.add(new StringField(ID, document.id(), Field.Store.YES));
    fields.add(new SortedDocValuesField(ID, new BytesRef(document.id())));
    fields.add(new StoredField(VERSION, document.version()));
    fields.add(new StoredField(CONTENT, Json.write(document.content())));
    for (Schema.Field field : schema.fields()) {
      JsonNode value = document.content().path(field.name());
      if (value.isValueNode() && !value.isNull()) {
        addField(fields, field, value);
      }
    }
    return fields;
  }

  private static void addField(org.apache.lucene.document.Document fields, Schema.Field field, JsonNode value) {
    switch (field.kind()) {
      case TEXT -> {
        fields.add(new TextField(field.name(), Markup.strip(value.asText()), Field.Store.NO));
        if (field.sortable()) {
          fields.add(new SortedDocValuesField(field.name() + SORT_SUFFIX, sortKey(value.asText())));
        }
      }
      case DECIMAL -> {
        if (value.isNumber()) {
          byte[] bytes = SortableDecimal.encode(value.decimalValue());
          fields.add(new BinaryPoint(field.name(), bytes));
          fields.add(new SortedDocValuesField(field.name() + SORT_SUFFIX, new BytesRef(bytes)));
        }
      }
    }
  }

  private static BytesRef sortKey(String text) {
    String key = text.length() <= SORT_CHARACTERS ? text : text.substring(0, SORT_CHARACTERS);
    return new BytesRef(key.toLowerCase(Locale.ROOT));
  }

  @Override
  public Result search(Query query) {
    return withSearcher(searcher -> {
      TopFieldDocs found = searcher.search(lucene(query), query.page() * query.size(), sort(query), query.sortField() == null);
      List<Hit> hits = new ArrayList<>();
      StoredFields stored = searcher.storedFields();
      for (int i = (query.page() - 1) * query.size(); i < found.scoreDocs.length; i++) {
        ScoreDoc each = found.scoreDocs[i];
        hits.add(new Hit(document(stored, each.doc), query.sortField() == null ? each.score : 0));
      }
      return new Result(searcher.count(lucene(query)), hits);
    });
  }

  private org.apache.lucene.search.Query lucene(Query query) {
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    all.add(query.text().isBlank() ? new MatchAllDocsQuery() : words(query.text()), Occur.MUST);
    if (query.rangeField() != null && (query.min() != null || query.max() != null)) {
      byte[] least = query.min() == null ? lowest() : SortableDecimal.encode(query.min());
      byte[] greatest = query.max() == null ? highest() : SortableDecimal.encode(query.max());
      all.add(BinaryPoint.newRangeQuery(query.rangeField(), least, greatest), Occur.FILTER);
    }
    return all.build();
  }

  /** What a user typed is never a syntax error: the parser reads what it cannot make sense of as words. */
  private org.apache.lucene.search.Query words(String text) {
    return new SimpleQueryParser(analyzer, schema.weights(), OPERATORS).parse(Markup.strip(text));
  }

  private static byte[] lowest() {
    return new byte[SortableDecimal.BYTES];
  }

  private static byte[] highest() {
    byte[] bytes = lowest();
    Arrays.fill(bytes, (byte) -1);
    return bytes;
  }

  private static Sort sort(Query query) {
    SortField byId = new SortField(ID, SortField.Type.STRING);
    if (query.sortField() == null) {
      return new Sort(SortField.FIELD_SCORE, byId);
    }
    SortField byField = new SortField(query.sortField() + SORT_SUFFIX, SortField.Type.STRING, query.descending());
    // Documents without a value come last either way.
    byField.setMissingValue(query.descending() ? SortField.STRING_FIRST : SortField.STRING_LAST);
    return new Sort(byField, byId);
  }

  @Override
  public Optional<Document> document(String id) {
    return withSearcher(searcher -> {
      ScoreDoc[] found = searcher.search(new TermQuery(new Term(ID, id)), 1).scoreDocs;
      return found.length == 0 ? Optional.empty() : Optional.of(document(searcher.storedFields(), found[0].doc));
    });
  }

  @Override
  public List<Document> documents(String after, int limit) {
    return withSearcher(searcher -> {
      Sort byId = new Sort(new SortField(ID, SortField.Type.STRING));
      // Ids are unique, so that the document's number, which must be one of the reader's, decides nothing.
      int anyDocument = Math.max(0, searcher.getIndexReader().maxDoc() - 1);
      FieldDoc last = after.isEmpty() ? null : new FieldDoc(anyDocument, 0, new Object[] {new BytesRef(after)});
      StoredFields stored = searcher.storedFields();
      List<Document> documents = new ArrayList<>();
      for (ScoreDoc each : searcher.searchAfter(last, new MatchAllDocsQuery(), limit, byId).scoreDocs) {
        documents.add(document(stored, each.doc));
      }
      return documents;
    });
  }

  @Override
  public long documents() {
    return withSearcher(searcher -> (long) searcher.getIndexReader().numDocs());
  }

  private static Document document(StoredFields stored, int number) throws IOException {
    org.apache.lucene.document.Document fields = stored.document(number);
    return new Document(
        fields.get(ID), fields.getField(VERSION).numericValue().longValue(), (ObjectNode) Json.parse(fields.get(CONTENT)));
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
    try {
      unseen = false;
      searchers.maybeRefreshBlocking();
      refreshedAt = System.nanoTime();
    } catch (IOException e) {
      throw new SearchException("the index " + name + " cannot be read: " + e, e);
    }
  }

  private void refreshIfDue() {
    if (unseen && System.nanoTime() - refreshedAt >= TimeUnit.MILLISECONDS.toNanos(REFRESH_MS)) {
      refresh();
    }
  }

  @Override
  public void close() {
    writers.shutdown();
    try (directory; writer; searchers) {
      if (!failed) {
        commit();
      }
    } catch (IOException e) {
      throw new SearchException("the index " + name + " cannot be closed: " + e, e);
    }
  }
}
