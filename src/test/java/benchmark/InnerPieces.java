package benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import event.EventCodec;
import event.IndexEvent;
import event.Limits;
import event.UpdateEvent;
import files.DurableFiles;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import product.Change;
import product.Json;
import product.Product;
import product.ProductState;
import routes.services.indexa.IndexADocument;
import routes.services.indexb.IndexBDocument;
import search.DocumentType;
import search.LuceneSearchIndex;
import search.SearchIndex.Checkpoint;
import search.SearchIndex.Document;
import store.MvProductStore;
import store.ProductStore.Applied;
import store.ProductStore.Update;

/**
 * The inner pieces of a full index: events of {@value #PRODUCTS} products to frames and back, merge, store, translation and
 * index; nanoseconds a product. {@code mvn -Pjmh verify} runs it by JMH.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InnerPieces {

  private static final int PRODUCTS = 500;

  private final IndexADocument indexA = new IndexADocument();
  private final IndexBDocument indexB = new IndexBDocument();
  private Path folder;
  private LuceneSearchIndex searchA;
  private LuceneSearchIndex searchB;
  private MvProductStore store;
  private long version;
  private List<ObjectNode> read;
  private List<ProductState> held;
  private UpdateEvent update;
  private String updateFrame;
  private IndexEvent index;
  private String indexFrame;
  private List<String> texts;

  /** Products of about 300 bytes, half of them with words that are not ASCII. */
  @Setup
  public void setUp() throws IOException {
    read = IntStream.rangeClosed(1, PRODUCTS).mapToObj(InnerPieces::product).toList();
    held = read.stream().map(product -> ProductState.unknown(product.get("id")).mergeFull(product, 1).state()).toList();
    texts = read.stream().map(Json::writeAscii).toList();
    update = new UpdateEvent("u", "BENCHMARK", List.of("*"), 2, texts.stream().map(Product::ofJson).toList(), List.of());
    updateFrame = EventCodec.encodeUpdate(update);
    List<Change> changes = IntStream.range(0, PRODUCTS)
        .mapToObj(i -> new Change(i + 1L, read.get(i).get("id").asText(), Product.ofJson(texts.get(i)))).toList();
    index = new IndexEvent("i", List.of("*"), "epoch", 1, PRODUCTS, changes);
    indexFrame = EventCodec.encodeIndex(index);
    folder = Files.createTempDirectory("jmh");
    searchA = new LuceneSearchIndex(folder.resolve("index-a"), indexA.schema());
    searchB = new LuceneSearchIndex(folder.resolve("index-b"), indexB.schema());
    store = new MvProductStore(folder.resolve("products"), Limits.PRODUCT_BYTES);
  }

  @TearDown
  public void tearDown() throws IOException {
    searchA.close();
    searchB.close();
    store.close();
    DurableFiles.delete(folder);
  }

  /** Runs all of it, and leaves {@code target/benchmark/jmh.json}. */
  public static void main(String[] arguments) throws Exception {
    Files.createDirectories(Settings.FOLDER);
    new Runner(new OptionsBuilder().include(InnerPieces.class.getName()).resultFormat(ResultFormatType.JSON)
        .result(Settings.FOLDER.resolve("jmh.json").toString()).build()).run();
  }

  private static ObjectNode product(int id) {
    String place = id % 2 == 0 ? "Säntis" : "Arolla";
    return Json.MAPPER.createObjectNode()
        .put("id", id).put("brand", "Brook & Vale").put("colour", "Moss Green").put("currency", "EUR")
        .put("description", "<p>For weekends in the wild &amp; weeks abroad, with friends or alone. Easy to clean. No. " + id
            + "</p><ul><li>Tested by hikers &amp; chefs</li><li>30 days to try it</li></ul>")
        .put("name", "Rugged Dome Tent " + place + ", Moss Green").put("price", BigDecimal.valueOf(1_000L + id, 2));
  }

  /** Turns what the database gave into the text of an UPDATE event, as an indexer does. */
  @Benchmark
  @OperationsPerInvocation(PRODUCTS)
  public String encodeUpdateOfRows() {
    List<Product> products = read.stream().map(Product::of).toList();
    return EventCodec.encodeUpdate(new UpdateEvent("u", "BENCHMARK", List.of("*"), 2, products, List.of()));
  }

  @Benchmark
  @OperationsPerInvocation(PRODUCTS)
  public UpdateEvent decodeUpdate() {
    return EventCodec.decodeUpdate(updateFrame);
  }

  /** Puts stored products, which are texts, into an INDEX event. */
  @Benchmark
  @OperationsPerInvocation(PRODUCTS)
  public String encodeIndex() {
    return EventCodec.encodeIndex(index);
  }

  @Benchmark
  @OperationsPerInvocation(PRODUCTS)
  public IndexEvent decodeIndex() {
    return EventCodec.decodeIndex(indexFrame);
  }

  /** Merges a newer full read of products that are there. */
  @Benchmark
  @OperationsPerInvocation(PRODUCTS)
  public void mergeFull(Blackhole sink) {
    for (int i = 0; i < PRODUCTS; i++) {
      sink.consume(held.get(i).mergeFull(read.get(i), 2));
    }
  }

  /** Merges a newer price. */
  @Benchmark
  @OperationsPerInvocation(PRODUCTS)
  public void mergePrice(Blackhole sink) {
    for (int i = 0; i < PRODUCTS; i++) {
      ObjectNode price = Json.MAPPER.createObjectNode();
      price.set("price", read.get(i).get("price"));
      sink.consume(held.get(i).mergePartial(price, 2));
    }
  }

  /** Makes the contents of both indexes' documents of products that are parsed already. */
  @Benchmark
  @OperationsPerInvocation(PRODUCTS)
  public void translate(Blackhole sink) {
    for (ObjectNode each : read) {
      Product product = Product.of(each);
      sink.consume(indexA.content(product));
      sink.consume(indexB.content(product));
    }
  }

  /** Merges a full update into the product store, as one commit to disk. */
  @Benchmark
  @OperationsPerInvocation(PRODUCTS)
  public Applied store() {
    return store.apply(new Update(true, ++version, update.products(), List.of()));
  }

  /** Translates, analyses and writes into index A, without a commit; several threads share the work. */
  @Benchmark
  @OperationsPerInvocation(PRODUCTS)
  public void writeIndexA() {
    write(searchA, indexA);
  }

  /** As {@link #writeIndexA}, into index B. */
  @Benchmark
  @OperationsPerInvocation(PRODUCTS)
  public void writeIndexB() {
    write(searchB, indexB);
  }

  private void write(LuceneSearchIndex search, DocumentType type) {
    version++;
    List<Document> documents =
        read.stream().map(each -> new Document(each.get("id").asText(), version, type.content(Product.of(each)))).toList();
    search.write(documents, List.of(), new Checkpoint("epoch", version));
  }
}
