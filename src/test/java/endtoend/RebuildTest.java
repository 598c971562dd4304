package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import product.Json;
import product.Product;
import search.DocumentType;
import search.Schema;

/** Indexes that are rebuilt and rolled back while people search and products change. Every test leaves them complete. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class RebuildTest {

  private static final int PRODUCTS = 1_000;
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir
  private static Path folder;

  private Backend backend;
  private Backend.Process services;
  private Source source;

  @BeforeAll
  void indexesTheSampleCatalogue() throws Exception {
    // Small pages, so that a rebuild takes its time. That the property "index" is set concerns the command alone.
    backend = new Backend(folder.resolve("kv")).with("sample.products", PRODUCTS).with("catch-up.page-size", 10).with("index", "a");
    backend.with("index-a.url", address("")).with("index-b.url", address(""));
    backend.start("broker");
    services = backend.start("services");
    assertThat(backend.index("fullIndex").status()).isZero();
    source = new Source("jdbc:h2:file:" + folder.resolve("kv/source/shop") + ";AUTO_SERVER=TRUE");
    backend.awaitIndexes();
  }

  @AfterAll
  void stops() throws Exception {
    if (source != null) {
      source.close();
    }
    backend.close();
  }

  private String address(String path) {
    return "http://127.0.0.1:" + backend.property("rest.port") + path;
  }

  private HttpResponse<String> post(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address(path))).POST(BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return backend.send(request.build());
  }

  private JsonNode status(String index) {
    for (JsonNode each : backend.json("/status").path("indexes")) {
      if (each.path("name").textValue().equals(index)) {
        return each;
      }
    }
    throw new AssertionError("no status of " + index);
  }

  /** Begins it, and returns the number of the generation that is to answer. */
  private int begin(String index, String change) {
    HttpResponse<String> answer = post("/" + index + "/" + change);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonNode body = Backend.parse(answer.body());
    assertThat(body.path("index").textValue()).isEqualTo(index);
    return body.path("generation").intValue();
  }

  private void awaitGeneration(String index, int generation) {
    await(index + " " + generation).atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> {
      JsonNode status = status(index);
      assertThat(status.path("rebuildFailure").asText()).isEmpty();
      return status.path("generation").intValue() == generation && !status.has("rebuild");
    });
  }

  private void equalsTheSource() throws Exception {
    backend.awaitIndexes();
    Map<String, ObjectNode> expected = source.products();
    assertThat(Differences.ofIndexA(expected, backend.documents("index-a")) + Differences.ofIndexB(expected, backend.documents("index-b"))).isEmpty();
  }

  /** People who search all the time, and what they got that was not everything. */
  private final class Searchers implements AutoCloseable {
    private final AtomicBoolean on = new AtomicBoolean(true);
    private final AtomicInteger answers = new AtomicInteger();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads;

    Searchers() {
      threads = Stream.of("/index-a/search?q=tent", "/index-a/search?size=1", "/index-b/search?sort=price&minPrice=0&size=100",
          "/index-b/search?q=tent").map(this::searching).toList();
      threads.forEach(Thread::start);
    }

    private Thread searching(String path) {
      long total = backend.json(path).path("total").longValue();
      assertThat(total).isPositive();
      return new Thread(() -> {
        while (on.get()) {
          HttpResponse<String> answer = backend.get(path);
          answers.incrementAndGet();
          if (answer.statusCode() != 200 || Backend.parse(answer.body()).path("total").longValue() != total) {
            wrong.add(path + ", not " + total + ": " + answer.statusCode() + " " + answer.body());
          }
        }
      });
    }

    /** Waits until they have searched some more. */
    void awaitSome() {
      int before = answers.get();
      await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> answers.get() > before + 50);
    }

    @Override
    public void close() {
      on.set(false);
      threads.forEach(thread -> {
        try {
          thread.join(SOON.toMillis());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
      assertThat(wrong.size() + " wrong answers, such as " + wrong.peek()).as("of %s answers", answers).isEqualTo("0 wrong answers, such as null");
    }
  }

  @Test
  void everySearchIsAnsweredInFullWhileTheIndexIsRebuiltAndProductsChange() throws Exception {
    int before = status("index-a").path("generation").intValue();
    try (Searchers searchers = new Searchers()) {
      for (String index : List.of("index-a", "index-b")) {
        int number = begin(index, "rebuild");
        int runs = 0;
        while (status(index).has("rebuild")) {
          source.update("update sample.price set amount = amount + 1 where product_id < 6");
          assertThat(backend.index("priceIndex", "product.ids", "1,2,3,4,5").status()).isZero();
          runs++;
        }
        assertThat(runs).as("products changed meanwhile").isPositive();
        awaitGeneration(index, number);
        searchers.awaitSome();
      }
    }
    assertThat(status("index-a").path("generation").intValue()).isGreaterThan(before);
    assertThat(status("index-a").path("previousGeneration").intValue()).isEqualTo(before);
    equalsTheSource();
  }

  @Test
  void aRollbackCatchesUpBeforeItAnswers() throws Exception {
    for (String index : List.of("index-a", "index-b")) {
      int before = status(index).path("generation").intValue();
      awaitGeneration(index, begin(index, "rebuild"));
      source.update("update sample.product set name = 'Renamed ' || id where mod(id, 2) = 0");
      source.update("update sample.price set amount = product_id where mod(product_id, 2) = 0");
      assertThat(backend.index("fullIndex").status()).isZero();
      backend.awaitIndexes();
      try (Searchers searchers = new Searchers()) {
        assertThat(begin(index, "rollback")).isEqualTo(before);
        awaitGeneration(index, before);
        searchers.awaitSome();
      }
      equalsTheSource();
    }
  }

  @Test
  void oneChangeOfAnIndexAtATime() {
    int number = begin("index-a", "rebuild");
    for (String change : List.of("rebuild", "rollback")) {
      HttpResponse<String> second = post("/index-a/" + change);
      assertThat(second.statusCode()).as(second.body()).isEqualTo(409);
      assertThat(second.headers().firstValue("Content-Type")).hasValue("application/problem+json");
      assertThat(Backend.parse(second.body()).path("detail").textValue())
          .isEqualTo("a rebuild of index-a is under way, to generation " + number + ": wait for it");
    }
    JsonNode progress = status("index-a").path("rebuild");
    assertThat(progress.path("generation").intValue()).isEqualTo(number);
    assertThat(progress.path("rollback").booleanValue()).isFalse();
    assertThat(progress.path("target").longValue()).isGreaterThanOrEqualTo(PRODUCTS);
    assertThat(progress.path("checkpoint").longValue()).isBetween(0L, progress.path("target").longValue());
    int other = begin("index-b", "rebuild");
    awaitGeneration("index-a", number);
    awaitGeneration("index-b", other);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/index-a/rebuild", "/index-a/rollback", "/index-b/rebuild", "/index-b/rollback"})
  void otherSitesMayNotRebuild(String path) {
    JsonNode before = status(path.substring(1, 8)).path("generation");
    HttpResponse<String> answer = post(path, "Origin", "http://evil.example");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(status(path.substring(1, 8)).has("rebuild")).isFalse();
    assertThat(status(path.substring(1, 8)).path("generation")).isEqualTo(before);
  }

  // The command

  @Test
  void theCommandWaitsForTheNewGeneration() throws Exception {
    for (String letter : List.of("a", "b")) {
      String index = "index-" + letter;
      Backend.Ended ended = backend.index("rebuild", "index", letter, "rebuild.poll-ms", 20, "progress.interval-ms", 100);
      assertThat(ended.status()).as("%s", ended.log().lines()).isZero();
      int generation = status(index).path("generation").intValue();
      List<String> told = ended.log().lines().stream().filter(line -> line.startsWith(index)).toList();
      assertThat(told).contains(index + ": generation " + generation + " is built from the change feed")
          .anyMatch(line -> line.matches(index + ": generation " + generation + " is at [\\d,]+ of [\\d,]+"));
      assertThat(told.get(told.size() - 1)).matches(index + " answers from generation " + generation + ": 1,000 documents, [\\d.]+ s");
      assertThat(ended.log().lines(Level.WARN)).isEmpty();
    }
    equalsTheSource();
  }

  @Test
  void theCommandSaysInOneLineWhyItCouldNot() {
    refused(backend.index("rebuild", "index", ""), "Could not start: say which index to rebuild, -Dindex=a or -Dindex=b");
    refused(backend.index("rebuild", "index", "x"), "Could not start: say which index to rebuild, -Dindex=a or -Dindex=b: there is no 'x'");
    String nobody = "http://127.0.0.1:" + Backend.freePorts(1)[0];
    refused(backend.index("rebuild", "index", "a", "index-a.url", nobody), "index-a was not rebuilt: it is not reached at " + nobody + " (");
    int number = begin("index-a", "rebuild");
    refused(backend.index("rebuild", "index", "a"), "index-a was not rebuilt: a rebuild of index-a is under way");
    awaitGeneration("index-a", number);
  }

  @Test
  void theCommandSaysThatTheServiceWasStartedAgainMeanwhile() throws Exception {
    int before = status("index-a").path("generation").intValue();
    try (LogCapture log = new LogCapture()) {
      Backend.Process command = backend.launch("rebuild", "index", "a", "rebuild.poll-ms", 20);
      await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> status("index-a").has("rebuild"));
      services.stop();
      services = backend.start("services");
      assertThat(command.awaitEnd()).isEqualTo(2);
      assertThat(log.lines(Level.ERROR)).contains("index-a was not rebuilt: its service was started again meanwhile: try again");
      assertThat(log.stackTraces()).isEmpty();
    }
    assertThat(status("index-a").path("generation").intValue()).isEqualTo(before);
    equalsTheSource();
  }

  private static void refused(Backend.Ended ended, String reason) {
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.log().lines(Level.WARN)).singleElement().asString().startsWith(reason).doesNotContain("\n");
    assertThat(ended.log().stackTraces()).isEmpty();
  }

  // The format

  /** Index A with the brand besides. */
  public static final class WithBrand implements DocumentType {
    @Override
    public Schema schema() {
      return Schema.of(Schema.text("name", 3), Schema.text("description", 1), Schema.text("brand", 2));
    }

    @Override
    public ObjectNode content(Product product) {
      ObjectNode content = Json.MAPPER.createObjectNode();
      for (String each : List.of("name", "description", "brand")) {
        content.set(each, product.attribute(each));
      }
      return content;
    }
  }

  @Test
  void anIndexWhoseFormatChangedAnswersInFullWhileItRebuildsItself() throws Exception {
    int before = status("index-a").path("generation").intValue();
    long tents = backend.json("/index-a/search?q=tent").path("total").longValue();
    services.stop();
    services = backend.launch("services", "index-a.document", WithBrand.class.getName());
    await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> {
      try {
        return backend.get("/index-a/search").statusCode() == 200;
      } catch (UncheckedIOException e) {
        return false;
      }
    });
    int answers = 0;
    while (status("index-a").has("rebuild")) {
      assertThat(backend.json("/index-a/search?q=tent").path("total").longValue()).isEqualTo(tents);
      assertThat(status("index-a").path("documents").longValue()).isEqualTo(PRODUCTS);
      answers++;
    }
    assertThat(answers).as("answers meanwhile").isPositive();
    awaitGeneration("index-a", before + 1);
    backend.awaitIndexes();
    assertThat(backend.documents("index-a")).hasSize(PRODUCTS);
    assertThat(backend.json("/index-a/documents/18").path("brand").textValue()).isEqualTo(source.products().get("18").path("brand").textValue());

    services.stop();
    services = backend.start("services");
    awaitGeneration("index-a", before);
    equalsTheSource();
  }
}
