package routes.services.productdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import endtoend.Backend;
import endtoend.Events;
import endtoend.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import routes.support.Searches;

/** Updates of many products where the same process searches, between a broker and a peer that plays indexer. */
@Timeout(60)
class YieldTest {

  private static final int YIELD_MS = 1_000;
  private static final Duration BOUND = Duration.ofSeconds(20);

  @TempDir
  private Path folder;

  private Backend backend;
  private Peer indexer;
  private Peer acks;
  private Searches searches;

  @BeforeEach
  void startsTheServices() {
    backend = new Backend(folder).with("product-data.yield-ms", YIELD_MS);
    backend.start("broker");
    searches = backend.start("services").context().getRegistry().lookupByNameAndType("searches", Searches.class);
    indexer = Peer.publisher(backend.brokerPort(), "update");
    acks = Peer.subscriber(backend.brokerPort(), "ack");
  }

  @AfterEach
  void stops() {
    List.of(indexer, acks).forEach(Peer::close);
    backend.close();
  }

  private void sendChunk(String id) {
    indexer.send(Events.update(id, "*", 1_000, IntStream.range(0, 400)
        .mapToObj(product -> "{\"id\":" + product + ",\"name\":\"Lamp {{x}} ${y}\",\"price\":1}").toArray(String[]::new)).toString());
  }

  private String acknowledged() {
    return Backend.parse(acks.next()).at("/data/eventId").textValue();
  }

  @Test
  void aChangeOvertakesManyProductsThatAreHeldBackForSearches() {
    sendChunk("before");
    assertThat(acknowledged()).isEqualTo("before");
    searches.took(TimeUnit.HOURS.toNanos(1));
    long sent = System.nanoTime();
    sendChunk("chunk");
    indexer.send(Events.update("change", "price", 2_000, "{\"id\":7,\"price\":2}").toString());

    assertThat(acknowledged()).isEqualTo("change");
    assertThat(acknowledged()).isEqualTo("chunk");
    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sent)).as("ms").isGreaterThanOrEqualTo(YIELD_MS);
    assertThat(backend.json("/products/7").path("price").intValue()).as("the later read stays").isEqualTo(2);
  }

  @Test
  void searchesAndSuggestionsAreWhatManyProductsYieldTo() {
    for (String path : List.of("/index-a/search?q=lamp", "/index-b/search?q=lamp", "/index-a/suggest?q=la")) {
      searches.pauseMs();
      await("what " + path + " took").atMost(BOUND).until(() -> {
        for (int request = 0; request < 50; request++) {
          backend.json(path);
        }
        return searches.pauseMs() > 0;
      });
    }
  }
}
