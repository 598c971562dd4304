package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Broker, services and indexers as real processes, started as the README says; only ports and folder are others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class ProcessIT {

  private static final int SECONDS = 60;

  @TempDir
  private static Path folder;

  private final List<Started> started = new ArrayList<>();
  /** Not to start processes, but for its ports and requests. */
  private Backend backend;
  private Started broker;
  private Started services;

  /** A process of this test, and what it printed. */
  private record Started(Process process, Path log) {

    String output() {
      try {
        // Maven colours even nothing.
        return Files.readString(log).replaceAll("\u001B\\[[0-9;]*m", "");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    int awaitEnd() throws InterruptedException {
      assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as("end of %s: %s", log.getFileName(), output()).isTrue();
      return process.exitValue();
    }

    /** Ends it at once, as {@code kill -9} does, with what it started in turn. */
    void kill() throws InterruptedException {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor(SECONDS, TimeUnit.SECONDS);
    }
  }

  private Started mvn(String profile, String queueId, String... definitions) throws IOException {
    return mvn(profile, backend, queueId, definitions);
  }

  /**
   * Runs {@code mvn camel:run -P<profile>} (without {@code -P} for the demo) in a terminal of its own, with {@code QUEUE_ID} if
   * one is given.
   */
  private Started mvn(String profile, Backend where, String queueId, String... definitions) throws IOException {
    List<String> command = new ArrayList<>(List.of(maven(), "-B", "-q", "camel:run"));
    if (!profile.equals("demo")) {
      command.add("-P" + profile);
    }
    for (String key : List.of("kv.folder", "broker.port", "rest.port", "product-data.url")) {
      command.add("-D" + key + "=" + where.property(key));
    }
    String repository = System.getProperty("maven.repo.local", "");
    if (!repository.isEmpty()) {
      command.add("-Dmaven.repo.local=" + repository);
    }
    Arrays.stream(definitions).map(definition -> "-D" + definition).forEach(command::add);
    Path log = folder.resolve(started.size() + "-" + profile + ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().keySet().removeAll(List.of("QUEUE_ID", "MAVEN_OPTS", "MAVEN_ARGS", "LOG_LEVEL"));
    if (queueId != null) {
      builder.environment().put("QUEUE_ID", queueId);
    }
    Started process = new Started(builder.start(), log);
    started.add(process);
    return process;
  }

  private static String maven() {
    String mvn = File.separatorChar == '\\' ? "mvn.cmd" : "mvn";
    Stream<String> homes = Stream.of(System.getProperty("maven.home"), System.getenv("MAVEN_HOME"), System.getenv("M2_HOME"))
        .filter(Objects::nonNull).map(home -> home + File.separator + "bin");
    return Stream.concat(homes, Arrays.stream(System.getenv("PATH").split(File.pathSeparator)))
        .map(bin -> Path.of(bin, mvn)).filter(Files::isExecutable).findFirst().map(Path::toString)
        .orElseThrow(() -> new AssertionError("no " + mvn + " in maven.home, MAVEN_HOME or PATH"));
  }

  @BeforeAll
  void startsBrokerAndServices() throws Exception {
    backend = new Backend(folder.resolve("kv"));
    broker = mvn("broker", null);
    services = mvn("services", null);
    await("broker").atMost(Duration.ofSeconds(SECONDS)).until(() -> {
      assertThat(broker.process().isAlive()).as(broker.output()).isTrue();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), backend.brokerPort())) {
        return socket.isConnected();
      } catch (IOException e) {
        return false;
      }
    });
    await("services").atMost(Duration.ofSeconds(SECONDS)).until(() -> {
      assertThat(services.process().isAlive()).as(services.output()).isTrue();
      try {
        return backend.get("/status").statusCode() == 200;
      } catch (UncheckedIOException e) {
        return false;
      }
    });
  }

  @AfterAll
  void stopsWhatItStarted() throws Exception {
    for (Started process : started) {
      process.kill();
    }
  }

  private long sequence() {
    return backend.json("/status").at("/products/sequence").longValue();
  }

  @Test
  void theFourTerminalsOfTheReadmeIndexTheSampleCatalogueAndAChangedPrice() throws Exception {
    Started full = mvn("fullIndex", null);
    assertThat(full.awaitEnd()).as(full.output()).isZero();
    assertThat(full.output()).containsPattern("fullIndex: [0-9,]+ products in the queue fullIndex-[a-z0-9]+")
        .containsPattern("fullIndex: [0-9,]+ products in [0-9.]+ s, [0-9,]+ products/s, .*, 0 rejected, 0 failed")
        .doesNotContain("Exception", "\tat ", "ERROR", "WARN");
    backend.awaitIndexes();
    assertThat(backend.json("/status").at("/products/count").intValue()).isGreaterThanOrEqualTo(1_000);
    assertThat(backend.json("/index-a/search?q=jacket").at("/hits/0/name").textValue()).containsIgnoringCase("jacket");

    try (Source source = new Source("jdbc:h2:file:" + folder.resolve("kv/source/shop") + ";AUTO_SERVER=TRUE")) {
      assertThat(source.update("update sample.price set amount = 4242.42 where product_id = 17")).isEqualTo(1);
    }
    Started price = mvn("priceIndex", "PRICES");
    assertThat(price.awaitEnd()).as(price.output()).isZero();
    backend.awaitIndexes();
    JsonNode found = backend.json("/index-b/search?minPrice=4242.42&maxPrice=4242.42");
    assertThat(found.at("/hits/0/id").textValue()).isEqualTo("17");
    assertThat(folder.resolve("kv/queue/PRICES")).doesNotExist();

    Started verify = mvn("verify", null);
    assertThat(verify.awaitEnd()).as(verify.output()).isZero();
    assertThat(verify.output()).containsPattern("verify: index-b: [0-9,]+ equal, 0 missing, 0 stale, 0 orphaned")
        .doesNotContain("Exception", "\tat ", "ERROR", "WARN");
  }

  @Test
  void anIndexerThatIsKilledInTheMiddleIsResumedByItsQueueId() throws Exception {
    String[] many = {"sample.products=1500", "queue.chunk-size=5", "publish.window=1"};
    long before = sequence();
    Started killed = mvn("fullIndex", "KILLED", many);
    await("some products").atMost(Duration.ofSeconds(SECONDS)).pollInterval(Duration.ofMillis(5)).until(() -> {
      assertThat(killed.process().isAlive()).as(killed.output()).isTrue();
      return sequence() >= before + 200;
    });
    killed.kill();
    assertThat(killed.process().exitValue()).isEqualTo(137);

    long stored = backend.json("/status").at("/products/sequence").longValue() - before;
    long left = backend.json("/status").at("/queues/0/remaining").longValue();
    assertThat(backend.json("/status").at("/queues/0/id").textValue()).isEqualTo("KILLED");
    assertThat(stored).isBetween(200L, 1_490L);
    // Two chunks may be stored, and their acknowledgements not taken note of: a window of one, and one that waits to get in.
    assertThat(stored + left).isBetween(1_500L, 1_510L);

    Started resumed = mvn("fullIndex", "KILLED", "sample.products=1500");
    assertThat(resumed.awaitEnd()).as(resumed.output()).isZero();
    assertThat(resumed.output()).contains("fullIndex: " + left + " products in the queue KILLED");
    assertThat(sequence()).isEqualTo(before + stored + left);
    assertThat(backend.json("/status").at("/products/count").intValue()).isEqualTo(1_500);
    backend.awaitIndexes();
    assertThat(backend.documents("index-a")).hasSize(1_500);
    assertThat(backend.documents("index-b")).hasSize(1_500);
    assertThat(folder.resolve("kv/queue/KILLED")).doesNotExist();
  }

  @Test
  void theExitStatusSaysWhetherProductsFailed() throws Exception {
    Path sql = Files.writeString(folder.resolve("two-rows.sql"), """
        select p.id, p.name from sample.product p where p.id > 990
        union all select 999, 'second' from sample.product p where p.id = 999""");
    Path ids = Files.writeString(folder.resolve("ids.sql"), "select p.id from sample.product p where p.id between 991 and 1000");
    Started some = mvn("fullIndex", "SOME", "index.sql=" + sql, "source.ids-sql=" + ids);
    assertThat(some.awaitEnd()).as(some.output()).isEqualTo(1);
    assertThat(some.output()).contains("product 999: ", "QUEUE_ID=SOME").doesNotContain("\tat ", "BUILD FAILURE");
  }

  @Test
  void whatCannotStartSaysWhyInOneLineAndEndsWithStatusTwo() throws Exception {
    Path queue = Files.createDirectories(folder.resolve("kv/queue/HELD"));
    try (FileChannel lock = FileChannel.open(queue.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(lock.lock().isValid()).isTrue();
      Started secondIndexer = mvn("fullIndex", "HELD");
      Started secondBroker = mvn("broker", null);

      endsWithOneLine(secondIndexer, "another indexer works on the queue HELD");
      endsWithOneLine(secondBroker, "127.0.0.1:" + backend.brokerPort() + " is in use", "broker.port");
    }
  }

  private static void endsWithOneLine(Started process, String... reason) throws InterruptedException {
    assertThat(process.awaitEnd()).as(process.output()).isEqualTo(2);
    assertThat(process.output().lines().filter(line -> !line.isBlank())).singleElement().asString()
        .contains("ERROR Could not start: ").contains(reason);
  }

  @Test
  void theDemoAnswersSearchesUntilItIsStoppedAndSaysNoMoreThanThat() throws Exception {
    try (Backend other = new Backend(folder.resolve("demo"))) {
      Started demo = mvn("demo", other, null);
      await("demo").atMost(Duration.ofSeconds(SECONDS)).until(() -> {
        assertThat(demo.process().isAlive()).as(demo.output()).isTrue();
        return demo.output().contains("1,000 products in ");
      });
      other.awaitIndexes();
      assertThat(other.json("/index-a/search?q=jacket").at("/hits/0/name").textValue()).containsIgnoringCase("jacket");

      demo.process().destroy();
      assertThat(demo.awaitEnd()).as(demo.output()).isEqualTo(143);
      assertThat(demo.output()).doesNotContain("\tat ", "ERROR", "WARN", "Exception");
    }
  }
}
