package routes.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of why a run stopped. */
class StopTest {

  @TempDir
  private Path folder;

  private void stop(String queueId, String reason) {
    Properties properties = new Properties();
    properties.setProperty("kv.folder", folder.toString());
    properties.setProperty("queue.id", queueId);
    CamelContext context = new DefaultCamelContext();
    context.getPropertiesComponent().setInitialProperties(properties);
    Stop.keep(context, reason);
    context.stop();
  }

  @Test
  void theLatestReasonLiesBesideItsQueue() throws Exception {
    Path queue = Files.createDirectories(folder.resolve("queue/q"));
    assertThat(Stop.of(queue)).isEmpty();
    stop("q", "no \"broker\"");
    stop("q", "no database:\n日本");
    assertThat(Stop.of(queue)).get().extracting(Stop::reason).isEqualTo("no database:\n日本");
  }

  @Test
  void withoutAQueueNothingIsKept() throws Exception {
    Files.createDirectories(folder.resolve("queue"));
    stop("gone", "why");
    stop("", "why");
    assertThat(folder.resolve("queue")).isEmptyDirectory();
  }

  @Test
  void whatCannotBeReadIsNoReason() throws Exception {
    Path queue = Files.createDirectories(folder.resolve("queue/q"));
    for (String torn : new String[] {"", "{", "[]", "{\"reason\": \"x\"}", "{\"at\": \"yesterday\", \"reason\": \"x\"}"}) {
      Files.writeString(queue.resolve("stopped.json"), torn);
      assertThat(Stop.of(queue)).as(torn).isEmpty();
    }
  }
}
