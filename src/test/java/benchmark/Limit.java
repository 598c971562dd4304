package benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import endtoend.Backend;
import endtoend.ProcessUsage;
import event.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import product.Change;
import product.Product;
import routes.services.indexa.IndexADocument;
import routes.services.indexb.IndexBDocument;
import routes.source.Rows;
import search.DocumentType;
import search.LuceneSearchIndex;
import search.SearchIndex;
import search.SearchIndex.Checkpoint;
import search.SearchIndex.Document;
import search.SearchIndex.Query;
import store.MvProductStore;
import store.ProductStore;
import store.ProductStore.Applied;
import store.ProductStore.Update;

/**
 * What a full index costs without events and without Camel: one JVM that reads the database, merges into the product store,
 * and writes both indexes, with the same SQL, chunks, bulks, commits and analysers. Readers, store, translation and each
 * index have threads of their own, joined by short queues, so that all cores are busy; nothing is turned into JSON that need
 * not be, and nothing is sent.
 *
 * <p>A process: it indexes for each line {@code index <id> <word> <price>} on its standard input, and tells for {@code
 * contents} what the indexes hold, each with one line of JSON. It keeps store and indexes open in between, as the services
 * do.
 */
final class Limit implements AutoCloseable {

  private static final int READERS = Math.max(2, Runtime.getRuntime().availableProcessors());
  private static final int QUEUED = 16;
  private static final int LONGEST_MINUTES = 30;

  private final String url;
  private final Properties settings = new Properties();
  private final String idsSql;
  private final String productsSql;
  private final ProductStore store;
  private final Index a;
  private final Index b;

  private Limit(Path folder, String url) throws IOException {
    this.url = url;
    settings.load(Limit.class.getResourceAsStream("/application.properties"));
    idsSql = resource("/sql/ids.sql");
    productsSql = "select * from (" + resource("/sql/full.sql") + "\n) listed where id = any(?)";
    store = new MvProductStore(folder.resolve("products"), Limits.PRODUCT_BYTES);
    a = new Index(folder.resolve("index-a"), new IndexADocument());
    b = new Index(folder.resolve("index-b"), new IndexBDocument());
  }

  private static String resource(String name) throws IOException {
    try (InputStream resource = Limit.class.getResourceAsStream(name)) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private int setting(String key) {
    return Integer.parseInt(settings.getProperty(key).trim());
  }

  /**
   * @param arguments the folder of store and indexes, and the URL of the source database
   */
  public static void main(String[] arguments) throws Exception {
    try (Limit limit = new Limit(Path.of(arguments[0]), arguments[1]);
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        String[] request = line.split(" ");
        ObjectNode answer = Backend.JSON.createObjectNode();
        if (request[0].equals("index")) {
          limit.index(new Shop.Mark(request[1], request[2], new BigDecimal(request[3])), answer);
        } else {
          answer.put("index-a", limit.a.contents()).put("index-b", limit.b.contents());
        }
        System.out.println(answer);
      }
    }
  }

  private void index(Shop.Mark mark, ObjectNode answer) throws Exception {
    double cpuBefore = usage().cpuSeconds();
    long start = System.nanoTime();
    List<Integer[]> chunks = chunks();
    long before = store.sequence();
    BlockingQueue<Update> read = new ArrayBlockingQueue<>(QUEUED);
    BlockingQueue<List<Change>> stored = new ArrayBlockingQueue<>(QUEUED);
    AtomicInteger next = new AtomicInteger();
    List<Callable<Void>> stages = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      stages.add(() -> read(chunks, next, read));
    }
    stages.add(() -> store(chunks.size(), read, stored));
    stages.add(() -> translate(chunks.size(), stored));
    stages.add(() -> a.write(chunks.size()));
    stages.add(() -> b.write(chunks.size()));
    runAll(stages);
    a.finds(Query.of(mark.word()), mark);
    b.finds(Query.of(mark.word()).within(new SearchIndex.Range("price", mark.price(), mark.price())), mark);
    double seconds = (System.nanoTime() - start) / 1e9;
    ProcessUsage after = usage();
    long products = store.sequence() - before;
    if (a.index.documents() != store.count() || b.index.documents() != store.count() || products != store.count()) {
      throw new IllegalStateException(products + " products read, " + store.count() + " stored, " + a.index.documents() + " and "
          + b.index.documents() + " indexed");
    }
    answer.put("products", products).put("seconds", seconds)
        .put("cpuSeconds", after.cpuSeconds() - cpuBefore).put("peakMemoryMb", after.peakMemoryMb());
  }

  private static ProcessUsage usage() {
    return ProcessUsage.of(ProcessHandle.current().pid());
  }

  /** Runs stages that wait for each other, until all have ended or one has failed. */
  private static void runAll(List<Callable<Void>> stages) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(stages.size());
    try {
      CompletionService<Void> ended = new ExecutorCompletionService<>(threads);
      stages.forEach(ended::submit);
      for (int i = 0; i < stages.size(); i++) {
        ended.take().get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
      threads.awaitTermination(LONGEST_MINUTES, TimeUnit.MINUTES);
    }
  }

  private List<Integer[]> chunks() throws SQLException {
    int size = setting("queue.chunk-size");
    List<Integer> ids = new ArrayList<>();
    try (Connection source = DriverManager.getConnection(url, "sa", "");
        Statement statement = source.createStatement();
        ResultSet rows = statement.executeQuery(idsSql)) {
      while (rows.next()) {
        ids.add(rows.getInt(1));
      }
    }
    List<Integer[]> chunks = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += size) {
      chunks.add(ids.subList(from, Math.min(from + size, ids.size())).toArray(Integer[]::new));
    }
    return chunks;
  }

  private Void read(List<Integer[]> chunks, AtomicInteger next, BlockingQueue<Update> to) throws Exception {
    try (Connection source = DriverManager.getConnection(url, "sa", "");
        PreparedStatement clock = source.prepareStatement(settings.getProperty("source.clock-sql"));
        PreparedStatement products = source.prepareStatement(productsSql)) {
      for (int chunk = next.getAndIncrement(); chunk < chunks.size(); chunk = next.getAndIncrement()) {
        to.put(read(clock, products, chunks.get(chunk)));
      }
    }
    return null;
  }

  private static Update read(PreparedStatement clock, PreparedStatement products, Integer[] ids) throws SQLException {
    long readAt;
    try (ResultSet time = clock.executeQuery()) {
      time.next();
      readAt = Rows.microseconds(time.getObject(1));
    }
    products.setObject(1, ids);
    List<Product> read = new ArrayList<>(ids.length);
    try (ResultSet rows = products.executeQuery()) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 1; i <= columns; i++) {
          row.put(rows.getMetaData().getColumnLabel(i), rows.getObject(i));
        }
        read.add(Product.of(Rows.object(row)));
      }
    }
    return new Update(true, readAt, read, List.of());
  }

  private Void store(int chunks, BlockingQueue<Update> from, BlockingQueue<List<Change>> to) throws InterruptedException {
    int bulk = setting("product-data.bulk-updates");
    int done = 0;
    while (done < chunks) {
      List<Update> updates = new ArrayList<>(List.of(from.take()));
      from.drainTo(updates, bulk - 1);
      for (Applied applied : store.apply(updates)) {
        to.put(applied.changes());
      }
      done += updates.size();
    }
    return null;
  }

  private Void translate(int chunks, BlockingQueue<List<Change>> from) throws InterruptedException {
    for (int done = 0; done < chunks; done++) {
      List<Change> changes = from.take();
      a.queue.put(a.documents(changes));
      b.queue.put(b.documents(changes));
    }
    return null;
  }

  @Override
  public void close() {
    a.index.close();
    b.index.close();
    store.close();
  }

  /** An index, and what waits to be written into it. */
  private final class Index {
    private final DocumentType type;
    private final SearchIndex index;
    private final BlockingQueue<List<Document>> queue = new ArrayBlockingQueue<>(QUEUED);
    private long committedAt = System.nanoTime();

    Index(Path folder, DocumentType type) {
      this.type = type;
      index = new LuceneSearchIndex(folder, type.schema());
    }

    List<Document> documents(List<Change> changes) {
      return changes.stream()
          .map(change -> new Document(change.id(), change.sequence(), type.content(change.product()))).toList();
    }

    Void write(int chunks) throws InterruptedException {
      int bulk = setting("index-b.bulk-events");
      long commitAfter = TimeUnit.MILLISECONDS.toNanos(setting("index.commit-ms"));
      int done = 0;
      while (done < chunks) {
        List<List<Document>> bulks = new ArrayList<>(List.of(queue.take()));
        queue.drainTo(bulks, bulk - 1);
        List<Document> documents = bulks.stream().flatMap(List::stream).toList();
        index.write(documents, List.of(), new Checkpoint(store.epoch(), documents.get(documents.size() - 1).version()));
        done += bulks.size();
        if (System.nanoTime() - committedAt >= commitAfter) {
          index.commit();
          committedAt = System.nanoTime();
        }
      }
      return null;
    }

    void finds(Query query, Shop.Mark mark) {
      index.refresh();
      List<SearchIndex.Hit> hits = index.search(query).hits();
      if (hits.isEmpty() || !hits.get(0).document().id().equals(mark.id())) {
        throw new IllegalStateException("the last product is not found");
      }
    }

    String contents() {
      index.refresh();
      Contents contents = new Contents();
      for (List<Document> page = index.documents("", 1_000); !page.isEmpty();) {
        page.forEach(document -> contents.add(document.id(), document.content()));
        page = index.documents(page.get(page.size() - 1).id(), 1_000);
      }
      return contents.digest();
    }
  }
}
