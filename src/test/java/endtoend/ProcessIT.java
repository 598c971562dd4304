package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Broker, services and indexers as real processes, started as the README says; only ports and folder are others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class ProcessIT {

  private static final int SECONDS = 60;

  @TempDir
  private static Path folder;

  private final List<JavaProcess> started = new ArrayList<>();
  /** Not to start processes, but for its ports and requests. */
  private Backend backend;
  private JavaProcess broker;
  private JavaProcess services;

  private JavaProcess mvn(String profile, String queueId, Object... keysAndValues) {
    return mvn(profile, backend, queueId, keysAndValues);
  }

  /** Starts it in a terminal of its own, with {@code QUEUE_ID} if one is given. It does not run for so long that C2 would pay. */
  private JavaProcess mvn(String profile, Backend where, String queueId, Object... keysAndValues) {
    Map<String, String> environment = new HashMap<>(Map.of("MAVEN_OPTS", "-XX:TieredStopAtLevel=1"));
    if (queueId != null) {
      environment.put("QUEUE_ID", queueId);
    }
    JavaProcess process = MavenProcess.start(List.of(), folder, where, profile, environment, keysAndValues);
    started.add(process);
    return process;
  }

  @BeforeAll
  void startsBrokerAndServices() throws Exception {
    backend = new Backend(folder.resolve("kv"));
    broker = mvn("broker", null);
    services = mvn("services", null);
    backend.awaitBroker(broker);
    backend.awaitRest(services, Integer.parseInt(backend.property("rest.port")));
  }

  @AfterAll
  void stopsWhatItStarted() {
    started.forEach(JavaProcess::close);
  }

  private long sequence() {
    return backend.json("/status").at("/products/sequence").longValue();
  }

  @Test
  void theFourTerminalsOfTheReadmeIndexTheSampleCatalogueAndAChangedPrice() throws Exception {
    JavaProcess full = mvn("fullIndex", null);
    assertThat(full.awaitEnd()).as(full.output()).isZero();
    assertThat(full.output()).containsPattern("fullIndex: [0-9,]+ products in the queue fullIndex-[a-z0-9]+")
        .containsPattern("fullIndex: [0-9,]+ products in [0-9.]+ s, [0-9,]+ products/s, .*, 0 rejected, 0 failed")
        .doesNotContain("Exception", "\tat ", "ERROR", "WARN");
    backend.awaitIndexes();
    assertThat(backend.json("/status").at("/products/count").intValue()).isGreaterThanOrEqualTo(1_000);
    assertThat(backend.json("/index-a/search?q=jacket").at("/hits/0/name").textValue()).containsIgnoringCase("jacket");

    try (Source source = new Source("jdbc:h2:file:" + folder.resolve("kv/source/shop") + ";AUTO_SERVER=TRUE")) {
      assertThat(source.update("update sample.price set amount = 4242.42 where product_id = 17")).isEqualTo(1);
    }
    JavaProcess price = mvn("priceIndex", "PRICES");
    assertThat(price.awaitEnd()).as(price.output()).isZero();
    backend.awaitIndexes();
    JsonNode found = backend.json("/index-b/search?minPrice=4242.42&maxPrice=4242.42");
    assertThat(found.at("/hits/0/id").textValue()).isEqualTo("17");
    assertThat(folder.resolve("kv/queue/PRICES")).doesNotExist();

    JavaProcess verify = mvn("verify", null);
    assertThat(verify.awaitEnd()).as(verify.output()).isZero();
    assertThat(verify.output()).containsPattern("verify: index-b: [0-9,]+ equal, 0 missing, 0 stale, 0 orphaned")
        .doesNotContain("Exception", "\tat ", "ERROR", "WARN");
  }

  @Test
  void anIndexerThatIsKilledInTheMiddleIsResumedByItsQueueId() throws Exception {
    Object[] many = {"sample.products", 1_500, "queue.chunk-size", 5, "publish.window", 1};
    long before = sequence();
    JavaProcess killed = mvn("fullIndex", "KILLED", many);
    await("some products").atMost(Duration.ofSeconds(SECONDS)).pollInterval(Duration.ofMillis(5)).until(() -> {
      assertThat(killed.alive()).as(killed.output()).isTrue();
      return sequence() >= before + 200;
    });
    killed.close();
    assertThat(killed.awaitEnd()).isEqualTo(137);

    long stored = backend.json("/status").at("/products/sequence").longValue() - before;
    long left = backend.json("/status").at("/queues/0/remaining").longValue();
    assertThat(backend.json("/status").at("/queues/0/id").textValue()).isEqualTo("KILLED");
    assertThat(stored).isBetween(200L, 1_490L);
    // Two chunks may be stored, and their acknowledgements not taken note of: a window of one, and one that waits to get in.
    assertThat(stored + left).isBetween(1_500L, 1_510L);

    JavaProcess resumed = mvn("fullIndex", "KILLED", "sample.products", 1_500);
    assertThat(resumed.awaitEnd()).as(resumed.output()).isZero();
    assertThat(resumed.output()).contains("fullIndex: " + left + " products in the queue KILLED");
    assertThat(sequence()).isEqualTo(before + stored + left);
    assertThat(backend.json("/status").at("/products/count").intValue()).isEqualTo(1_500);
    backend.awaitIndexes();
    assertThat(backend.documents("index-a")).hasSize(1_500);
    assertThat(backend.documents("index-b")).hasSize(1_500);
    assertThat(folder.resolve("kv/queue/KILLED")).doesNotExist();
  }

  @Test
  void theExitStatusSaysWhetherProductsFailed() throws Exception {
    Path sql = Files.writeString(folder.resolve("two-rows.sql"), """
        select p.id, p.name from sample.product p where p.id > 990
        union all select 999, 'second' from sample.product p where p.id = 999""");
    Path ids = Files.writeString(folder.resolve("ids.sql"), "select p.id from sample.product p where p.id between 991 and 1000");
    JavaProcess some = mvn("fullIndex", "SOME", "index.sql", sql, "source.ids-sql", ids);
    assertThat(some.awaitEnd()).as(some.output()).isEqualTo(1);
    assertThat(some.output()).contains("product 999: ", "QUEUE_ID=SOME").doesNotContain("\tat ", "BUILD FAILURE");
  }

  @Test
  void whatCannotStartSaysWhyInOneLineAndEndsWithStatusTwo() throws Exception {
    Path queue = Files.createDirectories(folder.resolve("kv/queue/HELD"));
    try (FileChannel lock = FileChannel.open(queue.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(lock.lock().isValid()).isTrue();
      JavaProcess secondIndexer = mvn("fullIndex", "HELD");
      JavaProcess secondBroker = mvn("broker", null);
      JavaProcess mistypedProfile = mvn("fulIndex", (String) null);
      JavaProcess mistypedProperty = mvn("fullIndex", (String) null, "sampel.products", 5);

      endsWithOneLine(secondIndexer, "another indexer works on the queue HELD");
      endsWithOneLine(secondBroker, "127.0.0.1:" + backend.brokerPort() + " is in use", "broker.port");
      endsWithOneLine(mistypedProfile, "there is no Maven profile fulIndex: did you mean -PfullIndex?");
      endsWithOneLine(mistypedProperty, "there is no property sampel.products: did you mean sample.products?");
    }
  }

  private static void endsWithOneLine(JavaProcess process, String... reason) throws InterruptedException {
    assertThat(process.awaitEnd()).as(process.output()).isEqualTo(2);
    assertThat(process.output().lines().filter(line -> !line.isBlank())).singleElement().asString()
        .contains("ERROR Could not start: ").contains(reason);
  }

  @Test
  void theDemoAnswersSearchesUntilItIsStoppedAndSaysNoMoreThanThat() throws Exception {
    try (Backend other = new Backend(folder.resolve("demo"))) {
      JavaProcess demo = mvn("demo", other, null);
      await("demo").atMost(Duration.ofSeconds(SECONDS)).until(() -> {
        assertThat(demo.alive()).as(demo.output()).isTrue();
        return demo.output().contains("1,000 products in ");
      });
      other.awaitIndexes();
      assertThat(other.json("/index-a/search?q=jacket").at("/hits/0/name").textValue()).containsIgnoringCase("jacket");

      demo.signal("TERM");
      assertThat(demo.awaitEnd()).as(demo.output()).isEqualTo(143);
      assertThat(demo.output()).doesNotContain("\tat ", "ERROR", "WARN", "Exception");
    }
  }
}
