package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.spi.RouteController;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All of it in one process. */
@Timeout(60)
class DemoTest {

  @TempDir
  private Path folder;

  @Test
  void theDemoIndexesTheSampleCatalogueAndStaysUp() {
    try (Backend backend = new Backend(folder); LogCapture log = new LogCapture()) {
      Backend.Process demo = backend.start("demo");
      await().atMost(Duration.ofSeconds(30)).until(() -> backend.json("/status").at("/products/count").intValue() == 1_000);
      backend.awaitIndexes();

      assertThat(backend.json("/index-a/search?q=jacket").path("total").intValue()).isPositive();
      assertThat(backend.json("/index-b/search?maxPrice=50").path("total").intValue()).isPositive();
      assertThat(backend.json("/products/ids?limit=2").path("ids")).hasSize(2);
      assertThat(backend.get("/products/17").statusCode()).isEqualTo(200);
      await().atMost(Duration.ofSeconds(30)).until(() -> backend.json("/status").path("queues").isEmpty());
      assertThat(demo.ended()).isFalse();

      assertThat(log.lines()).anyMatch(line -> line.startsWith("Try it: http://127.0.0.1:" + backend.property("rest.port")));

      // A second start in the same folder goes through it all again.
      demo.stop();
      backend.start("demo");
      await().atMost(Duration.ofSeconds(30)).until(() -> backend.json("/status").at("/products/sequence").intValue() == 2_000);
      assertThat(log.complaints()).isEmpty();
    }
  }

  @Test
  void theNextStepIsToldWhenSearchesShowWhatWasIndexed() throws Exception {
    try (Backend backend = new Backend(folder).with("sample.products", 50).with("index.next-step", "Now search"); LogCapture log = new LogCapture()) {
      backend.start("broker");
      Backend.Process services = backend.start("services");
      RouteController routes = services.context().getRouteController();
      routes.stopRoute("index-a-remind-of-catch-up");
      routes.stopRoute("index-a-subscribe-changes");
      Backend.Process indexer = backend.launch("fullIndex");
      await().atMost(Duration.ofSeconds(30)).until(() -> log.lines().stream().anyMatch(line -> line.startsWith("fullIndex: 50 products in ")));
      await().during(Duration.ofMillis(500)).atMost(Duration.ofSeconds(5)).until(() -> !log.lines().contains("Now search"));

      routes.startRoute("index-a-subscribe-changes");
      routes.startRoute("index-a-remind-of-catch-up");
      await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(2)).until(() -> log.lines().contains("Now search"));
      assertThat(backend.json("/index-a/search").path("total").intValue()).isEqualTo(50);
      assertThat(backend.json("/index-b/search").path("total").intValue()).isEqualTo(50);
      assertThat(indexer.awaitEnd()).isZero();
    }
  }
}
