package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens when a disk is full: one line that says so, nothing lost, and it goes on when there is room. The full disk is a
 * small one in memory, which only some users of some systems may mount: others skip these tests.
 */
@Timeout(120)
class FullDiskTest {

  private static final int PRODUCTS = 1_000;
  private static final String NO_SPACE = "No space left on device";

  @TempDir
  private Path folder;

  private Backend backend;
  private Path mounted;

  @BeforeEach
  void startsTheBroker() {
    backend = new Backend(folder.resolve("kv")).with("sample.products", PRODUCTS).with("catch-up.interval-ms", 100);
    backend.start("broker");
  }

  @AfterEach
  void stopsAndUnmounts() throws Exception {
    try {
      backend.close();
    } finally {
      if (mounted != null) {
        assertThat(run("umount", mounted.toString())).as("umount %s", mounted).isZero();
      }
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("end of %s", List.of(command)).isTrue();
    return process.exitValue();
  }

  private void mountSmallDisk(String name, int kilobytes) throws Exception {
    Path place = Files.createDirectories(folder.resolve("kv").resolve(name));
    boolean possible;
    try {
      possible = run("mount", "-t", "tmpfs", "-o", "size=" + kilobytes + "k", "tmpfs", place.toString()) == 0;
    } catch (IOException e) {
      possible = false;
    }
    assumeThat(possible).as("this user may mount a small disk in memory (as root on Linux): if not, full disks are not tested").isTrue();
    mounted = place;
  }

  private void makeRoom() throws Exception {
    assertThat(run("mount", "-o", "remount,size=200m", mounted.toString())).isZero();
  }

  private void everythingIsThere() {
    backend.awaitIndexes();
    assertThat(backend.products()).hasSize(PRODUCTS);
    assertThat(backend.documents("index-a")).hasSize(PRODUCTS);
    assertThat(backend.documents("index-b")).hasSize(PRODUCTS);
  }

  @Test
  void aQueueThatFindsNoRoomEndsTheIndexerAndIsListedAnewWhenThereIs() throws Exception {
    mountSmallDisk("queue", 64);
    backend.start("services");

    Backend.Ended full = backend.index("fullIndex", "queue.id", "Q", "queue.chunk-size", 20);

    assertThat(full.status()).isEqualTo(2);
    assertThat(full.log().lines(Level.ERROR)).singleElement().asString().startsWith("fullIndex: the queue Q cannot be written: ")
        .contains(NO_SPACE).contains("Make room");
    assertThat(full.log().stackTraces()).isEmpty();

    makeRoom();
    assertThat(backend.index("fullIndex", "queue.id", "Q", "queue.chunk-size", 20).status()).isZero();
    everythingIsThere();
  }

  @Test
  void aProductStoreThatFindsNoRoomEndsItsProcessWhichGoesOnWhenThereIs() throws Exception {
    mountSmallDisk("products", 160);
    Backend.Process services = backend.start("services");
    try (LogCapture log = new LogCapture()) {
      Backend.Process indexer = backend.launch("fullIndex", "queue.chunk-size", 100, "ack.timeout-ms", 500);
      assertThat(services.awaitEnd()).as("%s", log.lines()).isEqualTo(2);
      assertThat(errors(log)).singleElement().asString().startsWith("the product store ").contains(NO_SPACE).contains("Make room");
      assertThat(log.stackTraces()).isEmpty();
      assertThat(backend.launch("productData").awaitEnd()).as("status without room: %s", log.lines()).isEqualTo(2);
      assertThat(errors(log)).hasSize(2).last().asString().contains("Make room").doesNotContain("move it away");

      makeRoom();
      backend.start("services");
      assertThat(indexer.awaitEnd()).as("%s", log.lines()).isZero();
    }
    everythingIsThere();
  }

  /** But for what those are told who read from a process that ends. */
  private static List<String> errors(LogCapture log) {
    return log.lines(Level.ERROR).stream().filter(line -> !line.endsWith("is closed: this process ends")).toList();
  }

  @Test
  void anIndexThatFindsNoRoomEndsItsProcessWhichGoesOnWhenThereIs() throws Exception {
    mountSmallDisk("index-a", 48);
    int port = Backend.freePorts(1)[0];
    backend.start("productData");
    Backend.Process indexA = backend.start("indexA", "rest.port", port, "index.commit-ms", 100);
    try (LogCapture log = new LogCapture()) {
      assertThat(backend.index("fullIndex").status()).as("the others go on").isZero();
      assertThat(indexA.awaitEnd()).as("%s", log.lines()).isEqualTo(2);
      assertThat(log.lines(Level.ERROR)).singleElement().asString().startsWith("the index index-a cannot be written: ")
          .contains(NO_SPACE).contains("Make room");
      assertThat(log.stackTraces()).isEmpty();
    }

    makeRoom();
    backend.start("indexA", "rest.port", port);
    backend.awaitProgress(port, "/indexes/0/checkpoint", PRODUCTS);
    await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50))
        .until(() -> backend.documents(port, "index-a").size() == PRODUCTS);
  }
}
