package interfaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import event.EventCodec;
import event.InvalidEventException;
import event.Topic;
import interfaces.Backend.RunningRoute;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.jackson.JsonFormat;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.ToDefinition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import product.Json;

/** asyncapi.yaml and its schemas say what travels through the broker. */
class AsyncApiTest {

  private static final Path FILE = Path.of("asyncapi.yaml");
  private static final JsonNode DOCUMENT = Schemas.read(FILE);
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String SUBSCRIBE = "/subscribe/";
  private static final String PUBLISH = "/publish/";

  private static Backend backend;
  private static final Map<String, Channel> SUBSCRIBED = new TreeMap<>();

  /** Listens to all topics while a full index and a price index run. */
  @BeforeAll
  static void start(@TempDir Path kv) throws Exception {
    backend = Backend.start(kv);
    for (String address : addresses(SUBSCRIBE)) {
      SUBSCRIBED.put(topic(address), Channel.open(backend.channel(address)));
    }
    assertThat(backend.index("fullIndex")).isZero();
    assertThat(backend.index("priceIndex")).isZero();
    await().atMost(SOON).until(() -> {
      Set<JsonNode> acknowledged = frames(Topic.ACK).stream().map(ack -> ack.at("/data/eventId")).collect(Collectors.toSet());
      return frames(Topic.UPDATE).stream().allMatch(update -> acknowledged.contains(update.get("id")))
          && frames(Topic.INDEX).stream().anyMatch(event -> event.at("/data/lastSequence").intValue() >= 2 * Backend.PRODUCTS);
    });
  }

  @AfterAll
  static void stop() {
    SUBSCRIBED.values().forEach(Channel::close);
    if (backend != null) {
      backend.close();
    }
  }

  private static List<JsonNode> frames(String topic) {
    return SUBSCRIBED.get(topic).frames();
  }

  @Test
  void describesExactlyTheChannelsOfTheBroker() throws Exception {
    assertThat(addresses(SUBSCRIBE)).containsExactlyElementsOf(Topic.ALL.stream().map(SUBSCRIBE::concat).sorted().toList());
    assertThat(addresses(PUBLISH)).containsExactlyElementsOf(Topic.ALL.stream().map(PUBLISH::concat).sorted().toList());
    List<JsonNode> channels = channelsOf("broker");
    assertThat(channels).hasSize(2 * Topic.ALL.size());
    assertThat(DOCUMENT.get("channels")).hasSize(channels.size() + channelsOf("services").size());

    for (JsonNode channel : channels) {
      Channel.open(backend.channel(channel.get("address").textValue())).close();
    }
    assertThatThrownBy(() -> Channel.open(backend.channel(SUBSCRIBE + "other")))
        .hasCauseInstanceOf(WebSocketHandshakeException.class)
        .satisfies(e -> assertThat(((WebSocketHandshakeException) e.getCause()).getResponse().statusCode()).isEqualTo(404));
  }

  private static List<JsonNode> channelsOf(String server) {
    return StreamSupport.stream(DOCUMENT.get("channels").spliterator(), false)
        .filter(channel -> channel.at("/servers/0/$ref").textValue().equals("#/servers/" + server)).toList();
  }

  /** What whoever watches is told, while nothing runs. */
  @Test
  void describesWhatTheServicesTellLive() throws Exception {
    JsonNode channel = channelsOf("services").get(0);
    assertThat(channelsOf("services")).hasSize(1);
    assertThat(channel.get("address").textValue()).isEqualTo(backend.live().getPath());
    assertThat(backend.routes()).anyMatch(route -> route.id().equals("services-push-live"));
    try (Channel live = Channel.open(backend.live())) {
      await().atMost(SOON).until(() -> live.frames().size() >= 2);
      JsonNode openApi = Schemas.read(Path.of("src/main/resources/openapi.json"));
      JsonSchema status = Schemas.ofOpenApi(openApi, openApi.at("/components/schemas/Status"));
      assertThat(live.frames()).allSatisfy(frame -> {
        assertThat(errors("live", frame)).isEmpty();
        assertThat(Schemas.errors(status, frame.get("status"))).isEmpty();
        assertThat(frame.at("/events/recent")).isNotEmpty();
      });
      assertThat(examples("live")).isNotEmpty().allSatisfy((name, example) -> {
        assertThat(errors("live", example)).as(name).isEmpty();
        assertThat(Schemas.errors(status, example.get("status"))).as(name).isEmpty();
      });
    }
  }

  /** Frames are CloudEvents to others' programs too: the official SDK reads each, and what it writes, our services read. */
  @ParameterizedTest
  @MethodSource("topics")
  void theCloudEventsSdkReadsRealFramesAndItsOwnAreRead(String topic) {
    JsonFormat sdk = new JsonFormat();
    List<String> texts = SUBSCRIBED.get(topic).texts();
    assertThat(texts).isNotEmpty().allSatisfy(text -> {
      CloudEvent event = sdk.deserialize(text.getBytes(StandardCharsets.UTF_8));
      JsonNode frame = Json.parse(text);
      assertThat(event.getSpecVersion()).isEqualTo(SpecVersion.V1);
      assertThat(event.getId()).isEqualTo(frame.get("id").textValue());
      assertThat(event.getType()).isEqualTo("product." + topic).isEqualTo(frame.get("type").textValue());
      assertThat(event.getSource()).isEqualTo(URI.create(frame.get("source").textValue()));
      assertThat(event.getTime()).isEqualTo(OffsetDateTime.parse(frame.get("time").textValue()));
      assertThat(event.getDataContentType()).isEqualTo("application/json");
      assertThat(event.getExtensionNames()).isEmpty();
      assertThat(Json.parse(new String(event.getData().toBytes(), StandardCharsets.UTF_8))).isEqualTo(frame.get("data"));

      JsonNode written = Json.parse(new String(sdk.serialize(event), StandardCharsets.UTF_8));
      assertThat(errors(topic, written)).isEmpty();
      decode(topic, written);
      assertThat(written.get("data")).as("with all digits").isEqualTo(frame.get("data"));
    });
  }

  /** Operations are named as the routes that do them. */
  @Test
  void describesExactlyTheOperationsOfTheRoutes() {
    Set<String> described = new TreeSet<>();
    DOCUMENT.get("operations").properties().forEach(operation -> {
      JsonNode value = operation.getValue();
      if (channelsOf("services").contains(Schemas.resolved(DOCUMENT, value.get("channel")))) {
        return;
      }
      boolean receives = value.get("action").textValue().equals("receive");
      described.add(receives ? operation.getKey() + " " + address(value) : "any " + address(value));
      if (receives && value.has("reply")) {
        described.add("any " + address(value.get("reply")));
      }
      if (!receives) {
        assertThat(backend.routes()).as(operation.getKey())
            .anyMatch(route -> route.id().equals(operation.getKey()) && published(route).contains(address(value)));
      }
    });

    Set<String> done = new TreeSet<>();
    for (RunningRoute route : backend.routes()) {
      if (route.from().contains("consumeAsClient=true")) {
        done.add(route.id() + " " + route.from().substring(route.from().indexOf(SUBSCRIBE), route.from().indexOf('?')));
      }
      published(route).forEach(address -> done.add("any " + address));
    }
    assertThat(described).isEqualTo(done);
  }

  private static List<String> published(RunningRoute route) {
    return ProcessorDefinitionHelper.filterTypeInOutputs(route.definition().getOutputs(), ToDefinition.class).stream()
        .map(ToDefinition::getEndpointUri)
        .filter(uri -> uri.startsWith("direct:publish-"))
        .map(uri -> PUBLISH + uri.substring("direct:publish-".length()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("topics")
  void describesRealFrames(String topic) {
    assertThat(frames(topic)).hasSizeGreaterThanOrEqualTo(4)
        .allSatisfy(frame -> assertThat(errors(topic, frame)).isEmpty());
  }

  @Test
  void hasSeenFullAndPartialData() {
    assertThat(tags(Topic.UPDATE)).containsExactly("*", "price");
    assertThat(tags(Topic.INDEX)).containsExactly("*", "price");
    assertThat(frames(Topic.INDEX)).allSatisfy(event ->
        assertThat(event.at("/data/changes/0/product").has("description")).as("all data of the product").isTrue());
  }

  private static Set<String> tags(String topic) {
    return frames(topic).stream()
        .map(frame -> frame.at("/data/tags/0").textValue())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @MethodSource("topics")
  void hasExamplesThatFitTheirSchemas(String topic) {
    assertThat(examples(topic)).hasSizeGreaterThanOrEqualTo(2).allSatisfy((name, event) -> {
      assertThat(errors(topic, event)).as(name).isEmpty();
      decode(topic, event);
    });
  }

  /** The examples are one story: each update, sent as it stands, has the effects that the other examples show. */
  @Test
  void hasExamplesOfWhatHappens() throws Exception {
    try (Channel publish = Channel.open(backend.channel(PUBLISH + Topic.UPDATE))) {
      assertThat(ackOf("greeting", publish)).isEqualTo(counts(0));

      assertThat(ackOf("full", publish)).isEqualTo(counts(1));
      assertThat(changeOf("full").get("product")).isEqualTo(examples(Topic.INDEX).get("product").at("/data/changes/0/product"));
      awaitDocuments(Backend.PRODUCTS + 1);

      assertThat(ackOf("partial", publish)).isEqualTo(withoutId(examples(Topic.ACK).get("rejected").get("data")));

      assertThat(ackOf("deletion", publish)).isEqualTo(counts(1));
      JsonNode tombstone = examples(Topic.INDEX).get("deletion").at("/data/changes/0");
      assertThat(changeOf("deletion").get("deleted")).isEqualTo(tombstone.get("deleted"));
      awaitDocuments(Backend.PRODUCTS);
    }
  }

  private static JsonNode ackOf(String example, Channel publish) throws Exception {
    JsonNode update = examples(Topic.UPDATE).get(example);
    publish.send(update);
    return withoutId(await(example).atMost(SOON).until(
        () -> frames(Topic.ACK).stream().filter(ack -> ack.at("/data/eventId").equals(update.get("id"))).findAny(),
        found -> found.isPresent()).orElseThrow().get("data"));
  }

  private static JsonNode withoutId(JsonNode ack) {
    return ((ObjectNode) ack.deepCopy()).without("eventId");
  }

  private static JsonNode counts(int stored) {
    return Json.parse("{\"stored\":" + stored + ",\"outdated\":0,\"rejected\":[]}");
  }

  /** The change that the update of that name caused: it is about the same product. */
  private static JsonNode changeOf(String example) {
    JsonNode data = examples(Topic.UPDATE).get(example).get("data");
    String id = (data.get("deleted").isEmpty() ? data.at("/products/0/id") : data.at("/deleted/0")).asText();
    boolean deleted = !data.get("deleted").isEmpty();
    return await(example).atMost(SOON).until(
        () -> frames(Topic.INDEX).stream().map(event -> event.at("/data/changes/0"))
            .filter(change -> change.get("id").textValue().equals(id) && change.has("deleted") == deleted).findAny(),
        found -> found.isPresent()).orElseThrow();
  }

  private static void awaitDocuments(int expected) {
    await().atMost(SOON).untilAsserted(() -> {
      for (JsonNode index : Json.parse(backend.get("/status").body()).get("indexes")) {
        assertThat(index.get("documents").intValue()).as("documents of %s", index.get("name")).isEqualTo(expected);
      }
    });
  }

  /**
   * What a schema allows is taken, and what it requires is required. On the way in, where anybody may publish, what it forbids
   * is refused as well.
   */
  @ParameterizedTest
  @MethodSource("topics")
  void isAsStrictAsTheServices(String topic) {
    int allowed = 0;
    int forbidden = 0;
    for (JsonNode event : examples(topic).values()) {
      for (Map.Entry<String, JsonNode> mutant : mutants(event).entrySet()) {
        List<String> errors = errors(topic, mutant.getValue());
        boolean taken = taken(topic, mutant.getValue());
        if (errors.isEmpty()) {
          assertThat(taken).as("%s is allowed", mutant.getKey()).isTrue();
          allowed++;
        } else if (topic.equals(Topic.UPDATE) && !mutant.getKey().matches("/(time|datacontenttype|source)=.*")
            || mutant.getKey().matches("/[a-z]+|/data/[A-Za-z]+")) {
          assertThat(taken).as("%s is forbidden: %s", mutant.getKey(), errors).isFalse();
          forbidden++;
        }
      }
    }
    assertThat(allowed).isPositive();
    assertThat(forbidden).isGreaterThanOrEqualTo(8);
  }

  private static boolean taken(String topic, JsonNode event) {
    try {
      decode(topic, event);
      return true;
    } catch (InvalidEventException e) {
      return false;
    }
  }

  private static void decode(String topic, JsonNode event) {
    Map<String, Consumer<String>> decoders =
        Map.of(Topic.UPDATE, EventCodec::decodeUpdate, Topic.ACK, EventCodec::decodeAck, Topic.INDEX, EventCodec::decodeIndex);
    decoders.get(topic).accept(Json.write(event));
  }

  /** The same event with one value left out, or replaced by one of another type; by where and what. */
  private static Map<String, JsonNode> mutants(JsonNode event) {
    JsonNodeFactory json = Json.MAPPER.getNodeFactory();
    List<JsonNode> replacements = List.of(json.nullNode(), json.textNode(""), json.numberNode(-1), json.numberNode(0.5),
        json.booleanNode(true), json.arrayNode(), json.objectNode(), json.textNode("x".repeat(513)));
    Map<String, JsonNode> mutants = new TreeMap<>();
    for (String pointer : pointers("", event)) {
      String parent = pointer.substring(0, pointer.lastIndexOf('/'));
      String field = pointer.substring(pointer.lastIndexOf('/') + 1);
      JsonNode without = event.deepCopy();
      if (without.at(parent) instanceof ObjectNode object) {
        object.remove(field);
        mutants.put(pointer, without);
      }
      for (JsonNode replacement : replacements) {
        JsonNode mutant = event.deepCopy();
        if (mutant.at(parent) instanceof ObjectNode object) {
          object.set(field, replacement);
        } else if (mutant.at(parent) instanceof ArrayNode array) {
          array.set(Integer.parseInt(field), replacement);
        }
        mutants.put(pointer + "=" + replacement, mutant);
      }
    }
    return mutants;
  }

  private static List<String> pointers(String parent, JsonNode node) {
    List<String> pointers = new ArrayList<>();
    Map<String, JsonNode> children = new HashMap<>();
    node.properties().forEach(field -> children.put(field.getKey(), field.getValue()));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      children.put(Integer.toString(i), node.get(i));
    }
    children.forEach((name, child) -> {
      pointers.add(parent + "/" + name);
      pointers.addAll(pointers(parent + "/" + name, child));
    });
    return pointers;
  }

  static Stream<String> topics() {
    return Topic.ALL.stream();
  }

  private static List<String> errors(String topic, JsonNode frame) {
    JsonSchema schema = Schemas.ofAsyncApi(FILE, message(topic).at("/payload/schema"));
    return Schemas.errors(schema, frame);
  }

  private static Map<String, JsonNode> examples(String topic) {
    Map<String, JsonNode> examples = new TreeMap<>();
    message(topic).get("examples").forEach(example -> examples.put(example.get("name").textValue(), example.get("payload")));
    return examples;
  }

  /** The one message of a topic's channels. */
  private static JsonNode message(String topic) {
    Set<JsonNode> messages = new HashSet<>();
    for (JsonNode channel : DOCUMENT.get("channels")) {
      if (topic(channel.get("address").textValue()).equals(topic)) {
        channel.get("messages").forEach(message -> messages.add(Schemas.resolved(DOCUMENT, message)));
      }
    }
    assertThat(messages).hasSize(1);
    return messages.iterator().next();
  }

  private static String address(JsonNode operation) {
    return Schemas.resolved(DOCUMENT, operation.get("channel")).get("address").textValue();
  }

  private static List<String> addresses(String prefix) {
    List<String> addresses = new ArrayList<>();
    DOCUMENT.get("channels").forEach(channel -> addresses.add(channel.get("address").textValue()));
    return addresses.stream().filter(address -> address.startsWith(prefix)).sorted().toList();
  }

  private static String topic(String address) {
    return address.substring(address.lastIndexOf('/') + 1);
  }
}
