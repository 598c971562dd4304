package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever an index missed or lost it gets from the product data service, by itself and without the database. Every test leaves
 * all processes running, and everything equal to the source.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatchUpIT {

  private static final int PRODUCTS = 20_000;
  private static final double CATCH_UP_SECONDS = 10;

  @TempDir
  private static Path folder;

  private Deployment deployment;
  private int changes;

  @BeforeAll
  void indexesTheSampleCatalogue() throws Exception {
    deployment = new Deployment(folder, PRODUCTS, "queue.chunk-size", 250, "ack.timeout-ms", 2_000);
    deployment.startServices();
    deployment.index("fullIndex");
    deployment.servesTheSource();
  }

  @AfterAll
  void stops() throws Exception {
    if (deployment != null) {
      deployment.close();
    }
  }

  /** Gives every product another name and price. */
  private void changeTheSource() throws Exception {
    changes++;
    deployment.source().update("update sample.product set name = 'Product ' || id || ' No. ' || ?", changes);
    deployment.source().update("update sample.price set amount = product_id + cast(? as integer)", changes);
  }

  private long sequence() {
    return deployment.json("productData", "/status").at("/products/sequence").longValue();
  }

  /** Starts an index, and returns how many seconds it took, from the start of the process, until the index was complete. */
  private double secondsToCatchUp(String index) {
    long start = System.nanoTime();
    deployment.start(index);
    deployment.awaitIndex(index);
    return (System.nanoTime() - start) / 1e9;
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void anIndexKilledDuringAFullIndexAndOneWithoutItsFolderAreCompleteInTenSecondsWithoutTheDatabase() throws Exception {
    changeTheSource();
    JavaProcess full = deployment.launchIndexer("fullIndex", "HALF");
    deployment.awaitChunksLeft(full, "HALF", 0.5);
    deployment.service("indexA").close();
    assertThat(deployment.chunksLeft("HALF")).isPositive();
    assertThat(full.awaitEnd()).as(full.output()).isZero();
    deployment.service("indexB").stop();
    delete(deployment.kv().resolve("index-b"));

    Map<String, ObjectNode> expected = deployment.source().products();
    withoutTheDatabase(() -> {
      double a = secondsToCatchUp("indexA");
      double b = secondsToCatchUp("indexB");
      System.out.printf(Locale.ROOT, "Complete %.1f s after the start without half of %d products, %.1f s after one without any%n",
          a, PRODUCTS, b);
      assertThat(a).isLessThan(CATCH_UP_SECONDS);
      assertThat(b).isLessThan(CATCH_UP_SECONDS);
      assertThat(deployment.differences(expected)).isEmpty();
    });
  }

  private interface Step {
    void run() throws Exception;
  }

  /** Does something while nobody could open the source database. */
  private void withoutTheDatabase(Step step) throws Exception {
    deployment.source().close();
    Path database = deployment.kv().resolve("source");
    Path hidden = Files.move(database, folder.resolve("hidden"));
    step.run();
    assertThat(database).doesNotExist();
    Files.move(hidden, database);
    deployment.openSource();
  }

  @Test
  void aProductStoreThatWasPutBackFromAnOlderCopyMakesTheIndexesRebuild() throws Exception {
    Path store = deployment.kv().resolve("products/products.mv");
    Path copy = folder.resolve("copy.mv");
    Map<String, ObjectNode> old = deployment.source().products();
    deployment.service("productData").stop();
    Files.copy(store, copy);
    deployment.start("productData");
    changeTheSource();
    deployment.index("fullIndex");
    deployment.servesTheSource();
    long lostSequence = sequence();

    // Index A sees the restored store as it is, index B not before it has used the lost numbers a second time. Killed, it might go on
    // from a commit that is older than the copy.
    deployment.service("indexB").stop();
    deployment.service("productData").stop();
    assertThat(deployment.json("indexA", "/index-a/search?q=product").path("total").longValue()).isEqualTo(PRODUCTS);
    Files.move(copy, store, StandardCopyOption.REPLACE_EXISTING);
    deployment.start("productData");
    deployment.awaitIndex("indexA");
    assertThat(sequence()).isLessThan(lostSequence);
    assertThat(deployment.differencesOfIndexA(old)).isEmpty();
    assertThat(deployment.service("indexA").output())
        .contains("index-a comes from a past that the product data service does not know");

    changeTheSource();
    deployment.index("fullIndex");
    while (sequence() < lostSequence) {
      deployment.index("priceIndex");
    }
    deployment.start("indexB");
    // Before it has asked, it may stand at the same number in the other past.
    deployment.service("indexB").awaitOutput("index-b comes from a past that the product data service does not know");
    deployment.servesTheSource();
  }

  @Test
  void aProductStoreThatWasDeletedEmptiesTheIndexesAndAFullIndexFillsAllOfThem() throws Exception {
    deployment.service("productData").close();
    delete(deployment.kv().resolve("products"));
    deployment.start("productData");
    deployment.awaitIndexes();
    assertThat(deployment.differences(Map.of())).isEmpty();
    deployment.index("fullIndex");
    deployment.servesTheSource();
  }

  @Test
  void anIndexThatIsKilledWhileItIsRebuiltAnswersAsBeforeAndCanBeRebuiltAgain() throws Exception {
    JsonNode before = status("indexA");
    JavaProcess rebuild = deployment.launch("rebuild", "index", "a", "rebuild.poll-ms", 10);
    await("half a rebuild").atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(5)).until(() -> {
      assertThat(rebuild.alive()).as(rebuild.output()).isTrue();
      return status("indexA").at("/rebuild/checkpoint").longValue() > 0;
    });
    deployment.service("indexA").close();
    changeTheSource();
    deployment.index("fullIndex");
    deployment.start("indexA");
    assertThat(rebuild.awaitEnd()).as(rebuild.output()).isEqualTo(2);
    assertThat(rebuild.output()).contains("index-a was not rebuilt: its service was started again meanwhile");
    deployment.servesTheSource();
    assertThat(status("indexA").path("generation")).isEqualTo(before.path("generation"));

    for (String letter : List.of("a", "b")) {
      JavaProcess again = deployment.launch("rebuild", "index", letter);
      assertThat(again.awaitEnd()).as(again.output()).isZero();
      System.out.println(again.output().lines().reduce((one, other) -> other).orElseThrow());
    }
    assertThat(status("indexA").path("generation").intValue()).isEqualTo(before.path("generation").intValue() + 1);
    deployment.servesTheSource();
  }

  private JsonNode status(String service) {
    return deployment.json(service, "/status").at("/indexes/0");
  }

  @Test
  void brokerAndProductDataServiceMayBeRestartedAtAnyTime() throws Exception {
    changeTheSource();
    JavaProcess full = deployment.launchIndexer("fullIndex", "RESTARTS");
    double share = 0.9;
    for (String service : List.of("broker", "productData", "broker", "productData")) {
      deployment.awaitChunksLeft(full, "RESTARTS", share);
      if (share > 0.5) {
        deployment.service(service).stop();
      } else {
        deployment.service(service).close();
      }
      assertThat(deployment.chunksLeft("RESTARTS")).as("chunks left when %s stopped", service).isPositive();
      deployment.start(service);
      share -= 0.2;
    }
    assertThat(full.awaitEnd()).as(full.output()).isZero();
    deployment.servesTheSource();
  }
}
