package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that stands still during a full index, as by {@code kill -STOP}, while far more data goes its way than any of the
 * others has memory for: 5,000 products of 10 kB are 50 MB as text, and a heap that kept them all would need twice that or more.
 */
@Timeout(120)
@EnabledOnOs({OS.LINUX, OS.MAC})
class BackpressureTest {

  private static final int PRODUCTS = 5_000;
  private static final int BROKER_HEAP_MB = 48;
  private static final int HEAP_MB = 112;
  /** It also runs the database. */
  private static final int INDEXER_HEAP_MB = 128;
  /** What a JVM has beside its heap: classes, compiled code, stacks, and the buffers of sockets. */
  private static final int BESIDE_HEAP_MB = 160;
  /**
   * Index A's files hold all descriptions, 50 MB, twice while segments merge: what was read of them counts, though the system takes
   * it back when it is needed.
   */
  private static final int MAPPED_MB = 100;
  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir
  private Path folder;

  private final Map<String, JavaProcess> processes = new LinkedHashMap<>();
  private Backend backend;
  private int indexAPort;
  private int indexBPort;

  @BeforeEach
  void startsEverythingInProcessesOfItsOwn() throws Exception {
    Path sql = Files.writeString(folder.resolve("large.sql"),
        "select p.id, p.name, c.amount as price, repeat(repeat('w' || p.id, 30) || ' ', 70) as description\n"
            + "from sample.product as p left join sample.price as c on c.product_id = p.id\n");
    int[] ports = Backend.freePorts(2);
    indexAPort = ports[0];
    indexBPort = ports[1];
    backend = new Backend(folder.resolve("kv")).with("index.sql", sql).with("sample.products", PRODUCTS)
        .with("broker.subscriber-buffer-bytes", 2 << 20).with("ack.timeout-ms", 1_000).with("queue.chunk-size", 50).with("publish.window", 16)
        .with("product-data.backlog-bytes", 8 << 20).with("index.backlog-bytes", 8 << 20);
    processes.put("broker", start("broker", BROKER_HEAP_MB));
    processes.put("productData", start("productData", HEAP_MB));
    processes.put("indexA", start("indexA", HEAP_MB, "rest.port", indexAPort));
    processes.put("indexB", start("indexB", HEAP_MB, "rest.port", indexBPort));
    for (JavaProcess process : processes.values()) {
      process.awaitOutput("Listening on ");
    }
  }

  @AfterEach
  void stops() {
    processes.values().forEach(JavaProcess::close);
    backend.close();
  }

  private JavaProcess start(String profile, int heapMb, Object... keysAndValues) {
    return JavaProcess.start(folder.resolve("logs"), backend, profile, heapMb, keysAndValues);
  }

  private long number(int port, String pointer) {
    try {
      return backend.json(port, "/status").at(pointer).longValue();
    } catch (UncheckedIOException e) {
      return -1;
    }
  }

  private long stored() {
    return number(Integer.parseInt(backend.property("rest.port")), "/products/sequence");
  }

  private JavaProcess startFullIndexAndAwaitItsFirstProducts() {
    JavaProcess indexer = start("fullIndex", INDEXER_HEAP_MB);
    processes.put("indexer", indexer);
    await("first products").atMost(BOUND).pollInterval(Duration.ofMillis(20)).until(() -> {
      assertThat(indexer.alive()).as(indexer.output()).isTrue();
      return stored() > 0;
    });
    return indexer;
  }

  private void everythingIsCompleteAndNothingGrewBeyondItsBound() throws Exception {
    backend.awaitProgress(indexAPort, "/indexes/0/checkpoint", stored());
    backend.awaitProgress(indexBPort, "/indexes/0/checkpoint", stored());
    backend.awaitSearchers();
    Map<String, JsonNode> products = backend.products();
    assertThat(products).hasSize(PRODUCTS);
    Map<String, JsonNode> inA = backend.documents(indexAPort, "index-a");
    Map<String, JsonNode> inB = backend.documents(indexBPort, "index-b");
    List<String> wrong = new ArrayList<>();
    products.forEach((id, product) -> {
      if (!product.path("description").equals(inA.get(id).path("description")) || !product.path("price").equals(inB.get(id).path("price"))) {
        wrong.add(id);
      }
    });
    assertThat(wrong).isEmpty();
    assertThat(inA).hasSize(PRODUCTS);
    assertThat(inB).hasSize(PRODUCTS);
    for (Map.Entry<String, JavaProcess> each : processes.entrySet()) {
      assertThat(each.getValue().output()).as(each.getKey()).doesNotContain("OutOfMemory").doesNotContain("\tat ");
      if (!each.getKey().equals("indexer")) {
        assertThat(each.getValue().alive()).as("%s: %s", each.getKey(), each.getValue().output()).isTrue();
        int heapMb = each.getKey().equals("broker") ? BROKER_HEAP_MB : HEAP_MB;
        assertThat(each.getValue().usage().peakMemoryMb()).as("MiB of %s", each.getKey())
            .isLessThan(heapMb + BESIDE_HEAP_MB + (each.getKey().equals("indexA") ? MAPPED_MB : 0));
      }
    }
  }

  @Test
  void stalledProcessesHoldUpNobodyAndCompleteWhenTheyGoOn() throws Exception {
    JavaProcess indexer = startFullIndexAndAwaitItsFirstProducts();

    processes.get("indexA").signal("STOP");
    processes.get("broker").awaitOutput("from index: it stopped reading");
    // All that is not acknowledged goes out again and again, until the broker gives the service up.
    processes.get("productData").signal("STOP");
    processes.get("broker").awaitOutput("from update: it stopped reading");
    assertThat(indexer.alive()).as(indexer.output()).isTrue();

    processes.get("productData").signal("CONT");
    assertThat(indexer.awaitEnd()).as(indexer.output()).isZero();
    backend.awaitProgress(indexBPort, "/indexes/0/checkpoint", stored());
    processes.get("indexA").signal("CONT");
    everythingIsCompleteAndNothingGrewBeyondItsBound();
  }
}
