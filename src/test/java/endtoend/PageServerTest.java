package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import queue.IndexQueue;
import routes.services.RawRequest;
import routes.services.page.Live;

/** What serves the page, without a browser: whom it answers, what it lets through, and what it pushes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class PageServerTest {

  private static final String FAILURES = "/queues/q/failures";
  private static final String RETRY = "/queues/q/retry";

  @TempDir
  private static Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private Backend backend;
  private Backend.Process services;

  @BeforeAll
  void starts() throws Exception {
    // No broker: an indexer that is started here waits for it.
    backend = new Backend(folder).with("page.interval-ms", 50).with("rest.allowed-hosts", "shop.example, other.example")
        .with("startup.patience-ms", 1_000);
    services = backend.launch("services");
    await().atMost(Duration.ofSeconds(30)).until(() -> port() > 0 && answers());
  }

  @AfterAll
  void stops() {
    backend.close();
  }

  private boolean answers() {
    try {
      return backend.get("/").statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private int port() {
    return Integer.parseInt(backend.property("rest.port"));
  }

  private String here() {
    return "http://127.0.0.1:" + port();
  }

  private HttpResponse<String> post(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(here() + path)).POST(BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return backend.send(request.build());
  }

  private static String detail(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    return Backend.parse(answer.body()).path("detail").textValue();
  }

  /** A queue as an indexer leaves it when one product failed. */
  private Path queue(String id, String command) throws Exception {
    return queue(id, command, "");
  }

  private Path queue(String id, String command, String productIds) throws Exception {
    Path queue = folder.resolve("queue").resolve(id);
    Files.createDirectories(queue.resolve("chunks"));
    Files.createDirectories(queue.resolve("failed"));
    Files.writeString(queue.resolve("lock"), "");
    Files.writeString(queue.resolve("run.json"), """
        {"command": "%s", "database": "jdbc:h2:file:%s/source/shop;AUTO_SERVER=TRUE", "productIds": "%s", "sweeps": false,
         "listedAt": 1, "products": 3, "stage": "index", "present": 0, "deleted": 0}"""
        .formatted(command, folder, productIds));
    Files.writeString(queue.resolve("failed/chunk-0000001-2.json"), "{\"ids\": [1, 2], \"reasons\": {\"1\": \"why\", \"2\": \"so\"}}");
    Files.writeString(queue.resolve("failed/chunk-0000002-1.json"), "{\"ids\": [3], \"reasons\": {\"3\": \"<b>too</b>\"}}");
    return queue;
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "https://127.0.0.1:1", "http://localhost:3000", "null", "http://127.0.0.1.evil.example", "x"})
  void whatChangesSomethingRefusesPagesOfOtherSites(String origin) {
    assertThat(detail(post(RETRY, "Origin", origin), 403)).contains("a page of " + origin + " may not do that");
    assertThat(backend.get("/status", "Origin", origin).statusCode()).as("reading is left to the browser").isEqualTo(200);
    assertThatThrownBy(() -> http.newWebSocketBuilder().header("Origin", origin)
        .buildAsync(URI.create("ws://127.0.0.1:" + port() + "/live"), new WebSocket.Listener() {}).get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(WebSocketHandshakeException.class)
        .satisfies(e -> assertThat(((WebSocketHandshakeException) e.getCause()).getResponse().statusCode()).isEqualTo(403));
  }

  @Test
  void ownPagesAndProgramsMay() {
    assertThat(detail(post(RETRY), 404)).isEqualTo("there is no queue with the id 'q'");
    assertThat(detail(post(RETRY, "Origin", here()), 404)).isNotEmpty();
    assertThat(detail(post(RETRY, "Origin", "https://shop.example"), 404)).as("named in rest.allowed-hosts").isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "evil.example, 403", "evil.example:8081, 403", "127.0.0.1.evil.example, 403", "169.254.169.254, 403",
    "localhost, 200", "LOCALHOST:8081, 200", "127.0.0.1:99, 200", "[::1]:8081, 200", "shop.example, 200", "Other.Example:443, 200"
  })
  void answersUnderItsOwnNamesAlone(String host, int status) {
    for (String path : new String[] {"/status", "/", "/web/app.js", "/openapi.json"}) {
      HttpResponse<String> answer = RawRequest.send(port(), "GET " + path + " HTTP/1.1", host);
      assertThat(answer.statusCode()).as("%s of %s", path, host).isEqualTo(status);
    }
  }

  @Test
  void thePageNeedsNothingFromElsewhereAndMayNotBeFramed() {
    for (String path : new String[] {"/", "/docs", "/web/app.js", "/web/style.css", "/lib/chart.js/chart.umd.min.js", "/lib/swagger-ui/swagger-ui.css"}) {
      HttpResponse<String> answer = backend.get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Security-Policy").orElse("")).as(path)
          .contains("default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'")
          .doesNotContain("unsafe", "http:", "https:", "*");
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-cache");
    }
    for (String page : new String[] {"/", "/docs"}) {
      assertThat(backend.get(page).body()).doesNotContainPattern("<script(?![^>]* src=\"(web|lib)/)").doesNotContain("style=", "onclick", "://");
    }
    assertThat(backend.get("/web/app.js").headers().firstValue("Content-Type").orElse("")).startsWith("text/javascript");
    assertThat(backend.get("/").headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
    assertThat(backend.send(HttpRequest.newBuilder(URI.create(here() + "/")).method("HEAD", BodyPublishers.noBody()).build()).body()).isEmpty();
    assertThat(detail(post("/"), 405)).isEqualTo("/ takes GET, HEAD only");
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "/web/", "/web/../application.properties", "/web/%2e%2e/application.properties", "/web/..%2fapplication.properties",
    "/web/..%5capplication.properties", "/web//etc/passwd", "/lib/", "/lib/chart.js/../package.json", "/lib/swagger-ui/../../../../application.properties",
    "/index.html", "/application.properties", "/web/.hidden"
  })
  void nothingElseOfTheClassPathIsServed(String path) {
    HttpResponse<String> answer = RawRequest.send(port(), "GET " + path + " HTTP/1.1", "localhost");
    assertThat(answer.statusCode()).as(path).isEqualTo(404);
    assertThat(answer.body()).doesNotContain("kv.folder", "root:");
  }

  @Test
  void tellsAPageAtOnceAndThenAgainAndAgain() throws Exception {
    queue("told", "priceIndex");
    try (Peer page = Peer.at(port(), "/live")) {
      JsonNode first = Backend.parse(page.next());
      JsonNode second = Backend.parse(page.next());
      assertThat(second.path("at").longValue()).isGreaterThanOrEqualTo(first.path("at").longValue());
      assertThat(first.at("/status/indexes")).hasSize(2);
      assertThat(first.at("/status/queues").findValuesAsText("id")).contains("told");
      assertThat(first.at("/events/count").isIntegralNumber()).isTrue();
      page.send("what a page says is ignored");
      page.next(3);
    }
    assertThat(detail(backend.get("/live"), 400)).isEqualTo("/live is a websocket");
  }

  @Test
  void aPageThatStopsReadingIsLeftOutAndThenDisconnected() {
    Live live = services.context().getRegistry().lookupByNameAndType("live", Live.class);
    try (Peer stalled = Peer.stalledAt(port(), "/live"); Peer healthy = Peer.at(port(), "/live")) {
      healthy.next();
      stalled.send("what comes is not read");
      await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10)).until(() -> {
        for (int i = 0; i < 500; i++) {
          live.push();
        }
        return live.pages() == 1;
      });
      // Whoever reads is still told.
      healthy.next();
      assertThat(healthy.ended()).isNotDone();
    }
  }

  @Test
  void failuresAreListedWithTheirReasons() throws Exception {
    queue("q1", "priceIndex");
    assertThat(backend.json("/queues/q1/failures")).isEqualTo(Backend.parse("""
        {"queue": "q1", "failures": [
          {"id": "1", "reason": "why"}, {"id": "2", "reason": "so"}, {"id": "3", "reason": "<b>too</b>"}], "more": false}"""));
    assertThat(backend.json("/queues/q1/failures?limit=1")).isEqualTo(Backend.parse("""
        {"queue": "q1", "failures": [{"id": "1", "reason": "why"}], "more": true}"""));
    assertThat(detail(backend.get(FAILURES), 404)).isEqualTo("there is no queue with the id 'q'");
    assertThat(detail(backend.get("/queues/..%2Fqueue%2Fq1/failures"), 404)).isNotEmpty();
  }

  @Test
  void aRetrySaysWhyItCannotBe() throws Exception {
    queue("foreign", "otherIndex");
    assertThat(detail(post("/queues/foreign/retry"), 409)).isEqualTo("the queue foreign belongs to otherIndex, which is no index command here");
    queue("strange", "services");
    assertThat(detail(post("/queues/strange/retry"), 409)).as("a process that is no indexer").contains("no index command");
    queue("some", "priceIndex", "c0ffee");
    assertThat(detail(post("/queues/some/retry"), 409)).contains("product.ids", "QUEUE_ID=some");
    Files.writeString(queue("torn", "priceIndex").resolve("run.json"), "{");
    assertThat(detail(post("/queues/torn/retry"), 409)).contains("torn/run.json cannot be read");
    Files.writeString(Files.createDirectories(folder.resolve("queue/half/listing")).resolve("chunk-0000001-1.json"), "{\"ids\": [1]}");
    assertThat(detail(post("/queues/half/retry"), 409)).contains("interrupted while its ids were listed", "QUEUE_ID=half");
    Path elsewhere = queue("elsewhere", "priceIndex").resolve("run.json");
    Files.writeString(elsewhere, Files.readString(elsewhere).replaceFirst("jdbc:[^\"]*", "jdbc:postgresql://legacy/shop"));
    assertThat(detail(post("/queues/elsewhere/retry"), 409)).startsWith("the queue elsewhere belongs to priceIndex of"
        + " jdbc:postgresql://legacy/shop, but source.url is jdbc:h2:file:" + folder).endsWith("QUEUE_ID=elsewhere");
    assertThat(detail(post("/queues/nowhere/retry"), 404)).contains("there is no queue with the id 'nowhere'");
    Path held = queue("held", "priceIndex");
    try (IndexQueue other = IndexQueue.open(folder.resolve("queue"), "held")) {
      assertThat(detail(post("/queues/held/retry"), 409)).isEqualTo("an indexer works on the queue " + other.id() + " already: wait for it");
    }
    assertThat(held.resolve("failed")).exists();
  }

  /** The retry runs as another process would: it ends by itself, and what it could not do stays. */
  @Test
  void aRetryThatCannotGoOnIsToldToThePage() throws Exception {
    Path queue = queue("retried", "priceIndex");
    HttpResponse<String> answer = post("/queues/retried/retry", "Origin", here());
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(Backend.parse(answer.body())).isEqualTo(Backend.parse("{\"queue\": \"retried\", \"command\": \"priceIndex\"}"));
    assertThat(detail(post("/queues/retried/retry"), 409)).contains("an indexer works on the queue retried already");
    try (Peer page = Peer.at(port(), "/live")) {
      await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
        JsonNode retry = Backend.parse(page.next()).path("retries").get(0);
        assertThat(retry.path("queue").textValue()).isEqualTo("retried");
        assertThat(retry.path("running").booleanValue()).isFalse();
        assertThat(retry.path("status").intValue()).isEqualTo(2);
        assertThat(retry.path("reason").textValue()).startsWith("there is no broker at 127.0.0.1:" + backend.brokerPort());
      });
    }
    assertThat(queue).exists();
    assertThat(new String(Files.readAllBytes(queue.resolve("run.json")), StandardCharsets.UTF_8)).contains("priceIndex");
    assertThat(services.ended()).as("the services go on").isFalse();
  }
}
