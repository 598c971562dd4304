package routes.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import endtoend.Backend;
import endtoend.Events;
import endtoend.LogCapture;
import endtoend.Peer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Search by REST, as a shop would ask for it. */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SearchRoutesTest {

  private static final int LAMPS = 30;

  @TempDir
  private static Path folder;

  private static Backend backend;
  private static Backend.Process services;

  @BeforeAll
  static void startsTheServicesWithAFewProducts() {
    backend = new Backend(folder).with("index-b.facets", "brand, colour,brand");
    backend.start("broker");
    services = backend.start("services");
    List<String> products = new ArrayList<>(List.of(
        product(1, "Dome Tent, Green", 189.90, "Tindra", "Green", "<p>Warm &amp; dry.</p>"),
        product(2, "Family Tents", 250.00, "Tindra", "Red", "<p>For a dome of stars, with friends.</p>"),
        product(3, "Hiking Jacket", 99.99, "Brook & Vale", "Green", "Made for hikers' tents"),
        product(4, "Café au Lait Mug", 9.49, "Brook & Vale", "White", "<script>alert(1)</script>Hot")));
    IntStream.range(0, LAMPS).forEach(i -> products.add(product(100 + i, "Lamp", 10 + i % 3, "Velaro", "White", "")));
    try (Peer acks = Peer.subscriber(backend.brokerPort(), "ack"); Peer indexer = Peer.publisher(backend.brokerPort(), "update")) {
      indexer.send(Events.update("e1", "*", 1_000, products.toArray(String[]::new)).toString());
      assertThat(acks.next()).contains("\"stored\":" + products.size());
    }
    backend.awaitIndexes();
  }

  private static String product(int id, String name, double price, String brand, String colour, String description) {
    return Backend.JSON.createObjectNode().put("id", id).put("name", name).put("price", price).put("brand", brand)
        .put("colour", colour).put("description", description).toString();
  }

  @AfterAll
  static void stops() {
    backend.close();
  }

  private static List<String> ids(JsonNode found) {
    return found.path("hits").findValuesAsText("id");
  }

  private static List<String> found(String index, String query) {
    return ids(backend.json("/" + index + "/search?" + query));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "tent              | 1 2 3",
      "tents             | 2 1 3",
      "dome+tent         | 1 2",
      "%22dome+tent%22   | 1",
      "tent+-dome        | 3",
      "tent+-%22dome+tent%22 | 2 3",
      "TENT+gre          | 1",
      "tnet              | 1 2 3",
      "cafe              | 4",
      "caf%C3%A9         | 4",
      "hike              | 3",
      "jacket+xyzzyx     | 3",
      "alert             | ''",
  })
  void indexAFindsWhatIsMeant(String query, String ids) {
    assertThat(found("index-a", "q=" + query)).containsExactlyInAnyOrder(ids.isEmpty() ? new String[0] : ids.split(" "));
  }

  @Test
  void hitsTellWhatWasFoundInThemAsEscapedHtmlBesideTheContentAsItCame() {
    JsonNode hit = backend.json("/index-a/search?q=dry+tent").at("/hits/0");
    assertThat(hit.path("description").textValue()).isEqualTo("<p>Warm &amp; dry.</p>");
    assertThat(hit.path("highlights")).isEqualTo(Backend.parse(
        "{\"name\":\"Dome <mark>Tent</mark>, Green\",\"description\":\"Warm &amp; <mark>dry</mark>.\"}"));
    assertThat(backend.json("/index-a/search?q=hot").at("/hits/0/highlights/description").textValue()).isEqualTo("<mark>Hot</mark>");
    assertThat(backend.json("/index-a/search").at("/hits/0").has("highlights")).isFalse();
    assertThat(backend.json("/index-b/search?q=dome&sort=price").at("/hits/0/highlights/name").textValue())
        .isEqualTo("<mark>Dome</mark> Tent, Green");
  }

  @Test
  void suggestionsAreNames() {
    assertThat(backend.json("/index-a/suggest?q=te").path("suggestions").toString())
        .isEqualTo("[\"Dome Tent, Green\",\"Family Tents\"]");
    assertThat(backend.json("/index-a/suggest?q=te&size=1").path("suggestions")).hasSize(1);
    assertThat(backend.json("/index-a/suggest?q=lamp").path("suggestions")).as("each once").hasSize(1);
    assertThat(backend.json("/index-a/suggest?q=friend").path("suggestions")).as("not of descriptions").isEmpty();
    assertThat(backend.json("/index-a/suggest").path("suggestions")).isEmpty();
  }

  @Test
  void indexBIsFilteredByAttributesAndCountsTheirValues() {
    JsonNode found = backend.json("/index-b/search?q=tent+&sort=price&brand=Tindra");
    assertThat(ids(found)).containsExactly("1", "2");
    assertThat(found.at("/hits/0/brand").textValue()).isEqualTo("Tindra");
    assertThat(found.path("facets").toString()).isEqualTo(
        "{\"brand\":[{\"value\":\"Tindra\",\"count\":2}],\"colour\":[{\"value\":\"Green\",\"count\":1},{\"value\":\"Red\",\"count\":1}]}");
    assertThat(found("index-b", "brand=Brook+%26+Vale&colour=Green")).containsExactly("3");
    assertThat(found("index-b", "brand=&colour=Green")).as("empty: any").hasSize(2);
    assertThat(found("index-b", "brand=tindra")).as("as it is written").isEmpty();
    assertThat(backend.json("/index-a/search?brand=Tindra").has("facets")).as("index A has none").isFalse();
  }

  @Test
  void indexBDividesPricesIntoBuckets() {
    JsonNode found = backend.json("/index-b/search?minPrice=0&maxPrice=200&buckets=2&size=1");
    assertThat(found.path("buckets").toString())
        .isEqualTo("[{\"from\":0.00,\"to\":100.00,\"count\":32},{\"from\":100.00,\"to\":200.00,\"count\":1}]");
    assertThat(backend.json("/index-b/search?q=xyzzyx&buckets=3").path("buckets")).isEmpty();
    assertThat(backend.json("/index-b/search").has("buckets")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/index-a/search?q=lamp", "/index-b/search?q=lamp", "/index-b/search?q=lamp&sort=-price", "/index-b/search?q=lamp&brand=Velaro"})
  void nextLeadsThroughAllHits(String search) {
    List<String> seen = new ArrayList<>();
    JsonNode page = backend.json(search + "&size=7");
    assertThat(page.path("page").intValue()).isEqualTo(1);
    while (page.has("next")) {
      seen.addAll(ids(page));
      page = backend.json(search + "&size=7&after=" + page.path("next").textValue());
      assertThat(page.has("page")).isFalse();
      assertThat(page.path("total").intValue()).isEqualTo(LAMPS);
    }
    seen.addAll(ids(page));
    assertThat(seen).hasSize(LAMPS).isEqualTo(ids(backend.json(search + "&size=100")));
  }

  @Test
  void aWrongCursorIsABadRequestThatSaysWhy() {
    String next = backend.json("/index-b/search?q=lamp&size=1").path("next").textValue();
    assertThat(badRequest("/index-b/search?q=lamp&after=abc")).isEqualTo("after must be what an answer gave as next");
    assertThat(badRequest("/index-b/search?q=lamp&after=" + next.replaceFirst("\\.0\\.", ".9.")))
        .isEqualTo("after must be what an answer gave as next");
    assertThat(badRequest("/index-b/search?q=tent&after=" + next)).startsWith("after belongs to another search");
    assertThat(badRequest("/index-b/search?q=lamp&page=2&after=" + next)).startsWith("page and after exclude each other");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "/index-b/search?buckets=101      | buckets must be a whole number from 0 to 100",
      "/index-b/search?brand=a&brand=b  | brand is given more than once",
      "/index-a/suggest?size=21         | size must be a whole number from 1 to 20",
  })
  void aParameterOutOfRangeIsABadRequest(String path, String reason) {
    assertThat(badRequest(path)).startsWith(reason);
  }

  private static String badRequest(String path) {
    HttpResponse<String> answer = backend.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    return Backend.parse(answer.body()).path("detail").textValue();
  }

  @ParameterizedTest
  @CsvSource({"size, size", "'colour,price', price", "maxPrice, maxPrice", "highlights, highlights"})
  void anAttributeWhoseNameIsTakenIsRefusedAtTheStart(String facets, String taken) {
    try (LogCapture log = new LogCapture()) {
      assertThat(backend.launch("indexB", "rest.port", Backend.freePorts(1)[0], "index-b.facets", facets).awaitEnd()).isEqualTo(2);
      assertThat(log.complaints()).singleElement().asString().contains("index-b.facets must not name " + taken + ",");
      assertThat(log.stackTraces()).isEmpty();
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void anIndexOfOtherAttributesIsBuiltAnewWhileItAnswers() {
    services.stop();
    try (LogCapture log = new LogCapture()) {
      services = backend.start("services", "index-a.facets", "brand,colour", "index-b.facets", "colour");
      await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20)).until(() -> {
        JsonNode found = backend.json("/index-b/search?brand=Tindra&colour=Green");
        assertThat(ids(found)).as("brand is no parameter any more").containsExactly("1", "3");
        return !found.at("/hits/0").has("brand") && backend.json("/index-a/search?q=tent").at("/hits/0").has("brand");
      });
      assertThat(log.complaints()).isEmpty();
    }
    assertThat(backend.json("/index-b/search").path("facets").has("colour")).isTrue();
    assertThat(backend.json("/index-b/search").path("facets").has("brand")).isFalse();
    JsonNode tents = backend.json("/index-a/search?q=tent+&brand=Tindra");
    assertThat(ids(tents)).as("index A has its own").containsExactly("2", "1");
    assertThat(tents.at("/hits/0/colour").textValue()).isEqualTo("Red");
    assertThat(tents.path("facets").toString()).isEqualTo("{\"brand\":[{\"value\":\"Tindra\",\"count\":2},{\"value\":\"Brook & Vale\",\"count\":1}],"
        + "\"colour\":[{\"value\":\"Green\",\"count\":1},{\"value\":\"Red\",\"count\":1}]}");
    assertThat(found("index-a", "brand=Brook+%26+Vale&colour=White")).containsExactly("4");
  }
}
