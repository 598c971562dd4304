package event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import product.Change;
import product.ChangePage;
import product.Json;
import product.Product;
import product.Rejection;

class EventCodecTest {

  private static final String UPDATE = """
      {"specversion":"1.0","id":"e1","source":"/indexer/q1","type":"product.update","data":{"queueId":"q1","tags":["*"],\
      "readAt":7,"products":[{"id":1,"price":12.50}],"deleted":["2"]}}""";
  private static final String ACK = """
      {"specversion":"1.0","id":"e2","source":"/product-data","type":"product.ack","data":{"eventId":"e1","stored":1,\
      "outdated":2,"rejected":[{"id":"3","reason":"why"}]}}""";
  private static final String INDEX = """
      {"specversion":"1.0","id":"e3","source":"/product-data","type":"product.index","data":{"tags":["*"],"epoch":"x",\
      "firstSequence":7,"lastSequence":8,"changes":[{"sequence":7,"id":"1","product":{"id":1}},\
      {"sequence":8,"id":"2","deleted":true}]}}""";
  private static final String PAGE = """
      {"epoch":"x","changes":[{"sequence":7,"id":"1","product":{"id":1}},{"sequence":9,"id":"2","deleted":true}],\
      "lastSequence":9,"more":true}""";

  private static final Map<String, String> VALID = Map.of("update", UPDATE, "ack", ACK, "index", INDEX, "page", PAGE);
  private static final Map<String, Function<String, Object>> DECODERS = Map.of(
      "update", EventCodec::decodeUpdate, "ack", EventCodec::decodeAck, "index", EventCodec::decodeIndex, "page",
      EventCodec::decodePage);

  // Round trips

  @Test
  void carriesAnUpdate() {
    UpdateEvent event = new UpdateEvent("e1", "q1", List.of("price", "stock"), 1_700_000_000_000_000L,
        List.of(Product.ofJson("{\"id\":1,\"price\":12.50}"), Product.ofJson("{\"id\":\"a b\",\"name\":null}")),
        List.of("2", "ë"));
    assertThat(EventCodec.decodeUpdate(EventCodec.encodeUpdate(event))).isEqualTo(event);
    UpdateEvent greeting = new UpdateEvent("e1", "q1", List.of("*"), 1, List.of(), List.of());
    assertThat(EventCodec.decodeUpdate(EventCodec.encodeUpdate(greeting))).isEqualTo(greeting);
  }

  @Test
  void carriesAnAcknowledgement() {
    AckEvent event = new AckEvent("e2", "e1", 480, 19, List.of(new Rejection("3", "it is \"too\"\nlarge"),
        new Rejection("ë", "🎒")));
    assertThat(EventCodec.decodeAck(EventCodec.encodeAck(event))).isEqualTo(event);
    AckEvent nothing = new AckEvent("e2", "e1", 0, 0, List.of());
    assertThat(EventCodec.decodeAck(EventCodec.encodeAck(nothing))).isEqualTo(nothing);
  }

  @Test
  void carriesChanges() {
    IndexEvent event = new IndexEvent("e3", List.of("*"), "00ff", 7, 8,
        List.of(new Change(7, "1", Product.ofJson("{\"id\":1,\"price\":0.10}")), new Change(8, "2", null)));
    assertThat(EventCodec.decodeIndex(EventCodec.encodeIndex(event))).isEqualTo(event);
  }

  @Test
  void carriesAPageOfTheFeed() {
    ChangePage page = new ChangePage("00ff",
        List.of(new Change(7, "1", Product.ofJson("{\"id\":1,\"price\":0.10}")), new Change(11, "2", null)), 11, true);
    assertThat(EventCodec.decodePage(EventCodec.encodePage(page))).isEqualTo(page);
    ChangePage end = new ChangePage("00ff", List.of(), 0, false);
    assertThat(EventCodec.decodePage(EventCodec.encodePage(end))).isEqualTo(end);
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "{\"id\":1,\"price\":12.50}", "{\"id\":1,\"price\":0.1000000000000000055511151231257827}", "{\"id\":1,\"price\":1E+400}",
      "{\"id\":12345678901234567890123,\"a\":-0.00}", "{\"id\":\"1\",\"a\":\"Zoë \\\"🎒\\\" \\\\ \\n \\u0001 \u2028 /\"}",
      "{\"id\":1,\"a\":{\"b\":[null,true,{}]},\"ë\":[]}"})
  void carriesEveryDigitAndEveryCharacterOfAProduct(String json) {
    Product product = Product.ofJson(json);
    String expected = Json.writeAscii(product.tree());
    String update = EventCodec.encodeUpdate(new UpdateEvent("e", "q", List.of("*"), 1, List.of(product), List.of()));
    assertThat(EventCodec.decodeUpdate(update).products().get(0).json()).isEqualTo(expected);
    List<Change> changes = List.of(new Change(1, "1", product));
    String index = EventCodec.encodeIndex(new IndexEvent("e", List.of("*"), "x", 1, 1, changes));
    assertThat(EventCodec.decodeIndex(index).changes().get(0).product().json()).isEqualTo(expected);
    String page = EventCodec.encodePage(new ChangePage("x", changes, 1, false));
    assertThat(EventCodec.decodePage(page).changes().get(0).product().json()).isEqualTo(expected);
  }

  @Property(tries = 500)
  void carriesAnyTextInAnyPlace(@ForAll String text) {
    String some = text.isEmpty() ? "x" : text;
    Product product = Product.of(Json.MAPPER.createObjectNode().put("id", 1).put(text, text));
    UpdateEvent update = new UpdateEvent(some, some, List.of(text), 1, List.of(product), List.of());
    assertThat(EventCodec.decodeUpdate(EventCodec.encodeUpdate(update))).isEqualTo(update);
    AckEvent ack = new AckEvent(some, some, 1, 2, List.of(new Rejection(some, some)));
    assertThat(EventCodec.decodeAck(EventCodec.encodeAck(ack))).isEqualTo(ack);
    IndexEvent index = new IndexEvent(some, List.of(text), some, 1, 1, List.of(new Change(1, some, product)));
    assertThat(EventCodec.decodeIndex(EventCodec.encodeIndex(index))).isEqualTo(index);
  }

  @Test
  void writesCloudEventsInAscii() {
    String frame = EventCodec.encodeUpdate(
        new UpdateEvent("e1", "q1", List.of("*"), 7, List.of(Product.ofJson("{\"id\":1,\"name\":\"Zoë\"}")), List.of()));
    assertThat(frame.chars()).allMatch(c -> c < 0x80);
    JsonNode event = Json.parse(frame);
    assertThat(event.path("specversion").asText()).isEqualTo("1.0");
    assertThat(event.path("id").asText()).isEqualTo("e1");
    assertThat(URI.create(event.path("source").asText())).isEqualTo(URI.create("/indexer/q1"));
    assertThat(event.path("type").asText()).isEqualTo("product.update");
    assertThat(Instant.parse(event.path("time").asText()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    assertThat(event.path("datacontenttype").asText()).isEqualTo("application/json");
    assertThat(event.path("data").path("products").path(0).path("name").asText()).isEqualTo("Zoë");
  }

  @Test
  void ignoresFieldsThatItDoesNotKnow() {
    assertThat(EventCodec.decodeUpdate(changed("update", "traceparent", "\"00-ab\""))).isEqualTo(EventCodec.decodeUpdate(UPDATE));
    assertThat(EventCodec.decodeAck(changed("ack", "data.later", "{}"))).isEqualTo(EventCodec.decodeAck(ACK));
  }

  @Test
  void namesEveryEventDifferently() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      names.add(EventCodec.newId());
    }
    assertThat(names).hasSize(1_000);
  }

  // Wrong fields

  @ParameterizedTest(name = "{0}: {1} = {2}")
  @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "absent", value = {
      "update | specversion        | absent            | specversion is missing",
      "update | specversion        | \"0.3\"           | specversion must be 1.0",
      "update | specversion        | 1.0               | specversion must be a text",
      "update | id                 | absent            | id is missing",
      "update | id                 | \"\"              | id must be a text",
      "update | id                 | 1                 | id must be a text",
      "update | id                 | null              | id must be a text",
      "update | source             | absent            | source is missing",
      "update | source             | {}                | source must be a text",
      "update | type               | absent            | type is missing",
      "update | type               | \"product.ack\"   | type must be product.update",
      "update | data               | absent            | data is missing",
      "update | data               | null              | data must be a JSON object",
      "update | data               | []                | data must be a JSON object",
      "update | data.queueId       | absent            | data.queueId is missing",
      "update | data.queueId       | 1                 | data.queueId must be a text",
      "update | data.tags          | absent            | data.tags is missing",
      "update | data.tags          | \"*\"             | data.tags must be an array",
      "update | data.tags          | [1]               | data.tags must hold texts",
      "update | data.tags          | [null]            | data.tags must hold texts",
      "update | data.tags          | []                | data.tags must name",
      "update | data.readAt        | absent            | data.readAt is missing",
      "update | data.readAt        | \"7\"             | data.readAt must be a whole number",
      "update | data.readAt        | 7.5               | data.readAt must be a whole number",
      "update | data.readAt        | 0                 | data.readAt must be a whole number",
      "update | data.readAt        | -7                | data.readAt must be a whole number",
      "update | data.readAt        | null              | data.readAt must be a whole number",
      "update | data.readAt        | true              | data.readAt must be a whole number",
      "update | data.readAt        | 9223372036854775808 | data.readAt must be a whole number",
      "update | data.readAt        | 1e999999999       | data.readAt must be a whole number",
      "update | data.products      | absent            | data.products is missing",
      "update | data.products      | {}                | data.products must be an array",
      "update | data.products      | [1]               | data.products must hold objects",
      "update | data.products      | [[]]              | data.products must hold objects",
      "update | data.products      | [{}]              | data.products[0].id",
      "update | data.products      | [{\"id\":null}]   | data.products[0].id",
      "update | data.products      | [{\"id\":1},{\"id\":\"\"}] | data.products[1].id",
      "update | data.products      | [{\"id\":{}}]     | data.products[0].id",
      "update | data.deleted       | absent            | data.deleted is missing",
      "update | data.deleted       | {}                | data.deleted must be an array",
      "update | data.deleted       | [1]               | data.deleted must hold texts",
      "update | data.deleted       | [\"1\",\"\"]      | data.deleted",
      "ack    | type               | \"product.index\" | type must be product.ack",
      "ack    | data               | 1                 | data must be a JSON object",
      "ack    | data.eventId       | absent            | data.eventId is missing",
      "ack    | data.eventId       | \"\"              | data.eventId must be a text",
      "ack    | data.stored        | absent            | data.stored is missing",
      "ack    | data.stored        | -1                | data.stored must be a whole number",
      "ack    | data.stored        | 4294967296        | data.stored must be a whole number",
      "ack    | data.outdated      | absent            | data.outdated is missing",
      "ack    | data.outdated      | 1.5               | data.outdated must be a whole number",
      "ack    | data.outdated      | 2147483648        | data.outdated must be a whole number",
      "ack    | data.rejected      | absent            | data.rejected is missing",
      "ack    | data.rejected      | {}                | data.rejected must be an array",
      "ack    | data.rejected      | [\"3\"]           | data.rejected[0] must be a JSON object",
      "ack    | data.rejected      | [{\"reason\":\"why\"}] | data.rejected[0].id is missing",
      "ack    | data.rejected      | [{\"id\":\"3\"}]  | data.rejected[0].reason is missing",
      "ack    | data.rejected      | [{\"id\":3,\"reason\":\"why\"}] | data.rejected[0].id must be a text",
      "index  | type               | \"product.update\" | type must be product.index",
      "index  | data.tags          | absent            | data.tags is missing",
      "index  | data.epoch         | absent            | data.epoch is missing",
      "index  | data.epoch         | \"\"              | data.epoch must be a text",
      "index  | data.firstSequence | absent            | data.firstSequence is missing",
      "index  | data.firstSequence | 0                 | data.firstSequence must be a whole number of at least 1",
      "index  | data.firstSequence | 6                 | data.changes must number from firstSequence 6 to lastSequence 8",
      "index  | data.lastSequence  | absent            | data.lastSequence is missing",
      "index  | data.lastSequence  | 6                 | data.lastSequence must be a whole number of at least 7",
      "index  | data.lastSequence  | 9                 | data.changes must number from firstSequence 7 to lastSequence 9",
      "index  | data.changes       | absent            | data.changes is missing",
      "index  | data.changes       | []                | data.changes must number",
      "index  | data.changes       | {}                | data.changes must be an array",
      "index  | data.changes       | [1]               | data.changes[0] must be a JSON object",
      "index  | data.changes.0.sequence | absent       | data.changes[0].sequence is missing",
      "index  | data.changes.0.sequence | \"7\"        | data.changes[0].sequence must be a whole number",
      "index  | data.changes.1.sequence | 7            | data.changes must number",
      "index  | data.changes.1.sequence | 9            | data.changes must number",
      "index  | data.changes.0.id       | absent       | data.changes[0].id is missing",
      "index  | data.changes.0.id       | \"\"         | data.changes[0].id",
      "index  | data.changes.0.id       | {}           | data.changes[0].id",
      "index  | data.changes.0.product  | absent       | data.changes[0].product must be an object, but is missing",
      "index  | data.changes.0.product  | null         | data.changes[0].product must be an object, but is null",
      "index  | data.changes.0.product  | []           | data.changes[0].product must be an object",
      "index  | data.changes.1.deleted  | false        | data.changes[1].product must be an object, but is missing",
      "index  | data.changes.1.deleted  | 1            | data.changes[1].deleted must be",
      "page   | epoch              | absent            | epoch is missing",
      "page   | epoch              | 1                 | epoch must be a text",
      "page   | changes            | absent            | changes is missing",
      "page   | changes            | {}                | changes must be an array",
      "page   | changes.1.sequence | 0                 | changes[1].sequence must be a whole number",
      "page   | changes.1.deleted  | \"true\"          | changes[1].deleted must be",
      "page   | changes.0.product  | \"{}\"            | changes[0].product must be an object",
      "page   | lastSequence       | absent            | lastSequence is missing",
      "page   | lastSequence       | -1                | lastSequence must be a whole number",
      "page   | more               | absent            | more is missing",
      "page   | more               | \"true\"          | more must be"})
  void namesTheFieldThatIsMissingOrWrong(String kind, String field, String value, String message) {
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> DECODERS.get(kind).apply(changed(kind, field, value)))
        .withMessageStartingWith(message);
  }

  @Test
  void refusesAnIdThatIsTooLongWhereverItStands() {
    String tooLong = "\"" + "x".repeat(513) + "\"";
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> EventCodec.decodeUpdate(changed("update", "data.products", "[{\"id\":" + tooLong + "}]")))
        .withMessageStartingWith("data.products[0].id").withMessageContaining("1 to 512 characters");
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> EventCodec.decodeUpdate(changed("update", "data.deleted", "[" + tooLong + "]")))
        .withMessageStartingWith("data.deleted");
  }

  @Test
  void showsOnlyTheBeginningOfAWrongValue() {
    String long1 = "\"" + "x".repeat(100_000) + "\"";
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> EventCodec.decodeUpdate(changed("update", "data.readAt", long1)))
        .satisfies(e -> assertThat(e.getMessage()).startsWith("data.readAt").hasSizeLessThan(300).endsWith("…"));
  }

  /** The valid frame of a kind with one field set to a JSON value; null: without it. */
  private static String changed(String kind, String field, String value) {
    JsonNode frame = Json.parse(VALID.get(kind));
    JsonNode parent = frame;
    String[] path = field.split("\\.");
    for (String step : List.of(path).subList(0, path.length - 1)) {
      parent = parent instanceof ArrayNode array ? array.get(Integer.parseInt(step)) : parent.get(step);
    }
    String last = path[path.length - 1];
    if (value == null) {
      assertThat(((ObjectNode) parent).remove(last)).as("%s of %s", field, kind).isNotNull();
    } else {
      ((ObjectNode) parent).set(last, Json.parse(value));
    }
    return Json.write(frame);
  }

  // Frames that are none

  static Stream<String> kinds() {
    return Stream.of("update", "ack", "index", "page");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void readsTheFramesThatTheOtherTestsBreak(String kind) {
    assertThat(DECODERS.get(kind).apply(VALID.get(kind))).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void refusesWhatIsNoJsonObject(String kind) {
    for (String frame : List.of("", " ", "null", "1", "\"x\"", "[]", "[{}]", "{}", "hello", "<a/>", "\u0000", "{}{}")) {
      assertThatExceptionOfType(InvalidEventException.class).as(frame).isThrownBy(() -> DECODERS.get(kind).apply(frame));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void refusesAFrameThatIsCutOffAnywhere(String kind) {
    String frame = VALID.get(kind);
    for (int length = 0; length < frame.length(); length++) {
      String cut = frame.substring(0, length);
      assertThatExceptionOfType(InvalidEventException.class).as(cut).isThrownBy(() -> DECODERS.get(kind).apply(cut))
          .withMessageStartingWith("not JSON: ");
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void refusesNestingThatWouldOverflowTheStack(String kind) {
    String nested = VALID.get(kind).replaceFirst("\\{\"id\":[^{}]*}",
        "{\"id\":1,\"a\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}");
    assertThat(nested.length()).isGreaterThan(100_000);
    assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> DECODERS.get(kind).apply(nested))
        .withMessageStartingWith("not JSON: ").withMessageContaining("depth");
  }

  @Test
  void refusesANumberOfAMillionDigits() {
    String frame = UPDATE.replace("12.50", "9".repeat(1_000_000));
    assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> EventCodec.decodeUpdate(frame))
        .withMessageStartingWith("not JSON: ").satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
  }

  @Provide
  Arbitrary<String> anyKind() {
    return Arbitraries.of("update", "ack", "index", "page");
  }

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of("", "\"", "{", "}", "[", "]", ",", ":", "0", "-", "1e9", "null", "\\", "\n", "ë", "\ud800", "{}",
        "\"\"");
  }

  @Property(tries = 2_000)
  void refusesADamagedFrameInOneLineOrReadsIt(
      @ForAll("anyKind") String kind, @ForAll @IntRange(max = 400) int at, @ForAll @IntRange(max = 10) int length,
      @ForAll("pieces") String piece) {
    String frame = VALID.get(kind);
    int from = at % frame.length();
    String damaged = frame.substring(0, from) + piece + frame.substring(Math.min(frame.length(), from + length));
    try {
      assertThat(DECODERS.get(kind).apply(damaged)).isNotNull();
    } catch (InvalidEventException e) {
      assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
    } catch (RuntimeException e) {
      fail("%s instead of an InvalidEventException for %s", e, damaged);
    }
  }
}
