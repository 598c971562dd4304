package routes.services.productdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import endtoend.Backend;
import endtoend.Events;
import endtoend.LogCapture;
import endtoend.Peer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The product data service alone, between a broker and peers that play indexer and index. */
@Timeout(60)
class UpdateRoutesTest {

  @TempDir
  private Path folder;

  private Backend backend;
  private Peer indexer;
  private Peer acks;
  private Peer changes;

  @BeforeEach
  void startsTheProductDataService() {
    backend = new Backend(folder);
    backend.start("broker");
    backend.start("productData");
    indexer = Peer.publisher(backend.brokerPort(), "update");
    acks = Peer.subscriber(backend.brokerPort(), "ack");
    changes = Peer.subscriber(backend.brokerPort(), "index");
  }

  @AfterEach
  void stops() {
    List.of(indexer, acks, changes).forEach(Peer::close);
    backend.close();
  }

  /** Sends an update, and returns its acknowledgement. */
  private JsonNode send(ObjectNode update) {
    indexer.send(update.toString());
    JsonNode ack = Backend.parse(acks.next());
    assertThat(ack.at("/data/eventId")).isEqualTo(update.path("id"));
    return ack;
  }

  @Test
  void anUpdateIsStoredThenAcknowledgedAndAnnouncedWithTheWholeProduct() {
    send(Events.update("full", "*", 1_000, "{\"id\":1,\"name\":\"Lamp\",\"price\":9.90,\"description\":null}",
        "{\"id\":2,\"name\":\"Desk\"}"));
    JsonNode ack = send(Events.update("part", "price", 2_000, "{\"id\":1,\"price\":8.50}"));

    assertThat(ack.path("specversion").textValue()).isEqualTo("1.0");
    assertThat(ack.path("type").textValue()).isEqualTo("product.ack");
    assertThat(ack.at("/data")).isEqualTo(Backend.parse("{\"eventId\":\"part\",\"stored\":1,\"outdated\":0,\"rejected\":[]}"));
    JsonNode first = Backend.parse(changes.next());
    JsonNode second = Backend.parse(changes.next());
    String epoch = backend.json("/status").at("/products/epoch").textValue();
    assertThat(first.path("type").textValue()).isEqualTo("product.index");
    assertThat(first.at("/data/tags")).isEqualTo(Backend.parse("[\"*\"]"));
    assertThat(first.at("/data/epoch").textValue()).isEqualTo(epoch);
    assertThat(first.at("/data/changes")).isEqualTo(Backend.parse("""
        [{"sequence":1,"id":"1","product":{"id":1,"description":null,"name":"Lamp","price":9.90}},
         {"sequence":2,"id":"2","product":{"id":2,"name":"Desk"}}]"""));
    assertThat(second.at("/data")).isEqualTo(Backend.parse("""
        {"tags":["price"],"epoch":"%s","firstSequence":3,"lastSequence":3,"changes":[
          {"sequence":3,"id":"1","product":{"id":1,"description":null,"name":"Lamp","price":8.50}}]}""".formatted(epoch)));
    assertThat(backend.get("/products/1").headers().firstValue("ETag")).hasValue("\"3\"");
  }

  @Test
  void anUpdateThatComesAgainIsAcknowledgedAgainAndTakesNewNumbers() {
    ObjectNode update = Events.update("same", "*", 1_000, "{\"id\":\"a\",\"name\":\"Lamp\"}");
    send(update);
    JsonNode again = send(update);

    assertThat(again.at("/data/stored").intValue()).isEqualTo(1);
    assertThat(Backend.parse(changes.next()).at("/data/lastSequence").longValue()).isEqualTo(1);
    assertThat(Backend.parse(changes.next()).at("/data/lastSequence").longValue()).isEqualTo(2);
    assertThat(backend.json("/products/changes").path("changes")).hasSize(1);
  }

  @Test
  void anOlderReadIsOutdatedAndTheSequenceGoesOn() {
    send(Events.update("new", "*", 2_000, "{\"id\":1,\"price\":2}"));
    JsonNode ack = send(Events.update("old", "*", 1_000, "{\"id\":1,\"price\":1}"));

    assertThat(ack.at("/data/stored").intValue()).isZero();
    assertThat(ack.at("/data/outdated").intValue()).isEqualTo(1);
    assertThat(backend.json("/products/1").path("price").intValue()).isEqualTo(2);
    assertThat(backend.json("/status").at("/products/sequence").intValue()).isEqualTo(2);
  }

  @Test
  void aPartOfAnUnknownProductIsRejectedByIdAndTheOthersAreStored() {
    send(Events.update("full", "*", 1_000, "{\"id\":1,\"price\":1}"));
    JsonNode ack = send(Events.update("part", "price", 2_000, "{\"id\":\"SKU/9\",\"price\":9}", "{\"id\":1,\"price\":2}"));

    assertThat(ack.at("/data/stored").intValue()).isEqualTo(1);
    assertThat(ack.at("/data/rejected")).hasSize(1);
    assertThat(ack.at("/data/rejected/0/id").textValue()).isEqualTo("SKU/9");
    assertThat(ack.at("/data/rejected/0/reason").textValue()).contains("full index");
    assertThat(backend.get("/products/SKU%2F9").statusCode()).isEqualTo(404);
    assertThat(backend.json("/products/1").path("price").intValue()).isEqualTo(2);
  }

  @Test
  void aDeletedProductIsGoneAndALateReadDoesNotReviveIt() {
    send(Events.update("full", "*", 1_000, "{\"id\":1,\"name\":\"Lamp\"}"));
    send(Events.deletion("gone", 3_000, "1", "never-there"));
    JsonNode late = send(Events.update("late", "*", 2_000, "{\"id\":1,\"name\":\"Lamp\"}"));

    assertThat(late.at("/data/outdated").intValue()).isEqualTo(1);
    assertThat(backend.get("/products/1").statusCode()).isEqualTo(404);
    assertThat(backend.json("/status").at("/products/count").intValue()).isZero();
    changes.next();
    assertThat(Backend.parse(changes.next()).at("/data/changes/0"))
        .isEqualTo(Backend.parse("{\"sequence\":2,\"id\":\"1\",\"deleted\":true}"));
  }

  @Test
  void aFrameThatIsNoUpdateIsDroppedWithOneReasonAndTheNextGoodOneIsStored() {
    ObjectNode good = Events.update("bad", "*", 1_000, "{\"id\":1,\"name\":\"Lamp\"}");
    Map<String, String> badAndReason = new LinkedHashMap<>();
    badAndReason.put("not json", "not JSON");
    badAndReason.put(" ", "not JSON");
    badAndReason.put("[]", "must be a JSON object");
    badAndReason.put("null", "must be a JSON object");
    badAndReason.put("17", "must be a JSON object");
    badAndReason.put("{}", "id is missing");
    badAndReason.put(good + "{}", "not JSON");
    badAndReason.put(good.toString().substring(0, 80), "not JSON");
    badAndReason.put("[".repeat(100_000), "not JSON");
    badAndReason.put("{\"id\":" + "9".repeat(100_000) + "}", "not JSON");
    badAndReason.put(Events.with(good, "/type", "\"product.stock\""), "type must be product.update");
    badAndReason.put(Events.with(good, "/type", "\"product.ack\""), "type must be product.update");
    badAndReason.put(Events.with(good, "/type", null), "type is missing");
    badAndReason.put(Events.with(good, "/specversion", "\"0.3\""), "specversion must be 1.0");
    badAndReason.put(Events.with(good, "/id", "5"), "id must be a text");
    badAndReason.put(Events.with(good, "/id", "\"\""), "id must be a text");
    badAndReason.put(Events.with(good, "/source", null), "source is missing");
    badAndReason.put(Events.with(good, "/data", null), "data is missing");
    badAndReason.put(Events.with(good, "/data", "\"text\""), "data must be a JSON object");
    badAndReason.put(Events.with(good, "/data/queueId", "null"), "data.queueId must be a text");
    badAndReason.put(Events.with(good, "/data/tags", "\"*\""), "data.tags must be an array");
    badAndReason.put(Events.with(good, "/data/tags", "[]"), "data.tags must name");
    badAndReason.put(Events.with(good, "/data/tags", "[1]"), "data.tags must hold texts");
    badAndReason.put(Events.with(good, "/data/readAt", "\"now\""), "data.readAt must be a whole number");
    badAndReason.put(Events.with(good, "/data/readAt", "0"), "data.readAt must be a whole number");
    badAndReason.put(Events.with(good, "/data/readAt", "1.5"), "data.readAt must be a whole number");
    badAndReason.put(Events.with(good, "/data/readAt", "99999999999999999999"), "data.readAt must be a whole number");
    badAndReason.put(Events.with(good, "/data/products", "{}"), "data.products must be an array");
    badAndReason.put(Events.with(good, "/data/products/0", "7"), "data.products must hold objects");
    badAndReason.put(Events.with(good, "/data/products/0/id", null), "data.products[0].id is missing");
    badAndReason.put(Events.with(good, "/data/products/0/id", "true"), "data.products[0].id");
    badAndReason.put(Events.with(good, "/data/products/0/id", "\"\""), "data.products[0].id");
    badAndReason.put(Events.with(good, "/data/products/0/id", "\"" + "x".repeat(513) + "\""), "data.products[0].id");
    badAndReason.put(Events.with(good, "/data/deleted", null), "data.deleted is missing");
    badAndReason.put(Events.with(good, "/data/deleted", "[1]"), "data.deleted must hold texts");
    int number = 0;
    for (Map.Entry<String, String> each : badAndReason.entrySet()) {
      String shown = each.getKey().substring(0, Math.min(200, each.getKey().length()));
      try (LogCapture log = new LogCapture()) {
        indexer.send(each.getKey());
        send(Events.update("good " + ++number, "*", 1_000 + number, "{\"id\":1,\"name\":\"Lamp " + number + "\"}"));

        awaitComplaint(log);
        assertThat(log.complaints()).as(shown).singleElement().asString()
            .contains("product-data-read-updates dropped a frame: ", each.getValue()).hasSizeLessThan(400).doesNotContain("\n");
        assertThat(log.stackTraces()).as(shown).isEmpty();
      }
      assertThat(backend.json("/products/1").path("name").textValue()).isEqualTo("Lamp " + number);
    }
    assertThat(backend.json("/status").at("/products/sequence").intValue()).isEqualTo(number);
  }

  /** Large frames are read beside small ones: what is sent first may be done last. */
  private static void awaitComplaint(LogCapture log) {
    await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(10)).until(() -> !log.complaints().isEmpty());
  }

  @Test
  void aDeletedIdThatIsNoIdIsDroppedToo() {
    ObjectNode good = Events.deletion("bad", 1_000, "1");
    for (String id : List.of("\"\"", "\"" + "x".repeat(513) + "\"")) {
      try (LogCapture log = new LogCapture()) {
        indexer.send(Events.with(good, "/data/deleted/0", id));
        send(Events.update("good" + id.length(), "*", 1_000, "{\"id\":1}"));
        awaitComplaint(log);
        assertThat(log.complaints()).singleElement().asString().contains("data.deleted");
      }
    }
  }

  @Test
  void aPartialUpdateOfLargeProductsIsAnnouncedInEventsThatFitIntoAFrame() {
    String text = "é".repeat(50_000);
    for (int i = 0; i < 24; i++) {
      send(Events.update("full " + i, "*", 1_000, "{\"id\":" + i + ",\"text\":\"" + text + "\"}"));
      changes.next();
    }
    send(Events.update("part", "price", 2_000,
        IntStream.range(0, 24).mapToObj(i -> "{\"id\":" + i + ",\"price\":" + i + "}").toArray(String[]::new)));

    List<Long> sequences = new ArrayList<>();
    while (sequences.size() < 24) {
      String frame = changes.next();
      assertThat(frame.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(1 << 20);
      JsonNode data = Backend.parse(frame).path("data");
      assertThat(data.path("firstSequence").longValue()).isEqualTo(25 + sequences.size());
      data.path("changes").forEach(change -> sequences.add(change.path("sequence").longValue()));
      assertThat(data.path("lastSequence").longValue()).isEqualTo(24 + sequences.size());
    }
    assertThat(sequences).hasSize(24);
    JsonNode page = backend.json("/products/changes?since=0&limit=1000");
    assertThat(page.path("changes").size()).as("a page ends at 1 MiB").isBetween(1, 12);
    assertThat(page.path("more").booleanValue()).isTrue();
  }

  @Test
  void aProductThatFitsIntoNoEventIsRejectedByIdAndKeepsItsLastValue() {
    send(Events.update("full", "*", 1_000, "{\"id\":1,\"a\":\"" + "x".repeat(600_000) + "\"}"));
    JsonNode ack = send(Events.update("part", "b", 2_000, "{\"id\":1,\"b\":\"" + "x".repeat(600_000) + "\"}"));

    assertThat(ack.at("/data/rejected/0/id").textValue()).isEqualTo("1");
    assertThat(ack.at("/data/rejected/0/reason").textValue()).contains("bytes");
    assertThat(backend.json("/products/1").has("b")).isFalse();
  }

  @Test
  void anUpdateOfNothingIsAcknowledgedAndAnnouncesNothing() {
    JsonNode ack = send(Events.update("greeting", "*", 1));
    assertThat(ack.at("/data/stored").intValue()).isZero();
    send(Events.update("full", "*", 1_000, "{\"id\":1}"));
    assertThat(Backend.parse(changes.next()).at("/data/firstSequence").intValue()).isEqualTo(1);
  }
}
