package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
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

      // A second start in the same folder goes through it all again.
      demo.stop();
      backend.start("demo");
      await().atMost(Duration.ofSeconds(30)).until(() -> backend.json("/status").at("/products/sequence").intValue() == 2_000);
      assertThat(log.complaints()).isEmpty();
    }
  }
}
