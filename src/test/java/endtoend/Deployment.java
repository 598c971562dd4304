package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A product backend as on several machines: broker, product data service, index A, index B and the indexers are processes of
 * the operating system, each with its own log in {@code logs/}, on one folder of state and a sample database that this JVM
 * has open too. Started without Maven in between, which would cost seconds each. Whatever waits here does so with a bound.
 */
final class Deployment implements AutoCloseable {

  /** What stays up, by its Maven profile. */
  static final List<String> SERVICES = List.of("broker", "productData", "indexA", "indexB");

  private static final int HEAP_MB = 256;
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);

  private final Path kv;
  private final Path logs;
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Map<String, JavaProcess> services = new LinkedHashMap<>();
  private final List<JavaProcess> started = new ArrayList<>();
  /** Not to start processes in this JVM, but for its properties and requests. */
  private final Backend backend;
  private Source source;

  /**
   * Nothing is started yet.
   *
   * @param folder for state and logs
   * @param products in the sample database, which the first indexer makes
   * @param keysAndValues further properties, for every process
   */
  Deployment(Path folder, int products, Object... keysAndValues) throws SQLException {
    kv = folder.resolve("kv");
    logs = folder.resolve("logs");
    int[] free = Backend.freePorts(SERVICES.size());
    for (int i = 0; i < free.length; i++) {
      ports.put(SERVICES.get(i), free[i]);
    }
    backend = new Backend(kv)
        .with("broker.port", port("broker"))
        .with("rest.port", port("productData"))
        .with("product-data.url", url("productData"))
        .with("index-a.url", url("indexA"))
        .with("index-b.url", url("indexB"))
        .with("sample.products", products)
        .with("progress.interval-ms", 1_000);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      backend.with(keysAndValues[i].toString(), keysAndValues[i + 1]);
    }
    openSource();
  }

  private int port(String service) {
    return ports.get(service);
  }

  private String url(String service) {
    return "http://127.0.0.1:" + port(service);
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

  /** Starts a service of {@link #SERVICES}, and does not wait. */
  void start(String service) {
    services.put(service, launch(service, "rest.port", port(service)));
  }

  /** The process of a service that was started last. */
  JavaProcess service(String service) {
    return services.get(service);
  }

  /** Starts all services, and does not wait: the order does not matter. */
  void startServices() {
    SERVICES.forEach(this::start);
  }

  /** Starts an indexer, and does not wait. */
  JavaProcess launchIndexer(String command, String queueId) {
    return launch(command, "queue.id", queueId);
  }

  /** Starts a process of a Maven profile, and does not wait. */
  JavaProcess launch(String profile, Object... keysAndValues) {
    JavaProcess process = JavaProcess.start(logs, backend, profile, HEAP_MB, keysAndValues);
    started.add(process);
    return process;
  }

  /** Runs an indexer to its end, and fails unless every product was acknowledged. */
  void index(String command) throws InterruptedException {
    endsWithZero(launch(command));
  }

  /** Starts the project's own comparison of everything with the source, and does not wait. */
  JavaProcess launchVerify() {
    return launch("verify");
  }

  /** Waits until a process ends by itself, and fails unless it ends with 0. */
  static void endsWithZero(JavaProcess process) throws InterruptedException {
    assertThat(process.awaitEnd()).as("exit status of %s: %s", process.name(), process.output()).isZero();
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
  int awaitChunksLeft(JavaProcess indexer, String queueId, double share) {
    int[] most = {0};
    int[] left = {0};
    await("chunks of " + queueId).atMost(BOUND).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(() -> {
      left[0] = chunksLeft(queueId);
      most[0] = Math.max(most[0], left[0]);
      return left[0] < most[0] && left[0] <= share * most[0] || !indexer.alive();
    });
    return left[0];
  }

  /** What a service answers with. */
  JsonNode json(String service, String path) {
    return backend.json(port(service), path);
  }

  /** Waits until a service answers. */
  void awaitRest(String service) {
    backend.awaitRest(service(service), port(service));
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
      long sequence = json("productData", "/status").at("/products/sequence").longValue();
      JsonNode status = json(index, "/status").at("/indexes/0");
      return status.path("checkpoint").longValue() == sequence && status.path("lag").longValue() == 0;
    });
    backend.awaitSearchers();
  }

  /** How what is served differs from what it should be, in all places; empty if it does not. */
  String differences(Map<String, ObjectNode> expected) {
    CompletableFuture<String> a = CompletableFuture.supplyAsync(() -> differencesOfIndexA(expected));
    CompletableFuture<String> b =
        CompletableFuture.supplyAsync(() -> Differences.ofIndexB(expected, backend.documents(port("indexB"), "index-b")));
    return Differences.ofProducts(expected, backend.products()) + a.join() + b.join();
  }

  /** As {@link #differences}, of index A alone. */
  String differencesOfIndexA(Map<String, ObjectNode> expected) {
    return Differences.ofIndexA(expected, backend.documents(port("indexA"), "index-a"));
  }

  /** Waits until nothing lags, and holds everything that is served against the source database. */
  void servesTheSource() throws SQLException {
    awaitIndexes();
    Map<String, ObjectNode> expected = source.products();
    assertThat(differences(expected)).isEmpty();
    assertThat(json("productData", "/status").at("/products/count").intValue()).isEqualTo(expected.size());
  }

  /** Kills all that still runs. */
  @Override
  public void close() throws SQLException {
    started.forEach(JavaProcess::close);
    source.close();
  }
}
