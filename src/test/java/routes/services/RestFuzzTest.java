package routes.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import endtoend.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is asked of the API that openapi.json describes, with any values of its parameters: the answer is JSON or a problem, never
 * a failure of the server, and comes soon. {@code -Dfuzz.seed=…} repeats a run.
 */
@Timeout(120)
class RestFuzzTest {

  private static final int REQUESTS = 2_000;
  private static final int SOON_MS = 2_000;
  /** A longer request line gets a bare 414, as described. */
  private static final int MAX_TARGET = 3_900;
  private static final List<String> ACCEPTED =
      List.of("*/*", "application/json", "application/*", "text/html", "", ",", "application/json;q=", "*/*;q=0", "\u00e9", "a/b/c");

  @TempDir
  private static Path folder;

  private static Backend backend;

  private final long seed = Long.getLong("fuzz.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @BeforeAll
  static void startsTheServicesWithSomeProducts() {
    backend = new Backend(folder);
    backend.start("broker");
    backend.start("services");
    assertThat(backend.index("fullIndex", "sample.products", 1_000).status()).isZero();
    backend.awaitIndexes();
  }

  @AfterAll
  static void stops() {
    backend.close();
  }

  @Test
  void everyRequestGetsAnAnswerThatCanBeReadAndSoon() throws Exception {
    System.out.println("fuzz.seed=" + seed);
    int port = Integer.parseInt(backend.property("rest.port"));
    JsonNode paths = Backend.parse(Files.readString(Path.of("src/main/resources/openapi.json"))).path("paths");
    List<Map.Entry<String, JsonNode>> described = new ArrayList<>(paths.properties());
    int answered = 0;
    for (int i = 0; i < REQUESTS; i++) {
      Map.Entry<String, JsonNode> path = described.get(random.nextInt(described.size()));
      String method = path.getValue().fieldNames().next().toUpperCase(Locale.ROOT);
      String sent = random.nextInt(30) == 0 ? List.of("PUT", "DELETE", "PATCH", "POST", "GET").get(random.nextInt(5)) : method;
      String target = target(path.getKey(), path.getValue().path(method.toLowerCase(Locale.ROOT)));
      String headers = headers();
      String request = "seed %d: %s %s%s".formatted(seed, sent, target, headers.replace("\r\n", " | "));
      long start = System.nanoTime();

      RawRequest answer = RawRequest.send(port, sent + " " + target + " HTTP/1.1" + headers);

      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).as("ms of %s", request).isLessThan(SOON_MS);
      assertThat(answer.statusCode()).as("%s: %s", request, answer.body()).isBetween(200, 499);
      if (answer.statusCode() == 304) {
        assertThat(answer.body()).as(request).isEmpty();
      } else {
        String type = answer.headers().firstValue("content-type").orElse("none");
        assertThat(type).as("%s: %s", request, answer).startsWith(answer.statusCode() < 300 ? "application/json" : "application/problem+json");
        assertThat(Backend.parse(answer.body()).isObject()).as(request).isTrue();
      }
      answered += answer.statusCode() == 200 ? 1 : 0;
    }
    assertThat(answered).as("seed %d: requests that were right", seed).isGreaterThan(REQUESTS / 10);
  }

  private String headers() {
    String headers = "";
    if (random.nextInt(4) == 0) {
      headers += "\r\nAccept: " + ACCEPTED.get(random.nextInt(ACCEPTED.size()));
    }
    if (random.nextInt(6) == 0) {
      headers += "\r\nIf-None-Match: " + List.of("*", "\"1\"", "W/\"17\"", "\"", ",,,", "x".repeat(500)).get(random.nextInt(6));
    }
    return random.nextInt(50) == 0 ? headers + "\r\nid: 17\r\nq: x\r\nCamelHttpQuery: limit=x" : headers;
  }

  private String target(String path, JsonNode operation) {
    StringBuilder target = new StringBuilder(path.replace("{id}", random.nextBoolean() ? "" + random.nextInt(1_200) : encoded(value())));
    char separator = '?';
    for (JsonNode parameter : operation.path("parameters")) {
      String name = parameter.has("$ref")
          ? parameter.path("$ref").textValue().replaceAll(".*/", "").toLowerCase(Locale.ROOT) : parameter.path("name").textValue();
      for (int times = random.nextInt(20) == 0 ? 2 : random.nextInt(2); times > 0; times--) {
        target.append(separator).append(name).append('=').append(encoded(value()));
        separator = '&';
      }
    }
    if (random.nextInt(10) == 0) {
      target.append(separator).append(encoded(value())).append(random.nextBoolean() ? "=" : "&&==").append(encoded(value()));
    }
    return target.length() <= MAX_TARGET ? target.toString() : target.substring(0, MAX_TARGET);
  }

  private String value() {
    return switch (random.nextInt(12)) {
      case 0 -> Integer.toString(random.nextInt(2_000));
      case 1 -> List.of("-1", "0", "00", "9223372036854775807", "9223372036854775808", "1e9", "1.5", "+1", "0x10", "\u0661", "NaN",
          "1e999999999", "12.50", "price", "-price", "name", "changes", "ids", "", " ", "\u0000", "\uffff").get(random.nextInt(22));
      case 2 -> "(".repeat(random.nextInt(1_000));
      case 3 -> "(a".repeat(random.nextInt(250)) + ")".repeat(random.nextInt(500));
      case 4 -> "word~2 ".repeat(random.nextInt(140));
      case 5 -> "\"tent jacket\"~9 ".repeat(random.nextInt(60));
      case 6 -> "e* t* j* ".repeat(random.nextInt(110));
      case 7 -> "-tent +jacket | ".repeat(random.nextInt(60));
      case 8 -> letters(random.nextInt(1_100));
      default -> random.ints(random.nextInt(60), 1, 0xD7FF)
          .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    };
  }

  private String letters(int count) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < count; i++) {
      letters.append("abcdefghij\"()*~|+- \\".charAt(random.nextInt(20)));
    }
    return letters.toString();
  }

  /** As a browser would send it, or in part, or with a sign of percent-encoding that means nothing. */
  private String encoded(String value) {
    String encoded = Backend.encode(value);
    return switch (random.nextInt(25)) {
      case 0 -> encoded + "%";
      case 1 -> encoded.replace("%", "%z");
      case 2 -> encoded + "%ff%c3";
      case 3 -> encoded + ";,:@!$'[]{}^`|<>\"\\";
      default -> encoded;
    };
  }
}
