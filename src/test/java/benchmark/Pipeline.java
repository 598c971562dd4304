package benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import endtoend.Backend;
import endtoend.JavaProcess;
import endtoend.MavenProcess;
import endtoend.PackagedProcess;
import endtoend.ProcessUsage;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Broker and services as the README starts them without Maven, on free ports and in a folder of their own; and the index commands
 * that run against them. Closing it kills what still runs.
 */
final class Pipeline implements AutoCloseable {

  private static final List<String> SERVICES = List.of("broker", "services");
  private static final int LEAST_PRODUCTS_PER_SECOND = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final Shop shop;
  private final Map<String, String> environment;
  private final Backend backend;
  private final Map<String, JavaProcess> services = new LinkedHashMap<>();
  private final List<JavaProcess> started = new ArrayList<>();

  /**
   * Nothing is started yet.
   *
   * @param folder for state and logs
   * @param javaOptions further options of every JVM, which win over its own
   */
  Pipeline(Path folder, Shop shop, String javaOptions) {
    this.folder = folder;
    this.shop = shop;
    environment = Map.of("JAVA_OPTS", javaOptions);
    // Not to start processes in this JVM, but for its ports and requests.
    backend = new Backend(folder.resolve("kv"));
  }

  /** For requests to the services. */
  Backend backend() {
    return backend;
  }

  Shop shop() {
    return shop;
  }

  int restPort() {
    return Integer.parseInt(backend.property("rest.port"));
  }

  /** Starts broker and services, and waits until they answer. */
  Pipeline start() {
    SERVICES.forEach(service -> services.put(service, launch(service)));
    backend.awaitBroker(services.get("broker"));
    backend.awaitRest(services.get("services"), restPort());
    return this;
  }

  /** Starts a process, and does not wait. */
  JavaProcess launch(String profile) {
    return launch(List.of(), profile);
  }

  /** The same, by a command such as {@code nice}. */
  JavaProcess launch(List<String> launcher, String profile) {
    return launch(launcher, backend, profile);
  }

  private JavaProcess launch(List<String> launcher, Backend where, String profile) {
    return take(PackagedProcess.start(launcher, logs(), where, profile, environment, shopProperties()));
  }

  private JavaProcess launchByMaven(String profile) {
    return take(MavenProcess.start(List.of(), logs(), backend, profile, Map.of(), shopProperties()));
  }

  private Path logs() {
    return folder.resolve("logs");
  }

  private Object[] shopProperties() {
    return new Object[] {"sample.url", shop.url(), "sample.products", shop.products()};
  }

  private JavaProcess take(JavaProcess process) {
    started.add(process);
    return process;
  }

  /** The last sequence number of the product data service. */
  long sequence() {
    return backend.json("/status").at("/products/sequence").longValue();
  }

  /**
   * Starts a process, waits until it serves the last product, and ends it. Nothing else may run that listens where it does.
   *
   * @return the seconds from its start
   */
  double secondsToServe(String profile) throws InterruptedException {
    return secondsToServe(profile, this::launch);
  }

  /** The same of a process that Maven starts. */
  double secondsToServeByMaven(String profile) throws InterruptedException {
    return secondsToServe(profile, this::launchByMaven);
  }

  private double secondsToServe(String profile, Function<String, JavaProcess> launcher) throws InterruptedException {
    Shop.Mark mark = shop.lastMark();
    long start = System.nanoTime();
    JavaProcess process = launcher.apply(profile);
    switch (profile) {
      case "broker" -> backend.awaitBroker(process);
      case "productData" -> Backend.awaitTrue(process, () -> isStored(mark));
      case "indexA" -> Backend.awaitTrue(process, () -> isInIndexA(restPort(), mark));
      case "indexB" -> Backend.awaitTrue(process, () -> isInIndexB(mark));
      default -> Backend.awaitTrue(process, () -> isStored(mark) && isInIndexA(restPort(), mark) && isInIndexB(mark));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    process.stop();
    return seconds;
  }

  private boolean isStored(Shop.Mark mark) {
    return backend.get("/products/" + mark.id()).statusCode() == 200;
  }

  /** Runs a full index of all products. */
  IndexRun full() throws Exception {
    return full(this::launch);
  }

  /** The same, with an indexer that Maven starts. */
  IndexRun fullByMaven() throws Exception {
    return full(this::launchByMaven);
  }

  private IndexRun full(Function<String, JavaProcess> launcher) throws Exception {
    Shop.Mark mark = shop.mark();
    return index(launcher, "fullIndex", () -> isInIndexA(restPort(), mark) && isInIndexB(mark));
  }

  /** Runs a price index of all products. */
  IndexRun price() throws Exception {
    Shop.Mark mark = shop.markPrice();
    return index(this::launch, "priceIndex", () -> isInIndexB(mark));
  }

  private boolean isInIndexA(int port, Shop.Mark mark) {
    return finds(backend.get(port, "/index-a/search?size=1&q=" + mark.word()), mark);
  }

  private boolean isInIndexB(Shop.Mark mark) {
    String range = "&minPrice=" + mark.price() + "&maxPrice=" + mark.price();
    return finds(backend.get("/index-b/search?size=1&q=" + mark.word() + range), mark);
  }

  private static boolean finds(HttpResponse<String> answer, Shop.Mark mark) {
    if (answer.statusCode() != 200) {
      return false;
    }
    JsonNode hit = Backend.parse(answer.body()).at("/hits/0");
    return hit.path("id").asText().equals(mark.id()) && hit.path("name").asText().endsWith(mark.word());
  }

  private IndexRun index(Function<String, JavaProcess> launcher, String command, BooleanSupplier lastIsFound)
      throws InterruptedException {
    long before = sequence();
    Map<String, ProcessUsage> usageBefore = usage();
    Approach approach = new Approach(before, before + shop.products(), bound());
    JavaProcess indexer = launcher.apply(command);
    ProcessUsage indexerUsage = indexer.usage();
    double indexerSeconds = 0;
    boolean complete = false;
    while (!complete) {
      approach.pause();
      JsonNode status = backend.json("/status");
      long sequence = status.at("/products/sequence").longValue();
      long reached = reached(status);
      approach.reached(sequence, reached);
      indexerUsage = indexer.usage().atLeast(indexerUsage);
      if (!indexer.alive() && indexerSeconds == 0) {
        indexerSeconds = approach.seconds();
        endedWithZero(indexer);
      }
      complete = reached == sequence && approach.isThere() && lastIsFound.getAsBoolean();
    }
    double seconds = approach.seconds();
    while (indexer.alive()) {
      approach.pause();
      indexerUsage = indexer.usage().atLeast(indexerUsage);
    }
    indexerSeconds = indexerSeconds == 0 ? approach.seconds() : indexerSeconds;
    endedWithZero(indexer);
    long resent = sequence() - before - shop.products();
    Map<String, ProcessUsage> usage = usageSince(usageBefore);
    usage.put("indexer", indexerUsage);
    return run(seconds, approach.firstSeconds(), indexerSeconds, resent, usage);
  }

  private IndexRun run(double seconds, double first, double indexer, long resent, Map<String, ProcessUsage> usage) {
    Map<String, Double> cpu = new LinkedHashMap<>();
    Map<String, Long> memory = new LinkedHashMap<>();
    usage.forEach((name, used) -> {
      cpu.put(name, used.cpuSeconds());
      memory.put(name, used.peakMemoryMb());
    });
    return new IndexRun(shop.products(), seconds, shop.products() / seconds, first, indexer, resent, cpu, memory);
  }

  private Duration bound() {
    return PATIENCE.plusSeconds(shop.products() / LEAST_PRODUCTS_PER_SECOND);
  }

  private static void endedWithZero(JavaProcess process) throws InterruptedException {
    int status = process.awaitEnd(PATIENCE);
    if (status != 0) {
      throw new IllegalStateException(process.name() + " ended with " + status + ": " + process.output());
    }
  }

  private Map<String, ProcessUsage> usage() {
    Map<String, ProcessUsage> usage = new LinkedHashMap<>();
    services.forEach((name, process) -> usage.put(name, process.usage()));
    return usage;
  }

  private Map<String, ProcessUsage> usageSince(Map<String, ProcessUsage> before) {
    Map<String, ProcessUsage> usage = usage();
    usage.replaceAll((name, now) -> new ProcessUsage(now.cpuSeconds() - before.get(name).cpuSeconds(), now.peakMemoryMb()));
    return usage;
  }

  /**
   * Starts index A as a process of its own, with an empty folder, waits until it has caught up and its search finds the last
   * product, and ends it.
   */
  IndexRun catchUp(Path emptyFolder) throws InterruptedException {
    long target = sequence();
    Backend where = new Backend(emptyFolder).with("broker.port", backend.property("broker.port"))
        .with("product-data.url", backend.property("product-data.url"));
    int port = Integer.parseInt(where.property("rest.port"));
    Map<String, ProcessUsage> usageBefore = usage();
    // The feed has the last change of each product only, and all of the last full index.
    Approach approach = new Approach(target - shop.products(), target, bound());
    try (JavaProcess index = launch(List.of(), where, "indexA")) {
      while (!approach.isThere() || !isInIndexA(port, shop.lastMark())) {
        approach.pause();
        if (!index.alive()) {
          throw new IllegalStateException(index.name() + " ended: " + index.output());
        }
        long checkpoint = checkpoint(port);
        approach.reached(checkpoint, checkpoint);
      }
      double seconds = approach.seconds();
      Map<String, ProcessUsage> usage = usageSince(usageBefore);
      usage.put("indexA", index.usage());
      return run(seconds, approach.firstSeconds(), seconds, 0, usage);
    }
  }

  /** How far the index in a process is; 0 if it does not answer yet. */
  private long checkpoint(int port) {
    try {
      HttpResponse<String> answer = backend.get(port, "/status");
      return answer.statusCode() == 200 ? Backend.parse(answer.body()).at("/indexes/0/checkpoint").longValue() : 0;
    } catch (UncheckedIOException e) {
      return 0;
    }
  }

  /** Whether every index has all that the product data service has. */
  boolean isComplete() {
    JsonNode status = backend.json("/status");
    return reached(status) == status.at("/products/sequence").longValue();
  }

  /** Up to where everything is stored and in every index. */
  private static long reached(JsonNode status) {
    long reached = status.at("/products/sequence").longValue();
    for (JsonNode index : status.path("indexes")) {
      reached = Math.min(reached, index.path("checkpoint").longValue());
    }
    return reached;
  }

  /** What an index holds, its versions left aside. */
  String contents(String index) {
    Contents contents = new Contents();
    String after = "";
    boolean more = true;
    while (more) {
      JsonNode page = backend.json("/" + index + "/documents?limit=1000&after=" + Backend.encode(after));
      for (JsonNode document : page.path("documents")) {
        after = document.path("id").textValue();
        contents.add(after, document);
      }
      more = page.path("more").booleanValue();
    }
    return contents.digest();
  }

  /** Ends broker and services by SIGTERM. */
  void stop() throws InterruptedException {
    for (JavaProcess service : services.values()) {
      service.stop();
    }
    services.clear();
  }

  @Override
  public void close() {
    started.forEach(JavaProcess::close);
  }
}
