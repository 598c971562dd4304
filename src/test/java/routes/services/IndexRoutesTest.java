package routes.services;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import endtoend.Backend;
import endtoend.Events;
import endtoend.LogCapture;
import endtoend.Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Index A and index B, each alone. They listen to another broker than the product data service sends to, so that the test
 * decides which events reach them, in which order and how often. Without a timer: they read the feed when they see a gap.
 */
@Timeout(60)
class IndexRoutesTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir
  private Path folder;

  private Backend backend;
  private Backend.Process productData;
  private Backend.Process service;
  private Peer indexer;
  private Peer acks;
  private Peer sent;
  private Peer relay;
  private int indexPort;
  private int indexBroker;
  private int updates;

  @BeforeEach
  void startsTheProductDataService() {
    backend = new Backend(folder);
    backend.start("broker");
    productData = backend.start("productData");
    indexer = Peer.publisher(backend.brokerPort(), "update");
    acks = Peer.subscriber(backend.brokerPort(), "ack");
    sent = Peer.subscriber(backend.brokerPort(), "index");
  }

  @AfterEach
  void stops() {
    List.of(indexer, acks, sent).forEach(Peer::close);
    if (relay != null) {
      relay.close();
    }
    backend.close();
  }

  private void start(String index, Object... keysAndValues) {
    int[] ports = Backend.freePorts(2);
    indexBroker = ports[0];
    indexPort = ports[1];
    backend.start("broker", "broker.port", indexBroker);
    List<Object> properties = new ArrayList<>(
        List.of("broker.port", indexBroker, "rest.port", indexPort, "catch-up.interval-ms", 3_600_000));
    properties.addAll(List.of(keysAndValues));
    service = backend.start(index.equals("index-a") ? "indexA" : "indexB", properties.toArray());
    relay = Peer.publisher(indexBroker, "index");
    // The first look at the feed, which is empty, gives it the epoch.
    await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> feedWasRead(index));
  }

  private boolean feedWasRead(String index) {
    return backend.json(indexPort, "/" + index + "/documents").path("documents").isEmpty();
  }

  /** Has a product stored, and returns the INDEX event that says so. */
  private String change(String tag, String product) {
    int number = ++updates;
    indexer.send(Events.update("update " + number, tag, 1_000 + number, product).toString());
    assertThat(acks.next()).contains("update " + number);
    return sent.next();
  }

  private String deletion(String id) {
    int number = ++updates;
    indexer.send(Events.deletion("update " + number, 1_000 + number, id).toString());
    assertThat(acks.next()).contains("update " + number);
    return sent.next();
  }

  private long checkpoint() {
    return backend.json(indexPort, "/status").at("/indexes/0/checkpoint").longValue();
  }

  private void awaitCheckpoint(long sequence) {
    await("checkpoint " + sequence).atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> checkpoint() == sequence);
  }

  private Map<String, JsonNode> documents(String index) {
    backend.awaitSearchers();
    return backend.documents(indexPort, index);
  }

  private Map<String, Long> versions(String index) {
    Map<String, Long> versions = new LinkedHashMap<>();
    documents(index).forEach((id, document) -> versions.put(id, document.path("version").longValue()));
    return versions;
  }

  @ParameterizedTest
  @ValueSource(strings = {"index-a", "index-b"})
  void eventsThatAreLostRepeatedAndReorderedEndInTheSameDocuments(String index) {
    start(index);
    String first = change("*", "{\"id\":1,\"name\":\"one\",\"price\":1,\"description\":\"d\"}");
    String second = change("*", "{\"id\":2,\"name\":\"two\",\"price\":2,\"description\":\"d\"}");
    String third = change("*", "{\"id\":1,\"name\":\"one again\",\"price\":3,\"description\":\"d\"}");

    relay.send(third);
    awaitCheckpoint(3);
    assertThat(versions(index)).isEqualTo(Map.of("1", 3L, "2", 2L));

    List.of(first, second, second, third, first).forEach(relay::send);
    relay.send(change("*", "{\"id\":3,\"name\":\"three\"}"));
    awaitCheckpoint(4);
    assertThat(versions(index)).isEqualTo(Map.of("1", 3L, "2", 2L, "3", 4L));
    assertThat(backend.documents(indexPort, index).get("1").path("name").textValue()).isEqualTo("one again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"index-a", "index-b"})
  void anEventOfAnotherGroupMovesTheCheckpointAndNothingElse(String index) {
    start(index);
    String other = index.equals("index-a") ? "price" : "description";
    relay.send(change("*", "{\"id\":1,\"name\":\"one\",\"price\":1,\"description\":\"d\"}"));
    awaitCheckpoint(1);
    Map<String, JsonNode> before = documents(index);

    relay.send(change(other, "{\"id\":1,\"" + other + "\":5,\"name\":\"changed beside\"}"));
    relay.send(change("stock", "{\"id\":1,\"stock\":5}"));

    awaitCheckpoint(3);
    assertThat(documents(index)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"index-a", "index-b"})
  void aDeletedProductIsNotRevivedByALateEvent(String index) {
    start(index);
    String first = change("*", "{\"id\":1,\"name\":\"one\"}");
    relay.send(first);
    awaitCheckpoint(1);

    relay.send(deletion("1"));
    relay.send(first);
    relay.send(change("*", "{\"id\":2,\"name\":\"two\"}"));

    awaitCheckpoint(3);
    assertThat(versions(index)).isEqualTo(Map.of("2", 3L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"index-a", "index-b"})
  void aFrameThatIsNoIndexEventIsDroppedWithOneReasonAndTheNextGoodOneIsStored(String index) {
    start(index);
    ObjectNode good = (ObjectNode) Backend.parse(change("*", "{\"id\":1,\"name\":\"one\"}"));
    relay.send(good.toString());
    awaitCheckpoint(1);
    Map<String, String> badAndReason = new LinkedHashMap<>();
    badAndReason.put("{", "not JSON");
    badAndReason.put("\"text\"", "must be a JSON object");
    badAndReason.put(Events.with(good, "/type", "\"product.update\""), "type must be product.index");
    badAndReason.put(Events.with(good, "/data/epoch", null), "data.epoch is missing");
    badAndReason.put(Events.with(good, "/data/epoch", "7"), "data.epoch must be a text");
    badAndReason.put(Events.with(good, "/data/firstSequence", "0"), "data.firstSequence must be a whole number of at least 1");
    badAndReason.put(Events.with(good, "/data/firstSequence", "2"), "data.lastSequence must be a whole number of at least 2");
    badAndReason.put(Events.with(good, "/data/lastSequence", "2"), "data.changes must number");
    badAndReason.put(Events.with(good, "/data/changes", "{}"), "data.changes must be an array");
    badAndReason.put(Events.with(good, "/data/changes/0", "null"), "data.changes[0] must be a JSON object");
    badAndReason.put(Events.with(good, "/data/changes/0/sequence", "2"), "data.changes must number");
    badAndReason.put(Events.with(good, "/data/changes/0/id", "true"), "data.changes[0].id");
    badAndReason.put(Events.with(good, "/data/changes/0/product", null), "data.changes[0].product must be an object");
    badAndReason.put(Events.with(good, "/data/changes/0/product", "[]"), "data.changes[0].product must be an object");
    badAndReason.put(Events.with(good, "/data/tags", "\"*\""), "data.tags must be an array");
    long sequence = 1;
    for (Map.Entry<String, String> each : badAndReason.entrySet()) {
      try (LogCapture log = new LogCapture()) {
        relay.send(each.getKey());
        relay.send(change("*", "{\"id\":1,\"name\":\"one\"}"));
        awaitCheckpoint(++sequence);

        assertThat(log.complaints()).as(each.getKey()).singleElement().asString()
            .startsWith(index).contains("dropped a frame: ", each.getValue()).doesNotContain("\n", "Exchange", "Exception");
        assertThat(log.stackTraces()).isEmpty();
      }
    }
    assertThat(versions(index)).isEqualTo(Map.of("1", sequence));
  }

  @ParameterizedTest
  @ValueSource(strings = {"index-a", "index-b"})
  void aFeedThatIsAwayIsSaidOnceAndReadWhenItIsBack(String index) {
    start(index, "catch-up.interval-ms", 50, "catch-up.page-size", 2);
    try (LogCapture log = new LogCapture()) {
      productData.stop();
      await().atMost(SOON).pollInterval(Duration.ofMillis(20))
          .until(() -> log.complaints().stream().anyMatch(line -> line.startsWith(index + " can't read the change feed")));
      productData = backend.start("productData");
      for (int i = 1; i <= 5; i++) {
        change("*", "{\"id\":" + i + ",\"name\":\"one\"}");
      }

      awaitCheckpoint(5);
      assertThat(versions(index)).hasSize(5);
      assertThat(log.complaints()).filteredOn(line -> line.startsWith(index)).hasSize(1);
      assertThat(log.stackTraces()).isEmpty();
    }
  }

  @Test
  void anIndexThatAcceptsAGroupMoreIsBuiltAnewWithWhatItMissed() {
    start("index-b", "index-b.facets", "stock");
    relay.send(change("*", "{\"id\":1,\"name\":\"one\"}"));
    awaitCheckpoint(1);
    relay.send(change("stock", "{\"id\":1,\"stock\":5}"));
    awaitCheckpoint(2);
    assertThat(documents("index-b").get("1").has("stock")).isFalse();

    service.stop();
    backend.start("indexB", "broker.port", indexBroker, "rest.port", indexPort, "index-b.facets", "stock",
        "index-b.tags", "stock, price,name,*");
    await().atMost(SOON).pollInterval(Duration.ofMillis(20))
        .until(() -> backend.documents(indexPort, "index-b").get("1").path("stock").intValue() == 5);
    assertThat(backend.json(indexPort, "/status").at("/indexes/0/generation").intValue()).isEqualTo(2);
  }

  /** A feed without end, of which two read: the index, and a new generation of it. */
  @Test
  void stopsInTheMidstOfTheFeed() throws IOException {
    AtomicInteger beginnings = new AtomicInteger();
    HttpServer feed = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    feed.createContext("/products/changes", request -> {
      long since = Long.parseLong(request.getRequestURI().getQuery().replaceAll("since=(\\d+).*", "$1"));
      beginnings.addAndGet(since == 0 ? 1 : 0);
      byte[] page = "{\"epoch\":\"e\",\"changes\":[],\"lastSequence\":%d,\"more\":true}".formatted(since + 1).getBytes(UTF_8);
      request.sendResponseHeaders(200, page.length);
      request.getResponseBody().write(page);
      request.close();
    });
    feed.start();
    try (LogCapture log = new LogCapture()) {
      int port = Backend.freePorts(1)[0];
      service = backend.start("indexA", "rest.port", port, "product-data.url", "http://127.0.0.1:" + feed.getAddress().getPort());
      HttpRequest rebuild = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/index-a/rebuild"))
          .POST(HttpRequest.BodyPublishers.noBody()).build();
      assertThat(backend.send(rebuild).statusCode()).isEqualTo(202);
      await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> beginnings.get() == 2);
      service.stop();
      assertThat(log.complaints()).as("it waited for nothing").isEmpty();
    } finally {
      feed.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"index-a", "index-b"})
  void attributesOfUnexpectedTypesAreKeptAndHarmNothing(String index) {
    start(index);
    relay.send(change("*", "{\"id\":1,\"name\":{\"de\":\"eins\"},\"price\":\"12.50\",\"description\":[1,2]}"));
    relay.send(change("*", "{\"id\":2,\"name\":17,\"price\":true,\"description\":17}"));
    relay.send(change("*", "{\"id\":3,\"price\":1E+400,\"name\":\"%s\",\"description\":\"%s\"}"
        .formatted("word ".repeat(20_000), "x".repeat(40_000))));
    relay.send(change("*", "{\"id\":4,\"name\":\"\",\"price\":-0.000000000000000000000001}"));
    awaitCheckpoint(4);

    Map<String, JsonNode> documents = documents(index);
    assertThat(documents.keySet()).containsExactly("1", "2", "3", "4");
    documents.forEach((id, document) -> {
      JsonNode product = backend.json("/products/" + id);
      for (String field : List.of("name", index.equals("index-a") ? "description" : "price")) {
        if (product.has(field)) {
          assertThat(document.get(field)).as("%s of %s", field, id).isEqualTo(product.get(field));
        }
      }
    });
    assertThat(backend.json(indexPort, "/" + index + "/search?q=17").path("total").intValue()).isEqualTo(1);
    if (index.equals("index-b")) {
      assertThat(backend.json(indexPort, "/index-b/search?sort=-price").at("/hits/0/id").textValue()).isEqualTo("3");
    }
  }
}
