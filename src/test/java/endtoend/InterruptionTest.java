package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Ctrl-C does to a process that waits for something: it ends at once, says so, and loses nothing. */
@Timeout(90)
class InterruptionTest {

  /** Long, so that a process which ends in time does not end because of it. */
  private static final int SHUTDOWN_SECONDS = 30;

  private static final Duration AT_ONCE = Duration.ofSeconds(6);

  @TempDir
  private Path folder;

  private Backend backend;

  @BeforeEach
  void startsTheBroker() {
    backend = new Backend(folder.resolve("kv")).with("camel.main.shutdownTimeout", SHUTDOWN_SECONDS).with("sample.products", 300)
        .with("source.url", "jdbc:h2:mem:" + folder.getFileName() + ";DB_CLOSE_DELAY=-1")
        .with("sample.url", "jdbc:h2:mem:" + folder.getFileName() + ";DB_CLOSE_DELAY=-1");
    backend.start("broker");
  }

  @AfterEach
  void stops() {
    backend.close();
  }

  private static String stop(Backend.Process process, LogCapture log) {
    long before = System.nanoTime();
    process.stop();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).as("%s", log.lines()).isLessThan(AT_ONCE);
    assertThat(log.stackTraces()).isEmpty();
    assertThat(log.lines(Level.ERROR)).isEmpty();
    return String.join("\n", log.lines(Level.WARN));
  }

  private void awaitQueue(String folderOfChunks) {
    await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10))
        .until(() -> Files.exists(folder.resolve("kv/queue/Q").resolve(folderOfChunks)));
  }

  @Test
  void anIndexerThatWaitsForAcknowledgementsSaysWhatIsLeft() throws Exception {
    try (ProductDataApi api = new ProductDataApi(); Peer updates = Peer.subscriber(backend.brokerPort(), "update");
        LogCapture log = new LogCapture()) {
      Backend.Process indexer = backend.launch("fullIndex", "queue.id", "Q", "product-data.url", api.url(),
          "startup.retry-ms", 60_000, "ack.timeout-ms", 60_000);
      updates.next();

      assertThat(stop(indexer, log))
          .isEqualTo("fullIndex: interrupted. 300 products are left in the queue; QUEUE_ID=Q and the same command go on");
      assertThat(indexer.awaitEnd()).isEqualTo(2);
    }
    backend.start("services");
    Backend.Ended resumed = backend.index("fullIndex", "queue.id", "Q");
    assertThat(resumed.status()).isZero();
    assertThat(resumed.log().lines()).contains("fullIndex: 300 products in the queue Q");
  }

  @Test
  void anIndexerThatTriesAgainAndAgainSaysWhatIsLeft() {
    try (LogCapture log = new LogCapture()) {
      Backend.Process indexer =
          backend.launch("fullIndex", "queue.id", "Q", "ack.timeout-ms", 60_000, "ack.retry-delay-ms", 60_000);
      awaitQueue("chunks");
      assertThat(stop(indexer, log)).contains("fullIndex: interrupted. 300 products are left in the queue; QUEUE_ID=Q");
    }
  }

  @Test
  void anIndexerThatListsIdsBeginsAnew() throws Exception {
    Path ids = Files.writeString(folder.resolve("ids.sql"), "select x as id from system_range(1, 100000)");
    try (LogCapture log = new LogCapture()) {
      Backend.Process indexer = backend.launch("fullIndex", "queue.id", "Q", "source.ids-sql", ids, "queue.chunk-size", 1);
      awaitQueue("listing/chunk-0000010-1.json");
      assertThat(stop(indexer, log))
          .isEqualTo("fullIndex: interrupted. The ids were not all listed: the same command begins anew");
    }
    assertThat(folder.resolve("kv/queue/Q")).doesNotExist();
  }

  @Test
  void anIndexOrAVerificationThatIsNotAnsweredEndsWithoutTheAnswer() throws Exception {
    // It takes connections, and never answers.
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress()); LogCapture log = new LogCapture()) {
      backend.with("product-data.url", "http://127.0.0.1:" + silent.getLocalPort());
      Backend.Process index = backend.start("indexA");
      assertThat(silent.accept().getInputStream().read()).isEqualTo('G');
      assertThat(stop(index, log)).isEmpty();

      Backend.Process verify = backend.launch("verify");
      assertThat(silent.accept().getInputStream().read()).isEqualTo('G');
      assertThat(stop(verify, log)).isEqualTo("verify: interrupted, before it was known whether all places are equal");
      assertThat(verify.awaitEnd()).isEqualTo(2);
    }
  }

  @Test
  void servicesWithoutABrokerEnd() {
    try (LogCapture log = new LogCapture()) {
      Backend.Process services = backend.launch("services", "broker.port", Backend.freePorts(1)[0]);
      await().atMost(Duration.ofSeconds(30))
          .until(() -> log.lines().stream().anyMatch(line -> line.startsWith("Listening on") && line.endsWith("(rest)")));
      stop(services, log);
    }
  }
}
