package interfaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.model.rest.RestDefinition;
import org.apache.camel.model.rest.VerbDefinition;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import product.Json;
import routes.support.Problem;

/** openapi.json says what the services do: no more, no less. */
class OpenApiTest {

  private static final Path FILE = Path.of("src/main/resources/openapi.json");
  private static final JsonNode DOCUMENT = Schemas.read(FILE);
  private static final int MAX_URL = 3_000;

  private static Backend backend;

  @BeforeAll
  static void start(@TempDir Path kv) throws Exception {
    backend = Backend.start(kv);
    // Prices of products that are not there.
    assertThat(backend.index("priceIndex", "prices")).isEqualTo(1);
    assertThat(backend.index("priceIndex", "retried")).isEqualTo(1);
    Files.createDirectories(backend.queue("foreign").resolve("chunks"));
    Files.writeString(backend.queue("foreign").resolve("run.json"),
        "{\"command\":\"otherIndex\",\"listedAt\":1,\"products\":0,\"stage\":\"index\",\"present\":0,\"deleted\":0}");
    assertThat(backend.index("fullIndex")).isZero();
    await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
      JsonNode status = Json.parse(backend.get("/status").body());
      assertThat(status.at("/indexes/0/documents").intValue()).isEqualTo(Backend.PRODUCTS);
      assertThat(status.at("/broker/connected").booleanValue()).isTrue();
      assertThat(status.at("/indexes/1/facets")).isEqualTo(Json.parse("[\"brand\", \"colour\"]"));
      assertThat(status.at("/indexes/1/documents").intValue()).isEqualTo(Backend.PRODUCTS);
    });
  }

  @AfterAll
  static void stop() {
    if (backend != null) {
      backend.close();
    }
  }

  @Test
  void describesExactlyThePathsThatThereAre() {
    Set<String> described = new TreeSet<>();
    DOCUMENT.get("paths").properties()
        .forEach(path -> path.getValue().fieldNames().forEachRemaining(verb -> described.add(verb + " " + path.getKey())));

    Set<String> ofRestDsl = new TreeSet<>();
    for (RestDefinition rest : backend.services().getRestDefinitions()) {
      for (VerbDefinition verb : rest.getVerbs()) {
        ofRestDsl.add(verb.asVerb() + " " + (rest.getPath() == null ? "" : rest.getPath()) + verb.getPath());
      }
    }
    PlatformHttpComponent server = backend.services().getComponent("platform-http", PlatformHttpComponent.class);
    Set<String> ofServer = server.getHttpEndpoints().stream()
        .map(endpoint -> endpoint.getVerbs().toLowerCase(Locale.ROOT) + " " + endpoint.getUri())
        .collect(Collectors.toCollection(TreeSet::new));

    assertThat(described).isNotEmpty().isEqualTo(ofRestDsl).isEqualTo(ofServer);
  }

  @Test
  void isServedAsItIs() throws Exception {
    assertThat(backend.get("/openapi.json").body()).isEqualTo(Files.readString(FILE));
  }

  /** A parameter that is read is refused when it is given twice; one that is not read is ignored. */
  @ParameterizedTest
  @MethodSource("pathsToGet")
  void namesExactlyTheParametersThatAreRead(String path) throws Exception {
    Set<String> described =
        parameters(path, "query").map(parameter -> parameter.get("name").textValue()).collect(Collectors.toSet());
    for (String name : described) {
      HttpResponse<String> answer = backend.get(uri(path) + "?" + name + "=1&" + name + "=1");
      assertThat(answer.statusCode()).as(name).isEqualTo(400);
      assertThat(answer.body()).contains("\"" + name + " is given more than once\"");
    }

    Set<String> others = words();
    others.removeAll(described);
    parameters(path, "path").forEach(parameter -> others.remove(parameter.get("name").textValue()));
    for (String query : queriesWithEachTwice(others)) {
      assertThat(backend.get(uri(path) + "?" + query).statusCode()).as("one of %s is read by %s", query, path).isEqualTo(200);
    }
  }

  /** Whatever could be the name of a parameter: all words in the routes' sources, and the bounds of a field with that name. */
  private static Set<String> words() throws IOException {
    Set<String> words = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/routes"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        List<String> literals = Pattern.compile("\"([a-z][A-Za-z]{0,30})\"").matcher(Files.readString(file)).results()
            .map(MatchResult::group).map(literal -> literal.substring(1, literal.length() - 1)).toList();
        for (String word : literals) {
          String field = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
          words.addAll(List.of(word, "min" + field, "max" + field));
        }
      }
    }
    assertThat(words).contains("q", "since", "minPrice");
    return words;
  }

  private static List<String> queriesWithEachTwice(Set<String> names) {
    List<String> queries = new ArrayList<>();
    StringBuilder query = new StringBuilder();
    for (String name : names) {
      query.append(query.isEmpty() ? "" : "&").append(name).append("=1&").append(name).append("=1");
      if (query.length() > MAX_URL) {
        queries.add(query.toString());
        query.setLength(0);
      }
    }
    queries.add(query.toString());
    return queries;
  }

  static Stream<Arguments> valuesOutOfBounds() {
    Stream<Arguments> combined = Stream.of(
        arguments("/index-a/search", "page", "101&size=100"),
        arguments("/index-b/search", "page", "101&size=100"),
        arguments("/index-b/search", "minPrice", "12.51&maxPrice=12.5"));
    return Stream.concat(combined, eachParameter((path, name, schema) -> {
      List<String> values = new ArrayList<>();
      if (schema.has("minimum")) {
        values.add(schema.get("minimum").bigIntegerValue().subtract(BigInteger.ONE).toString());
        values.add(schema.get("maximum").bigIntegerValue().add(BigInteger.ONE).toString());
        values.addAll(List.of("", "x", "1.5", "1e1"));
      } else if (schema.has("maxLength")) {
        values.add("x".repeat(schema.get("maxLength").intValue() + 1));
      } else {
        values.addAll(List.of("", "x", "-1", "1e1", ".5", "1,5", "1".repeat(21), "0." + "1".repeat(19)));
      }
      return values;
    }));
  }

  @ParameterizedTest
  @MethodSource("valuesOutOfBounds")
  void refusesWhatIsOutOfBounds(String path, String name, String value) throws Exception {
    HttpResponse<String> answer = backend.get(uri(path) + "?" + name + "=" + value);

    assertAsDescribed(path, 400, answer);
    assertThat(Json.parse(answer.body()).get("detail").textValue()).startsWith(name + " ");
  }

  static Stream<Arguments> valuesWithinBounds() {
    return eachParameter((path, name, schema) -> {
      List<String> values = new ArrayList<>();
      if (schema.has("minimum")) {
        values.add(schema.get("minimum").asText());
        values.add(schema.get("maximum").asText() + (name.equals("page") ? "&size=1" : ""));
      } else if (schema.path("format").asText().equals("cursor")) {
        values.add("");
      } else if (schema.has("maxLength")) {
        values.add(name.equals("epoch") ? "" : "x".repeat(schema.get("maxLength").intValue()));
      } else if (schema.has("enum")) {
        schema.get("enum").forEach(word -> values.add(word.textValue()));
      } else {
        values.addAll(List.of("0", "007", "12.50", "1".repeat(20) + "." + "1".repeat(18)));
      }
      return values;
    });
  }

  @ParameterizedTest
  @MethodSource("valuesWithinBounds")
  void takesWhatIsWithinBounds(String path, String name, String value) throws Exception {
    assertAsDescribed(path, 200, backend.get(uri(path) + "?" + name + "=" + value));
  }

  static Stream<Arguments> defaults() {
    return eachParameter((path, name, schema) -> schema.has("default") ? List.of(schema.get("default").asText()) : List.of());
  }

  @ParameterizedTest
  @MethodSource("defaults")
  void answersAsIfADefaultWereGiven(String path, String name, String value) throws Exception {
    String answer = backend.get(uri(path)).body();

    assertThat(withoutTime(backend.get(uri(path) + "?" + name + "=" + value).body())).isEqualTo(withoutTime(answer));
  }

  private static String withoutTime(String answer) {
    return answer.replaceFirst("\"tookMs\":\\d+,", "");
  }

  private record Request(int status, String method, String path, String uri, String... headers) {}

  /** Every answer that is described is given: all but 500, which is not to be had by asking. */
  @Test
  void givesEveryAnswerAsDescribed() throws Exception {
    String tag = backend.get("/products/1").headers().firstValue("ETag").orElseThrow();
    List<Request> requests = new ArrayList<>(List.of(
        new Request(200, "GET", "/products/{id}", "/products/1"),
        new Request(200, "GET", "/products/{id}", "/products/1", "If-None-Match", "\"0\", W/\"00\""),
        new Request(304, "GET", "/products/{id}", "/products/1", "If-None-Match", tag),
        new Request(304, "GET", "/products/{id}", "/products/1", "If-None-Match", "\"0\", W/" + tag),
        new Request(304, "GET", "/products/{id}", "/products/1", "If-None-Match", "*"),
        new Request(400, "GET", "/products/{id}", "/products/1?id=2"),
        new Request(400, "GET", "/products/{id}", "/products/1", "id", "2"),
        new Request(404, "GET", "/products/{id}", "/products/nope"),
        new Request(404, "GET", "/products/{id}", "/products/SKU%2F%C3%A9"),
        new Request(405, "POST", "/products/{id}", "/products/24"),
        new Request(406, "GET", "/products/{id}", "/products/24", "Accept", "text/html"),
        new Request(200, "GET", "/products/changes", "/products/changes"),
        new Request(200, "GET", "/products/changes", "/products/changes?since=" + Backend.PRODUCTS),
        new Request(400, "GET", "/products/changes", "/products/changes?limit=0"),
        new Request(410, "GET", "/products/changes", "/products/changes?epoch=abc"),
        new Request(200, "GET", "/products/ids", "/products/ids"),
        new Request(200, "GET", "/products/ids", "/products/ids?fullReadBefore=1"),
        new Request(400, "GET", "/products/ids", "/products/ids?limit=0"),
        new Request(200, "GET", "/index-a/search", "/index-a/search?q=lamp"),
        new Request(400, "GET", "/index-a/search", "/index-a/search?q=a&q=b"),
        new Request(400, "GET", "/index-a/search", "/index-a/search?after=x"),
        new Request(200, "GET", "/index-a/suggest", "/index-a/suggest?q=hiking+ja"),
        new Request(400, "GET", "/index-a/suggest", "/index-a/suggest?size=21"),
        new Request(200, "GET", "/index-a/documents", "/index-a/documents"),
        new Request(200, "GET", "/index-a/documents", "/index-a/documents?after=7&limit=10000"),
        new Request(400, "GET", "/index-a/documents", "/index-a/documents?limit=0"),
        new Request(200, "GET", "/index-b/search", "/index-b/search?q=lamp&size=100"),
        new Request(200, "GET", "/index-b/search", "/index-b/search?minPrice=20&maxPrice=100&sort=-price"),
        new Request(200, "GET", "/index-b/search", "/index-b/search?q=tent&brand=Tindra&colour=Moss%20Green&buckets=5"),
        new Request(200, "GET", "/index-b/search", "/index-b/search?after=" + next("sort=price") + "&sort=price"),
        new Request(400, "GET", "/index-b/search", "/index-b/search?page=2&after=" + next("")),
        new Request(400, "GET", "/index-b/search", "/index-b/search?q=tent&after=" + next("")),
        new Request(400, "GET", "/index-b/search", "/index-b/search?sort=id"),
        new Request(200, "GET", "/index-b/documents", "/index-b/documents"),
        new Request(200, "GET", "/index-b/documents", "/index-b/documents?after=7&limit=10000"),
        new Request(400, "GET", "/index-b/documents", "/index-b/documents?limit=0"),
        new Request(200, "GET", "/index-a/documents/{id}", "/index-a/documents/24"),
        new Request(400, "GET", "/index-a/documents/{id}", "/index-a/documents/24?id=2"),
        new Request(404, "GET", "/index-a/documents/{id}", "/index-a/documents/nope"),
        new Request(200, "GET", "/index-b/documents/{id}", "/index-b/documents/24"),
        new Request(400, "GET", "/index-b/documents/{id}", "/index-b/documents/24", "id", "2"),
        new Request(404, "GET", "/index-b/documents/{id}", "/index-b/documents/nope"),
        new Request(200, "GET", "/queues/{id}/failures", "/queues/prices/failures"),
        new Request(200, "GET", "/queues/{id}/failures", "/queues/prices/failures?limit=2"),
        new Request(200, "GET", "/queues/{id}/failures", "/queues/foreign/failures"),
        new Request(400, "GET", "/queues/{id}/failures", "/queues/prices/failures?limit=0"),
        new Request(404, "GET", "/queues/{id}/failures", "/queues/nope/failures"),
        new Request(404, "GET", "/queues/{id}/failures", "/queues/..%2Fproducts/failures"),
        new Request(202, "POST", "/queues/{id}/retry", "/queues/retried/retry"),
        new Request(409, "POST", "/queues/{id}/retry", "/queues/retried/retry"),
        new Request(400, "POST", "/queues/{id}/retry", "/queues/prices/retry?id=retried"),
        new Request(403, "POST", "/queues/{id}/retry", "/queues/prices/retry", "Origin", "http://shop.example"),
        new Request(404, "POST", "/queues/{id}/retry", "/queues/nope/retry"),
        new Request(409, "POST", "/queues/{id}/retry", "/queues/foreign/retry"),
        new Request(200, "GET", "/status", "/status"),
        new Request(200, "GET", "/openapi.json", "/openapi.json")));
    for (String path : paths().toList()) {
      Stream.of("GET", "POST", "PUT", "PATCH", "DELETE").filter(method -> !method.equals(method(path)))
          .forEach(method -> requests.add(new Request(405, method, path, uri(path))));
      if (operation(path).get("responses").has("406")) {
        requests.add(new Request(406, method(path), path, uri(path), "Accept", "text/html, application/problem+json"));
      }
    }

    Set<String> given = new TreeSet<>();
    Set<JsonNode> problems = new HashSet<>();
    for (String index : List.of("index-a", "index-b")) {
      requests.addAll(0, List.of(
          new Request(403, "POST", "/" + index + "/rebuild", "/" + index + "/rebuild", "Origin", "http://shop.example"),
          new Request(403, "POST", "/" + index + "/rollback", "/" + index + "/rollback", "Origin", "http://shop.example"),
          new Request(409, "POST", "/" + index + "/rollback", "/" + index + "/rollback"),
          new Request(202, "POST", "/" + index + "/rebuild", "/" + index + "/rebuild"),
          new Request(409, "POST", "/" + index + "/rebuild", "/" + index + "/rebuild")));
      requests.add(new Request(202, "POST", "/" + index + "/rollback", "/" + index + "/rollback"));
      // Nothing grows until all has been asked for.
      backend.services().getRouteController().suspendRoute(index + "-grow");
    }
    for (Request request : requests) {
      if (request.status() == 202 && request.path().endsWith("/rollback")) {
        awaitRebuilt(request.path().split("/")[1]);
      }
      HttpResponse<String> answer = backend.request(request.method(), request.uri(), request.headers());
      assertAsDescribed(request.path(), request.status(), answer);
      given.add(request.path() + " " + request.status());
      if (request.status() >= 400) {
        problems.add(Json.parse(answer.body()));
      }
    }
    for (String path : paths().toList()) {
      String answer = backend.raw(method(path), uri(path) + "?q=%ZZ");
      assertThat(answer).startsWith("HTTP/1.1 400 Bad Request\r\n").containsIgnoringCase("Content-Type: " + Problem.CONTENT_TYPE);
      given.add(path + " 400");
      problems.add(Json.parse(answer.substring(answer.indexOf("\r\n\r\n"))));
    }

    await().atMost(Duration.ofSeconds(20)).until(() -> !Files.exists(backend.queue("retried")));
    Set<String> described = new TreeSet<>();
    paths().forEach(path ->
        operation(path).get("responses").fieldNames().forEachRemaining(status -> described.add(path + " " + status)));
    described.removeIf(each -> each.endsWith(" 500"));
    assertThat(given).isEqualTo(described);
    assertThat(problems).as("examples of problems are real").containsAll(examplesOfProblems());
  }

  /** Lets an index grow whose growth was held up, and waits for that. */
  private static void awaitRebuilt(String index) throws Exception {
    backend.services().getRouteController().resumeRoute(index + "-grow");
    await().atMost(Duration.ofSeconds(20)).until(() -> {
      for (JsonNode each : Json.parse(backend.get("/status").body()).get("indexes")) {
        if (each.get("name").textValue().equals(index)) {
          return each.get("generation").intValue() == 2;
        }
      }
      return false;
    });
  }

  /** All but that of status 500. */
  private static List<JsonNode> examplesOfProblems() {
    return DOCUMENT.findValues(Problem.CONTENT_TYPE).stream()
        .flatMap(content -> examples(content).stream())
        .filter(problem -> problem.get("status").intValue() != 500)
        .toList();
  }

  @Test
  void answersWithTheDescribedProblemWhenSomethingFailsInTheServer() {
    DefaultExchange request = new DefaultExchange(backend.services());
    request.setProperty(DefaultExchange.EXCEPTION_CAUGHT, new IOException("not for the caller"));
    Problem.answer(request);

    JsonNode problem = Json.parse(request.getMessage().getBody(String.class));
    for (String path : paths().toList()) {
      JsonNode response = Schemas.resolved(DOCUMENT, operation(path).at("/responses/500"));
      JsonNode content = response.get("content").get(Problem.CONTENT_TYPE);
      assertThat(Schemas.errors(Schemas.ofOpenApi(DOCUMENT, content.get("schema")), problem)).isEmpty();
      assertThat(content.get("example")).isEqualTo(problem);
    }
  }

  @ParameterizedTest
  @MethodSource("pathsThatAreNotThere")
  void answersWithAProblemWhereThereIsNothing(String path) throws Exception {
    HttpResponse<String> answer = backend.get(path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue(Problem.CONTENT_TYPE);
    JsonNode schema = DOCUMENT.at("/components/schemas/Problem");
    assertThat(Schemas.errors(Schemas.ofOpenApi(DOCUMENT, schema), Json.parse(answer.body()))).isEmpty();
  }

  static Stream<String> pathsThatAreNotThere() {
    return Stream.of(
        "/products", "/queues", "/queues/prices", "/web/", "/web/nope.js", "/lib/swagger-ui/", "/products/1/price", "/index-a", "/index-c/search", "/favicon.ico", "/application.properties");
  }

  @Test
  void readsParametersPercentEncoded() throws Exception {
    assertThat(total("q=%22table%20lamp%22")).as("a phrase").isPositive().isEqualTo(total("q=%22table+lamp%22"));
    assertThat(total("q=caf%C3%A9")).as("café").isPositive().isLessThan(total(""));
    assertThat(total("q=%20")).as("a blank").isEqualTo(total(""));
    assertThat(total("%71=lamp")).as("the name of the parameter").isEqualTo(total("q=lamp"));
    assertThat(total("minPrice=%35%30")).isEqualTo(total("minPrice=50"));
    assertThat(backend.get("/index-b/documents?after=5%39%39").body())
        .isEqualTo(backend.get("/index-b/documents?after=599").body());
  }

  private static int total(String query) throws Exception {
    return Json.parse(backend.get("/index-b/search?" + query).body()).get("total").intValue();
  }

  @Test
  void goesOnAfterTheLastOfAPage() throws Exception {
    for (String path : List.of("/products/ids", "/index-a/documents", "/index-b/documents")) {
      String field = path.substring(path.lastIndexOf('/') + 1);
      List<String> ids = new ArrayList<>();
      JsonNode page;
      do {
        String after = ids.isEmpty() ? "" : ids.get(ids.size() - 1);
        page = Json.parse(backend.get(path + "?limit=250&after=" + after).body());
        page.get(field).forEach(each -> ids.add(each.isTextual() ? each.textValue() : each.get("id").textValue()));
      } while (page.get("more").booleanValue() && ids.size() < Backend.PRODUCTS);
      assertThat(ids).as(path).hasSize(Backend.PRODUCTS).doesNotHaveDuplicates().isSorted();
    }
  }

  private static String next(String query) throws Exception {
    return Json.parse(backend.get("/index-b/search?" + query).body()).get("next").textValue();
  }

  @Test
  void givesNothingAfterTheLastNumber() throws Exception {
    JsonNode page = Json.parse(backend.get("/products/changes?since=" + Long.MAX_VALUE).body());

    assertThat(page.get("changes")).isEmpty();
    assertThat(page.get("lastSequence").longValue()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void saysWhichIdsAreShadowed() {
    String description = operation("/products/{id}").get("description").textValue();
    List<String> shadowed =
        paths().filter(path -> path.matches("/products/[^{/]+")).map(path -> path.substring("/products/".length())).toList();

    assertThat(shadowed).isNotEmpty().allSatisfy(id -> assertThat(description).contains("`" + id + "`"));
  }

  @Test
  void hasExamplesThatFitTheirSchemas() {
    List<JsonNode> withSchema = DOCUMENT.findParents("schema");
    assertThat(withSchema).isNotEmpty();

    int examples = 0;
    for (JsonNode each : withSchema) {
      for (JsonNode value : examples(each)) {
        assertThat(Schemas.errors(Schemas.ofOpenApi(DOCUMENT, each.get("schema")), value)).as("%s", value).isEmpty();
        examples++;
      }
    }
    assertThat(examples).isGreaterThanOrEqualTo(30);
  }

  private static List<JsonNode> examples(JsonNode described) {
    List<JsonNode> values = new ArrayList<>();
    if (described.has("example")) {
      values.add(described.get("example"));
    }
    described.path("examples").forEach(example -> values.add(example.get("value")));
    return values;
  }

  @Test
  void hasAnExampleOfEveryAnswerWithABody() {
    for (String path : paths().filter(path -> !path.equals("/openapi.json")).toList()) {
      for (JsonNode response : operation(path).get("responses")) {
        for (JsonNode content : Schemas.resolved(DOCUMENT, response).path("content")) {
          assertThat(examples(content)).as("%s %s", path, response).isNotEmpty();
        }
      }
    }
  }

  private static void assertAsDescribed(String path, int status, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as("%s: %s", answer.uri(), answer.body()).isEqualTo(status);
    JsonNode response = Schemas.resolved(DOCUMENT, operation(path).get("responses").path(Integer.toString(status)));
    assertThat(response.has("description")).as("%s is not described for %s", status, path).isTrue();

    for (Map.Entry<String, JsonNode> header : response.path("headers").properties()) {
      String value = answer.headers().firstValue(header.getKey()).orElse("");
      JsonNode schema = Schemas.resolved(DOCUMENT, header.getValue()).get("schema");
      assertThat(Schemas.errors(Schemas.ofOpenApi(DOCUMENT, schema), Json.MAPPER.getNodeFactory().textNode(value)))
          .as("%s: %s", header.getKey(), value).isEmpty();
    }
    if (!response.has("content")) {
      assertThat(answer.body()).isEmpty();
      return;
    }
    Map.Entry<String, JsonNode> content = response.get("content").properties().iterator().next();
    assertThat(answer.headers().firstValue("Content-Type")).hasValue(content.getKey());
    JsonNode body = Json.parse(answer.body());
    assertThat(Schemas.errors(Schemas.ofOpenApi(DOCUMENT, content.getValue().get("schema")), body))
        .as("%s", answer.uri()).isEmpty();
    if (status >= 400) {
      assertThat(body.get("status").intValue()).isEqualTo(status);
    }
  }

  static Stream<String> paths() {
    return DOCUMENT.get("paths").properties().stream().map(Map.Entry::getKey);
  }

  static Stream<String> pathsToGet() {
    return paths().filter(path -> method(path).equals("GET"));
  }

  private static String uri(String path) {
    return path.replace("{id}", path.startsWith("/queues/") ? "prices" : "1");
  }

  /** The one method of a path. */
  private static String method(String path) {
    assertThat(DOCUMENT.get("paths").get(path)).hasSize(1);
    return DOCUMENT.get("paths").get(path).fieldNames().next().toUpperCase(Locale.ROOT);
  }

  private static JsonNode operation(String path) {
    return DOCUMENT.get("paths").get(path).elements().next();
  }

  private static Stream<JsonNode> parameters(String path, String in) {
    return StreamSupport.stream(operation(path).path("parameters").spliterator(), false)
        .map(parameter -> Schemas.resolved(DOCUMENT, parameter))
        .filter(parameter -> parameter.get("in").textValue().equals(in));
  }

  private interface Values {
    List<String> of(String path, String name, JsonNode schema);
  }

  private static Stream<Arguments> eachParameter(Values values) {
    return paths().flatMap(path -> parameters(path, "query").flatMap(parameter -> {
      String name = parameter.get("name").textValue();
      return values.of(path, name, parameter.get("schema")).stream().map(value -> arguments(path, name, value));
    }));
  }
}
