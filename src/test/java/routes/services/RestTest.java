package routes.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import endtoend.Backend;
import endtoend.LogCapture;
import endtoend.Peer;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API of the services, with products whose ids need encoding. */
@Timeout(60)
class RestTest {

  private static final List<String> IDS =
      List.of("SKU/1", "SKU%2F1", "a b", "a+b", "é", "e\u0301", "木漏れ日🥊", "x;v=1", "x?y#z&w=1", "-", "\"quoted\"", "17", "2.50");

  /** The headers that an answer may have. */
  private static final Set<String> ANSWERED = Set.of("content-type", "content-length", "transfer-encoding", "etag", "read-at", "allow");

  @TempDir
  private static Path folder;

  private static Backend backend;

  @BeforeAll
  static void startsTheServicesWithAFewProducts() {
    backend = new Backend(folder);
    backend.start("broker");
    backend.start("services");
    try (Peer acks = Peer.subscriber(backend.brokerPort(), "ack");
        Peer indexer = Peer.publisher(backend.brokerPort(), "update")) {
      var event = Backend.JSON.createObjectNode()
          .put("specversion", "1.0").put("id", "e1").put("source", "/test").put("type", "product.update");
      var data = event.putObject("data").put("queueId", "Q").put("readAt", 1_000_000L);
      data.putArray("tags").add("*");
      data.putArray("deleted");
      var products = data.putArray("products");
      for (String id : IDS) {
        products.addObject().put("id", id).put("name", "Name of " + id).put("price", new BigDecimal("9.90"));
      }
      indexer.send(event.toString());
      assertThat(acks.next()).contains("\"eventId\":\"e1\"", "\"stored\":" + IDS.size());
    }
    backend.awaitIndexes();
  }

  @AfterAll
  static void stops() {
    backend.close();
  }

  private static HttpResponse<String> send(String method, String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + backend.property("rest.port") + path))
        .method(method, BodyPublishers.ofString(method.equals("GET") ? "" : "{}"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return backend.send(request.build());
  }

  /** Checks that an answer is an RFC 9457 problem with that status, and returns its detail. */
  private static String problem(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as("%s: %s", answer.uri(), answer.body()).isEqualTo(status);
    assertThat(answer.headers().allValues("Content-Type")).as("%s", answer.uri()).containsExactly("application/problem+json");
    JsonNode problem = Backend.parse(answer.body());
    assertThat(problem.path("status").intValue()).isEqualTo(status);
    assertThat(problem.path("title").textValue()).isNotBlank();
    assertThat(problem.path("type").textValue()).isEqualTo("about:blank");
    return problem.path("detail").textValue();
  }

  @Test
  void anyIdIsFoundByItsEncodedForm() {
    for (String id : IDS) {
      assertThat(backend.json("/products/" + Backend.encode(id)).path("id").textValue()).isEqualTo(id);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/products/SKU%2F1,      SKU/1",
    "/products/SKU%252F1,    SKU%2F1",
    "/products/a%20b,        a b",
    "/products/a+b,          a+b",
    "/products/a%2Bb,        a+b",
    "/products/%C3%A9,       é",
    "/products/x;v=1,        x;v=1",
    "/products/x%3By,        ",
  })
  void aPathIsDecodedOnceAndAPlusIsAPlus(String path, String id) {
    HttpResponse<String> answer = backend.get(path);
    if (id == null) {
      assertThat(problem(answer, 404)).contains("'x;y'");
    } else {
      assertThat(Backend.parse(answer.body()).path("id").textValue()).isEqualTo(id);
    }
  }

  @Test
  void documentsArePagedByIdsOfAnyText() {
    for (String index : List.of("index-a", "index-b")) {
      Set<String> ids = new TreeSet<>();
      String after = "";
      boolean more = true;
      while (more) {
        JsonNode page = backend.json("/" + index + "/documents?limit=1&after=" + Backend.encode(after));
        after = page.at("/documents/0/id").textValue();
        assertThat(ids.add(after)).as("%s twice", after).isTrue();
        more = page.path("more").booleanValue();
      }
      assertThat(ids).isEqualTo(new TreeSet<>(IDS));
    }
    assertThat(backend.json("/index-a/documents?limit=1&after=%F4%8F%BF%BF").path("more").booleanValue()).isFalse();
  }

  @Test
  void idsArePagedInTheOrderOfTheStore() {
    List<String> ids = new ArrayList<>();
    String after = "";
    boolean more = true;
    while (more) {
      JsonNode page = backend.json("/products/ids?limit=3&fullReadBefore=1000001&after=" + Backend.encode(after));
      page.path("ids").forEach(id -> ids.add(id.textValue()));
      after = ids.get(ids.size() - 1);
      more = page.path("more").booleanValue();
    }
    assertThat(ids).containsExactlyInAnyOrderElementsOf(IDS);
    assertThat(backend.json("/products/ids?fullReadBefore=1000000").path("ids")).as("not older than their read").isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "/products/changes?since=-1              | since must be a whole number from 0",
    "/products/changes?since=abc             | since must be a whole number from 0",
    "/products/changes?since=1.5             | since must be a whole number from 0",
    "/products/changes?since=9223372036854775808 | since must be a whole number from 0",
    "/products/changes?since=                | since must be a whole number from 0",
    "/products/changes?limit=0               | limit must be a whole number from 1",
    "/products/changes?limit=10001           | limit must be a whole number from 1 to 10000",
    "/products/changes?limit=1&limit=2       | limit is given more than once",
    "/products/ids?limit=x                   | limit must be a whole number",
    "/products/ids?fullReadBefore=yesterday  | fullReadBefore must be a whole number",
    "/index-a/search?page=0                  | page must be a whole number from 1",
    "/index-a/search?size=0                  | size must be a whole number from 1",
    "/index-a/search?size=101                | size must be a whole number from 1 to 100",
    "/index-a/search?page=101&size=100       | page x size must be at most 10000",
    "/index-a/search?q=a&q=b                 | q is given more than once",
    "/index-a/documents?limit=0              | limit must be a whole number",
    "/index-b/search?minPrice=cheap          | minPrice must be a number",
    "/index-b/search?minPrice=-1             | minPrice must be a number",
    "/index-b/search?maxPrice=1e9            | maxPrice must be a number",
    "/index-b/search?maxPrice=NaN            | maxPrice must be a number",
    "/index-b/search?minPrice=2&maxPrice=1.99| minPrice must not be greater than maxPrice",
    "/index-b/search?sort=colour             | sort must be one of",
    "/index-b/search?sort=+price             | sort must be one of",
    "/products/17?id=18                      | id",
  })
  void aParameterOutOfRangeIsABadRequestThatSaysWhatItShouldBe(String path, String reason) {
    assertThat(problem(backend.get(path), 400)).contains(reason.trim());
  }

  @Test
  void aTooLongTextIsABadRequest() {
    assertThat(problem(backend.get("/index-a/search?q=" + "a".repeat(1_001)), 400))
        .contains("q must have at most 1000 characters");
    assertThat(problem(backend.get("/index-a/documents?after=" + "a".repeat(513)), 400)).contains("after must have at most 512");
  }

  @Test
  void aQueryThatIsNotPercentEncodedProperlyIsABadRequest() {
    try (LogCapture log = new LogCapture()) {
      assertThat(problem(raw("GET /products/changes?since=%zz HTTP/1.1"), 400)).isNotBlank();
      assertThat(problem(raw("GET /index-a/search?q=%zz HTTP/1.1"), 400)).isNotBlank();
      assertThat(problem(raw("GET /products/%zz HTTP/1.1"), 400)).isNotBlank();
      assertThat(log.stackTraces()).isEmpty();
    }
  }

  @Test
  void aSearchTextIsDecodedAndNeverASyntaxError() {
    for (String text : List.of("name", "NAME of", "\"", "(", "name AND", "a OR (", "+-|~*^", "name~99", "\\", "木漏れ日", "RAW(x)",
        "%", "&=")) {
      JsonNode found = backend.json("/index-a/search?q=" + Backend.encode(text));
      assertThat(found.path("hits").isArray()).as(text).isTrue();
    }
    assertThat(backend.json("/index-a/search?q=%E6%9C%A8%E6%BC%8F%E3%82%8C").path("total").intValue()).isPositive();
    assertThat(backend.json("/index-b/search?q=name+of&size=100").path("total").intValue()).isEqualTo(IDS.size());
    assertThat((Object) backend.json("/index-b/search?q=name%20of&size=100").path("hits"))
        .isEqualTo(backend.json("/index-b/search?q=name+of&size=100").path("hits"));
  }

  @Test
  void anUnknownProductIsNotFound() {
    assertThat(problem(backend.get("/products/18"), 404)).contains("'18'");
    assertThat(problem(backend.get("/products/" + "a".repeat(600)), 404)).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "/products", "/products/17/name", "/index-a", "/index-c/search", "/index-a/search/more", "/STATUS", "/favicon.ico",
    "/pom.xml", "/application.properties", "/.kv/README.md", "/../../etc/passwd"
  })
  void anUnknownPathIsNotFound(String path) {
    problem(raw("GET " + path + " HTTP/1.1"), 404);
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "/products/17", "/products/changes", "/products/ids", "/index-a/search", "/index-b/documents", "/status", "/openapi.json"
  })
  void anythingButGetIsNotAllowed(String path) {
    for (String method : List.of("POST", "PUT", "DELETE", "PATCH")) {
      HttpResponse<String> answer = send(method, path);
      assertThat(problem(answer, 405)).contains("GET");
      assertThat(answer.headers().firstValue("Allow").orElse("")).contains("GET");
    }
  }

  @Test
  void whoAcceptsNoJsonIsToldSo() {
    assertThat(problem(send("GET", "/products/17", "Accept", "image/png"), 406)).contains("application/json");
    assertThat(send("GET", "/products/17", "Accept", "text/html,*/*;q=0.8").statusCode()).isEqualTo(200);
  }

  @Test
  void nothingOfARequestComesBackInTheHeaders() {
    String[] request = {"X-Secret", "s3cret", "Authorization", "Basic eDp5", "Cookie", "a=b", "CamelHttpResponseCode", "201",
        "CamelFileName", "x", "ETag", "\"1\"", "Location", "http://example.com/"};
    for (String path : List.of(
        "/products/17?foo=bar", "/products/nope?foo=bar", "/products/changes?since=0&limit=1", "/products/changes?since=x",
        "/products/ids?limit=1", "/index-a/search?q=name&size=1", "/index-b/search?minPrice=x", "/index-b/documents?limit=1",
        "/status?x=y", "/openapi.json", "/nowhere?foo=bar")) {
      HttpResponse<String> answer = send("GET", path, request);
      assertThat(answer.statusCode()).as(path).isNotEqualTo(201);
      Map<String, List<String>> headers = answer.headers().map();
      assertThat(headers.keySet()).as(path).allMatch(name -> ANSWERED.contains(name.toLowerCase(Locale.ROOT)));
      assertThat(headers.toString()).as(path).doesNotContain("s3cret", "bar", "example.com");
      assertThat(answer.headers().firstValue("ETag").orElse("")).as(path).isNotEqualTo("\"1\"");
    }
  }

  @Test
  void jsonIsUtf8WhateverTheClientSays() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + backend.property("rest.port") + "/products/%C3%A9"))
        .header("Accept-Charset", "iso-8859-1").header("Content-Type", "text/plain; charset=iso-8859-1").build();
    byte[] body = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
    assertThat(new String(body, StandardCharsets.UTF_8)).contains("\"id\":\"é\"");
  }

  @Test
  void theDescriptionOfTheApiIsThere() {
    assertThat(backend.json("/openapi.json").isObject()).isTrue();
  }

  /** Sends a request line that no client would let through. */
  private static HttpResponse<String> raw(String requestLine) {
    return RawRequest.send(Integer.parseInt(backend.property("rest.port")), requestLine);
  }
}
