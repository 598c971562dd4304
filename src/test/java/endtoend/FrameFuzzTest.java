package endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * 10,000 frames that no one should send, at every path of the broker, while full indexes run: no process dies, nothing wrong is
 * stored, and the runs complete. {@code -Dfuzz.seed=…} repeats one.
 *
 * <p>A mutant of a real event may still be a valid event, which the backend has to believe. So that what is right stays known, real
 * events are made harmless before they are mutated: an UPDATE is about products named {@code fuzz-…} that were read in 1970, an ACK
 * is for an event of that name, an INDEX is of another epoch. No mutation here turns one of these back: byte by byte it changes at
 * most three characters, and the values that it puts in place of others are no ids of the catalogue.
 */
@Timeout(180)
class FrameFuzzTest {

  private static final int FRAMES = 10_000;
  private static final int PRODUCTS = 3_000;
  private static final int HEAP_MB = 192;
  private static final int HUGE_ONE_IN = 400;
  private static final String ALL_PRODUCTS = """
      select p.id, p.name, p.brand, p.colour, d.text as description, c.amount as price, c.currency
      from sample.product p
      left join sample.description d on d.product_id = p.id
      left join sample.price c on c.product_id = p.id""";
  private static final List<String> TOPICS = List.of("update", "ack", "index");

  @TempDir
  private Path folder;

  private final long seed = Long.getLong("fuzz.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<String, Peer> sockets = new HashMap<>();
  private final Map<String, List<ObjectNode>> real = new HashMap<>();
  private final Set<String> wellFormedIds = new HashSet<>();
  private int number;
  private Backend backend;
  private JavaProcess broker;
  private JavaProcess services;

  @BeforeEach
  void startsBrokerAndServices() {
    backend = new Backend(folder.resolve("kv")).with("sample.products", PRODUCTS).with("ack.timeout-ms", 1_000)
        .with("queue.chunk-size", 50).with("publish.window", 4)
        // A full index deletes what is not in the database, and there may be more of these than products.
        .with("delete.max-percent", 100);
    broker = JavaProcess.start(folder.resolve("logs"), backend, "broker", HEAP_MB).awaitOutput("Listening on ");
    services = JavaProcess.start(folder.resolve("logs"), backend, "services", HEAP_MB).awaitOutput("Listening on ");
  }

  @AfterEach
  void stops() {
    sockets.values().forEach(Peer::close);
    broker.close();
    services.close();
    backend.close();
  }

  @Test
  void framesThatNobodyShouldSendDoNoHarm() throws Exception {
    System.out.println("fuzz.seed=" + seed);
    Map<String, Peer> listening = new TreeMap<>();
    TOPICS.forEach(topic -> listening.put(topic, Peer.subscriber(backend.brokerPort(), topic)));
    JavaProcess indexer = startFullIndex().awaitOutput("products in the queue");
    for (String topic : TOPICS) {
      real.put(topic, listening.get(topic).next(3).stream().map(frame -> (ObjectNode) Backend.parse(frame)).toList());
      listening.get(topic).close();
    }

    int runs = 1;
    for (int i = 0; i < FRAMES; i++) {
      if (!indexer.alive()) {
        completed(indexer);
        indexer = startFullIndex();
        runs++;
      }
      fuzz(TOPICS.get(random.nextInt(TOPICS.size())), random.nextInt(4) == 0 ? "/subscribe/" : "/publish/");
    }
    completed(indexer);

    System.out.println(runs + " runs");
    everythingIsRight();
  }

  private JavaProcess startFullIndex() {
    return JavaProcess.start(folder.resolve("logs"), backend, "fullIndex", HEAP_MB);
  }

  private void completed(JavaProcess indexer) throws InterruptedException {
    assertThat(indexer.awaitEnd()).as("seed %d: %s", seed, indexer.output()).isZero();
    unharmed("indexer", indexer.output());
    indexer.close();
  }

  private void unharmed(String name, String output) {
    assertThat(output.lines().filter(line -> line.contains("\tat ") || line.contains(" ERROR ") || line.contains("OutOfMemory")))
        .as("seed %d: what the %s complains of", seed, name).isEmpty();
  }

  private void everythingIsRight() throws Exception {
    assertThat(broker.alive()).as("seed %d: broker: %s", seed, broker.output()).isTrue();
    assertThat(services.alive()).as("seed %d: services: %s", seed, services.output()).isTrue();
    unharmed("broker", broker.output());
    unharmed("services", services.output());
    backend.awaitIndexes();
    Map<String, JsonNode> products = backend.products();
    Map<String, JsonNode> inA = backend.documents("index-a");
    Map<String, JsonNode> inB = backend.documents("index-b");
    try (Source source = new Source("jdbc:h2:file:" + folder.resolve("kv/source/shop") + ";AUTO_SERVER=TRUE")) {
      source.rows(ALL_PRODUCTS).forEach((id, row) ->
          assertThat(products.get(id)).as("seed %d: product %s", seed, id).isEqualTo(row));
    }
    Set<String> others = new HashSet<>(products.keySet());
    IntStream.rangeClosed(1, PRODUCTS).mapToObj(Integer::toString).forEach(others::remove);
    assertThat(wellFormedIds).as("seed %d: ids of products that nobody sent", seed).containsAll(others);
    assertThat(idsInFeed()).as("seed %d: products of valid mutants", seed).anyMatch(id -> id.startsWith("fuzz-"));
    assertThat(inA.keySet()).as("seed %d: index A", seed).isEqualTo(products.keySet());
    assertThat(inB.keySet()).as("seed %d: index B", seed).isEqualTo(products.keySet());
    products.forEach((id, product) -> {
      assertThat(inA.get(id).path("name")).as("seed %d: name of %s", seed, id).isEqualTo(value(product, "name"));
      assertThat(inA.get(id).path("description")).as("seed %d: description of %s", seed, id).isEqualTo(value(product, "description"));
      assertThat(inB.get(id).path("price")).as("seed %d: price of %s", seed, id).isEqualTo(value(product, "price"));
    });
  }

  /** What an index should have: what a valid mutant left out is null there. */
  private static JsonNode value(JsonNode product, String attribute) {
    return product.path(attribute).isMissingNode() ? NullNode.getInstance() : product.path(attribute);
  }

  /** All that there ever was, deleted or not. */
  private Set<String> idsInFeed() {
    Set<String> ids = new HashSet<>();
    JsonNode page;
    long since = 0;
    do {
      page = backend.json("/products/changes?limit=10000&since=" + since);
      page.path("changes").forEach(change -> ids.add(change.path("id").textValue()));
      since = page.path("lastSequence").longValue();
    } while (page.path("more").booleanValue());
    return ids;
  }

  // Frames

  private void fuzz(String topic, String verb) {
    int kind = random.nextInt(10);
    if (random.nextInt(HUGE_ONE_IN) == 0) {
      send(verb + topic, "x".repeat((1 << 20) + random.nextInt(2 << 20)));
    } else if (kind == 0) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      attempt(verb + topic, peer -> peer.socket().sendBinary(ByteBuffer.wrap(bytes), true).orTimeout(20, TimeUnit.SECONDS).join());
    } else if (kind <= 2) {
      send(verb + topic, nonsense());
    } else {
      ObjectNode harmless = harmless(topic);
      String frame = switch (kind) {
        case 3, 4 -> cut(harmless.toString());
        case 5, 6 -> edited(harmless.toString());
        case 7, 8 -> mutated(harmless).toString();
        default -> harmless.toString();
      };
      noteIds(frame);
      send(verb + topic, frame);
    }
  }

  private interface Sending {
    void by(Peer peer);
  }

  private void send(String path, String frame) {
    attempt(path, peer -> peer.send(frame));
  }

  /** Sends on a socket that is opened again when the broker has ended it, as it does after a frame that is too large. */
  private void attempt(String path, Sending sending) {
    Peer peer = sockets.computeIfAbsent(path, any -> Peer.at(backend.brokerPort(), path));
    try {
      sending.by(peer);
    } catch (CompletionException e) {
      sockets.remove(path).close();
      assertThat(broker.alive()).as("seed %d: broker: %s", seed, broker.output()).isTrue();
    }
  }

  private String nonsense() {
    return switch (random.nextInt(7)) {
      case 0 -> "";
      case 1 -> "[".repeat(1 + random.nextInt(50_000));
      case 2 -> "{\"data\":".repeat(1 + random.nextInt(10_000));
      case 3 -> "null";
      case 4 -> "\"" + "\\ud800".repeat(random.nextInt(100)) + "\"";
      case 5 -> "{\"specversion\":\"1.0\",\"id\":\"x\",\"source\":\"/x\",\"type\":\"product.update\",\"data\":" + "9".repeat(5_000) + "}";
      default -> random.ints(random.nextInt(200), 1, 0xD7FF).collect(
          StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    };
  }

  private ObjectNode harmless(String topic) {
    ObjectNode event = real.get(topic).get(random.nextInt(real.get(topic).size())).deepCopy();
    ObjectNode data = (ObjectNode) event.get("data");
    event.put("id", "fuzz-" + ++number);
    switch (topic) {
      case "update" -> {
        data.put("readAt", 1 + random.nextInt(1_000));
        ((ArrayNode) data.get("deleted")).add("fuzz-" + random.nextInt(FRAMES));
        // A few will do.
        while (data.get("products").size() > 3) {
          ((ArrayNode) data.get("products")).remove(0);
        }
        data.get("products").forEach(product -> ((ObjectNode) product).put("id", "fuzz-" + random.nextInt(FRAMES)));
      }
      case "ack" -> data.put("eventId", "fuzz-" + number);
      default -> {
        data.put("epoch", "fuzz-" + number);
        data.get("changes").forEach(change -> {
          ((ObjectNode) change).put("id", "fuzz-" + number);
          ((ObjectNode) change.path("product")).put("id", "fuzz-" + number);
        });
      }
    }
    return event;
  }

  private String cut(String frame) {
    return frame.substring(0, random.nextInt(frame.length()));
  }

  private String edited(String frame) {
    StringBuilder edited = new StringBuilder(frame);
    for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
      int at = random.nextInt(edited.length());
      switch (random.nextInt(3)) {
        case 0 -> edited.deleteCharAt(at);
        case 1 -> edited.insert(at, (char) (' ' + random.nextInt(95)));
        default -> edited.setCharAt(at, (char) random.nextInt(0xD800));
      }
    }
    return edited.toString();
  }

  private static final List<String> VALUES = List.of(
      "null", "true", "\"\"", "[]", "{}", "-1", "0", "-0.0", "1e400", "1e-400", "1E999999999", "-1E-999999999",
      "9223372036854775807", "9223372036854775808", "\"\\u0000\"", "\"\\ud800\"", "[[[[]]]]", "{\"id\":{}}", "\"*\"", "[\"*\",null]",
      "\"" + "x".repeat(600) + "\"");

  /** Replaces, removes or adds a value anywhere. */
  private JsonNode mutated(ObjectNode event) {
    List<JsonNode> containers = new ArrayList<>();
    collect(event, containers);
    JsonNode parent = containers.get(random.nextInt(containers.size()));
    JsonNode value = Backend.parse(VALUES.get(random.nextInt(VALUES.size())));
    if (parent instanceof ArrayNode array) {
      if (array.isEmpty() || random.nextInt(3) == 0) {
        array.add(value);
      } else if (random.nextBoolean()) {
        array.set(random.nextInt(array.size()), value);
      } else {
        array.remove(random.nextInt(array.size()));
      }
    } else {
      ObjectNode object = (ObjectNode) parent;
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      if (names.isEmpty() || random.nextInt(4) == 0) {
        object.set("more", value);
      } else if (random.nextBoolean()) {
        object.set(names.get(random.nextInt(names.size())), value);
      } else {
        object.remove(names.get(random.nextInt(names.size())));
      }
    }
    return event;
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }

  /** Whose products may be there afterwards: those of frames that are JSON. */
  private void noteIds(String frame) {
    try {
      Backend.JSON.readTree(frame).at("/data/products").forEach(product -> wellFormedIds.add(product.path("id").asText()));
    } catch (IOException e) {
      // Not even that.
    }
  }
}
