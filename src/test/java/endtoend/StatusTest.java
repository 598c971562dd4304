package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator is told of a running system, and of one that is not all there. */
@Timeout(120)
class StatusTest {

  @TempDir
  private Path folder;

  private Backend backend;

  @BeforeEach
  void choosesPortsAndFolder() {
    backend = new Backend(folder.resolve("kv"));
  }

  @AfterEach
  void stops() {
    backend.close();
  }

  @Test
  void theStatusCommandTellsOfEachPartAndNamesThoseThatAreDown() {
    int[] ports = Backend.freePorts(2);
    backend.with("index-a.url", "http://127.0.0.1:" + ports[0]).with("index-b.url", "http://127.0.0.1:" + ports[1]);
    String productData = "not reached at " + backend.property("product-data.url") + " (";
    backend.start("broker");
    Backend.Process products = backend.start("productData");
    Backend.Process indexA = backend.start("indexA", "rest.port", ports[0]);
    assertThat(backend.index("fullIndex", "sample.products", 300).status()).isZero();
    backend.awaitProgress(ports[0], "/indexes/0/checkpoint", 300);

    Backend.Ended partly = backend.index("status");

    assertThat(partly.status()).isZero();
    assertThat(partly.log().lines()).anyMatch(line -> line.matches("product data service: 300 products, sequence 300, \\d+/s"))
        .anyMatch(line -> line.matches("index-a: 300 documents, checkpoint 300, lag 0, \\d+/s"));
    assertThat(partly.log().lines(Level.WARN)).singleElement().asString()
        .startsWith("index-b: not reached at http://127.0.0.1:" + ports[1]);

    backend.start("indexB", "rest.port", ports[1]);
    backend.awaitProgress(ports[1], "/indexes/0/checkpoint", 300);
    Backend.Ended all = backend.index("status");
    assertThat(all.status()).isZero();
    assertThat(all.log().lines(Level.WARN)).isEmpty();
    assertThat(all.log().lines()).anyMatch(line -> line.startsWith("index-b: 300 documents"))
        .endsWith("All that the product data service has is visible in every index");

    products.stop();
    indexA.stop();
    // Nothing answers, and the run that was not acknowledged is told of.
    Backend.Ended interrupted =
        backend.index("fullIndex", "sample.products", 300, "queue.id", "LEFT", "startup.patience-ms", 100, "ack.patience-ms", 100);
    assertThat(interrupted.status()).isEqualTo(2);
    Backend.Ended down = backend.index("status", "index-b.url", "http://127.0.0.1:" + ports[0]);
    assertThat(down.status()).isEqualTo(2);
    // Index B, which runs, may say meanwhile that it can't read the feed.
    assertThat(down.log().lines(Level.WARN)).filteredOn(line -> line.contains(": not reached at ")).hasSize(3)
        .anyMatch(line -> line.startsWith("product data service: " + productData));
    assertThat(down.log().lines()).contains("queue LEFT (fullIndex, interrupted): 300 of 300 products left, 0 failed");
    assertThat(down.log().stackTraces()).isEmpty();
  }

  @Test
  void aBrokerThatIsDownIsToldOfByTheServicesAndByTheCommand() {
    Backend.Process broker = backend.start("broker");
    backend.start("services");
    String address = "127.0.0.1:" + backend.brokerPort();
    awaitBroker(true);
    assertThat(backend.json("/status").at("/broker/address").textValue()).isEqualTo(address);
    assertThat(backend.index("status").log().lines()).contains("broker " + address + ": connected to "
        + backend.property("product-data.url"));

    try (LogCapture log = new LogCapture()) {
      broker.stop();
      awaitBroker(false);
      Backend.Ended status = backend.index("status");
      assertThat(status.status()).isZero();
      assertThat(status.log().lines(Level.WARN)).containsExactly(
          "broker " + address + ": not reached from " + backend.property("product-data.url"));

      backend.start("broker");
      awaitBroker(true);
      assertThat(log.lines().stream().filter(line -> line.startsWith("The broker at"))).containsExactly(
          "The broker at " + address + " can't be reached; what is lost meanwhile is made good for later (it closed the connection)",
          "The broker at " + address + " is there again");
      assertThat(log.stackTraces()).isEmpty();
    }
    assertThat(backend.index("fullIndex", "sample.products", 10).status()).isZero();
  }

  private void awaitBroker(boolean connected) {
    await("connected: " + connected).atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20))
        .until(() -> backend.json("/status").at("/broker/connected").booleanValue() == connected);
  }

  @Test
  void duringARunTheStatusTellsRatesAndHowLongItTakes() {
    backend.start("broker");
    backend.start("services");
    Backend.Process indexer = backend.launch(
        "fullIndex", "sample.products", 6_000, "queue.id", "RUN", "publish.window", 1, "queue.chunk-size", 20);
    List<JsonNode> estimates = new ArrayList<>();
    while (!indexer.ended()) {
      JsonNode status = backend.json("/status");
      if (status.has("secondsLeft")) {
        estimates.add(status);
      }
    }
    assertThat(indexer.awaitEnd()).isZero();
    backend.awaitIndexes();

    assertThat(estimates).as("statuses with an estimate").isNotEmpty().allSatisfy(status -> {
      assertThat(status.path("secondsLeft").longValue()).isBetween(1L, 3_600L);
      assertThat(status.at("/products/rate").longValue()).isPositive();
    });
    assertThat(estimates).anySatisfy(status -> {
      assertThat(status.at("/queues/0/stage").textValue()).isEqualTo("publishing");
      assertThat(status.at("/queues/0/command").textValue()).isEqualTo("fullIndex");
      assertThat(status.at("/queues/0/total").longValue()).isEqualTo(6_000);
      assertThat(status.at("/queues/0/remaining").longValue()).isBetween(1L, 6_000L);
    });
    JsonNode after = backend.json("/status");
    assertThat(after.has("secondsLeft")).isFalse();
    assertThat(after.path("queues")).isEmpty();
  }
}
