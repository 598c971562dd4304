package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import app.Application;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A product backend as on several machines: broker, product data service, index A, index B and the indexers are processes of
 * the operating system, each with its own log in {@code logs/}, on one folder of state and a sample database that this JVM
 * has open too. Started without Maven in between, which would cost seconds each. Whatever waits here does so with a bound.
 */
final class Deployment implements AutoCloseable {

  /** What stays up, by its Maven profile. */
  static final List<String> SERVICES = List.of("broker", "productData", "indexA", "indexB");

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);
  private final Path folder;
  private final Path kv;
  private final List<String> definitions;
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Map<String, Running> services = new LinkedHashMap<>();
  private final List<Running> started = new ArrayList<>();
  /** Not to start processes, but for its requests. */
  private final Backend requests;
  private Source source;

  /**
   * Nothing is started yet.
   *
   * @param folder for state and logs
   * @param products in the sample database, which the first indexer makes
   * @param definitions {@code key=value}, for every process
   */
  Deployment(Path folder, int products, String... definitions) throws IOException, SQLException {
    this.folder = folder;
    this.kv = folder.resolve("kv");
    List<Integer> free = freePorts(SERVICES.size());
    for (int i = 0; i < free.size(); i++) {
      ports.put(SERVICES.get(i), free.get(i));
    }
    requests = new Backend(kv).with("rest.port", port("productData"));
    this.definitions = Stream.concat(
        Stream.of("kv.folder=" + kv, "broker.port=" + port("broker"), "product-data.url=http://127.0.0.1:" + port("productData"),
            "index-a.url=http://127.0.0.1:" + port("indexA"), "index-b.url=http://127.0.0.1:" + port("indexB"),
            "sample.products=" + products),
        Arrays.stream(definitions)).toList();
    Files.createDirectories(folder.resolve("logs"));
    openSource();
  }

  /**
   * Ports that nobody listens on, below those that the system gives to outgoing connections: one of these must not take the
   * port of a process that was killed before it is started again.
   */
  private static List<Integer> freePorts(int count) {
    Set<Integer> free = new LinkedHashSet<>();
    for (int attempt = 0; free.size() < count && attempt < 1_000; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        free.add(socket.getLocalPort());
      } catch (IOException e) {
        // Somebody listens there.
      }
    }
    assertThat(free).as("free ports").hasSize(count);
    return List.copyOf(free);
  }

  int port(String service) {
    return ports.get(service);
  }

  /** The folder of all state. */
  Path kv() {
    return kv;
  }

  /** The source database. This JVM serves it to the indexers, so that none of these takes it down with it. */
  Source source() {
    return source;
  }

  void openSource() throws SQLException {
    source = new Source("jdbc:h2:file:" + kv.resolve("source/shop") + ";AUTO_SERVER=TRUE");
  }

  /** A process of the operating system, and what it printed. */
  record Running(String name, Process process, Path log) {

    String output() {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Waits until it ends by itself, and returns its exit status. */
    int awaitEnd() throws InterruptedException {
      assertThat(process.waitFor(2 * BOUND.toSeconds(), TimeUnit.SECONDS)).as("end of %s: %s", name, output()).isTrue();
      return process.exitValue();
    }

    /** Ends it as {@code kill -9} does. */
    void kill() throws InterruptedException {
      process.destroyForcibly();
      awaitEnd();
    }

    /** Ends it as {@code kill} does: by SIGTERM. */
    void stop() throws InterruptedException {
      process.destroy();
      awaitEnd();
    }
  }

  /** Starts a service of {@link #SERVICES}, and does not wait. */
  Running start(String service) throws IOException {
    String port = service.equals("broker") ? "" : "rest.port=" + port(service);
    Running running = launch(service, null, Stream.of(port).filter(definition -> !definition.isEmpty()).toArray(String[]::new));
    services.put(service, running);
    return running;
  }

  /** The process of a service that was started last. */
  Running service(String service) {
    return services.get(service);
  }

  /** Starts all services, and does not wait: the order does not matter. */
  void startServices() throws IOException {
    for (String service : SERVICES) {
      start(service);
    }
  }

  /**
   * Starts any process, and does not wait.
   *
   * @param profile its Maven profile
   * @param queueId given as {@code QUEUE_ID}; null for none
   * @param more {@code key=value}, beside those that every process gets
   */
  Running launch(String profile, String queueId, String... more) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", CLASS_PATH));
    Stream.concat(definitions.stream(), Arrays.stream(more)).map(definition -> "-D" + definition).forEach(command::add);
    command.addAll(List.of(Application.class.getName(), "-profile", profile));
    String name = started.size() + "-" + profile + (queueId == null ? "" : "-" + queueId);
    Path log = folder.resolve("logs").resolve(name + ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().keySet().removeAll(List.of("QUEUE_ID", "LOG_LEVEL", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    if (queueId != null) {
      builder.environment().put("QUEUE_ID", queueId);
    }
    Running running = new Running(name, builder.start(), log);
    started.add(running);
    return running;
  }

  private static final String CLASS_PATH = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
      .filter(entry -> !entry.endsWith("test-classes")).collect(Collectors.joining(File.pathSeparator));

  /** Runs an indexer to its end, and fails unless every product was acknowledged. */
  void index(String command) throws IOException, InterruptedException {
    Running indexer = launch(command, null);
    assertThat(indexer.awaitEnd()).as("exit status of %s: %s", indexer.name(), indexer.output()).isZero();
  }

  /** How many chunks are left in a queue; 0 if it is not listed yet, or done. */
  int chunksLeft(String queueId) {
    String[] chunks = kv.resolve("queue").resolve(queueId).resolve("chunks").toFile().list();
    return chunks == null ? 0 : chunks.length;
  }

  /**
   * Waits until a queue was listed, and has no more than a share of its chunks left.
   *
   * @param indexer that works on it
   * @return how many chunks are left
   */
  int awaitChunksLeft(Running indexer, String queueId, double share) {
    int[] most = {0};
    int[] left = {0};
    await("chunks of " + queueId).atMost(BOUND).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(() -> {
      left[0] = chunksLeft(queueId);
      most[0] = Math.max(most[0], left[0]);
      return left[0] < most[0] && left[0] <= share * most[0] || !indexer.process().isAlive();
    });
    return left[0];
  }

  /** What a service answers with. */
  JsonNode json(String service, String path) {
    return requests.json(port(service), path);
  }

  /** Waits until a service answers to requests. */
  void awaitRest(String service) {
    await(service).atMost(BOUND).pollInterval(POLL).until(() -> {
      assertThat(service(service).process().isAlive()).as("%s: %s", service, service(service).output()).isTrue();
      try {
        return requests.get(port(service), "/status").statusCode() == 200;
      } catch (UncheckedIOException e) {
        return false;
      }
    });
  }

  /** Waits until both indexes are complete up to the last change of the product data service, and say that nothing lags. */
  void awaitIndexes() {
    awaitIndex("indexA");
    awaitIndex("indexB");
  }

  void awaitIndex(String index) {
    awaitRest("productData");
    awaitRest(index);
    await(index + " without lag").atMost(BOUND).pollInterval(POLL).until(() -> {
      JsonNode products = json("productData", "/status").path("products");
      JsonNode status = json(index, "/status").at("/indexes/0");
      return status.path("checkpoint").longValue() == products.path("sequence").longValue() && status.path("lag").longValue() == 0;
    });
    requests.awaitSearchers();
  }

  /** How what is served differs from what it should be, in all places; empty if it does not. */
  String differences(Map<String, ObjectNode> expected) {
    CompletableFuture<String> a = CompletableFuture.supplyAsync(() -> differencesOfIndexA(expected));
    CompletableFuture<String> b = CompletableFuture.supplyAsync(() -> Differences.ofIndexB(expected, requests.documents(port("indexB"), "index-b")));
    return Differences.ofProducts(expected, requests.products()) + a.join() + b.join();
  }

  /** As {@link #differences}, of index A alone. */
  String differencesOfIndexA(Map<String, ObjectNode> expected) {
    return Differences.ofIndexA(expected, requests.documents(port("indexA"), "index-a"));
  }

  /** Waits until nothing lags, and holds everything that is served against the source database. */
  void servesTheSource() throws SQLException {
    awaitIndexes();
    Map<String, ObjectNode> expected = source.products();
    assertThat(differences(expected)).isEmpty();
    assertThat(json("productData", "/status").at("/products/count").intValue()).as("count of products").isEqualTo(expected.size());
  }

  /** Kills all that still runs. */
  @Override
  public void close() throws SQLException {
    started.forEach(each -> each.process().destroyForcibly());
    started.forEach(each -> each.process().onExit().orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS).join());
    source.close();
  }
}
