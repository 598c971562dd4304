package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import app.Application;
import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.main.Main;
import org.apache.camel.model.ModelCamelContext;

/**
 * The product backend in this JVM: each process is a Main of its own, run as {@link Application} runs it, on free ports and in
 * one folder of state. Whatever waits here does so with a bound. Closing it stops all that still runs.
 */
public final class Backend implements AutoCloseable {

  /** Reads JSON without losing a digit; not the project's own mapper, which is under test. */
  public static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final int LEAST_PORT = 15_000;
  private static final int FORKS = 2;
  private static final int PORTS_OF_A_FORK = 8_000;
  private static final Duration SEARCHERS_BEHIND = Duration.ofMillis(150);

  static {
    // H2's server for other processes stays on this machine, as in Application.main.
    System.setProperty("h2.bindAddress", "127.0.0.1");
  }

  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(Duration.ofSeconds(10)).build();
  private final Map<String, String> properties = new LinkedHashMap<>();
  private final Deque<Process> running = new ArrayDeque<>();
  private final LogCapture log = new LogCapture(Level.WARN);

  /**
   * @param kv the folder of state
   */
  public Backend(Path kv) {
    int[] ports = freePorts(2);
    with("kv.folder", kv.toString());
    with("broker.port", ports[0]);
    with("rest.port", ports[1]);
    for (String place : List.of("product-data", "index-a", "index-b")) {
      with(place + ".url", "http://127.0.0.1:" + ports[1]);
    }
    with("camel.main.shutdownTimeout", 5);
    with("progress.interval-ms", 100);
    // A stop waits for a poll of each queue, one after the other, and tests stop much.
    with("camel.component.seda.default-poll-timeout", 20);
  }

  /** Sets a property for all processes that are started from now on. */
  public Backend with(String key, Object value) {
    properties.put(key, value.toString());
    return this;
  }

  /** A property as the processes get it. */
  public String property(String key) {
    return properties.get(key);
  }

  /** What every process gets. */
  Map<String, String> properties() {
    return Map.copyOf(properties);
  }

  public int brokerPort() {
    return Integer.parseInt(property("broker.port"));
  }

  /**
   * Ports that nobody listens on, below those that the system gives to outgoing connections: one of these must not take the
   * port of a process that was killed before it is started again. Tests that run at the same time get them from ranges of their own.
   */
  public static int[] freePorts(int count) {
    int least = LEAST_PORT + (Integer.getInteger("fork", 1) - 1) % FORKS * PORTS_OF_A_FORK;
    Set<Integer> free = new LinkedHashSet<>();
    for (int attempt = 0; free.size() < count && attempt < 1_000; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(least, least + PORTS_OF_A_FORK);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        free.add(socket.getLocalPort());
      } catch (IOException e) {
        // Somebody listens there.
      }
    }
    assertThat(free).as("free ports").hasSize(count);
    return free.stream().mapToInt(Integer::intValue).toArray();
  }

  /** A process that was started. */
  public static final class Process implements AutoCloseable {
    private final Main main;
    private final LogCapture log;
    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    private Process(Main main, String profile, LogCapture log) {
      this.main = main;
      this.log = log;
      new Thread(() -> status.complete(Application.run(main, "-profile", profile)), "main-" + profile).start();
    }

    public ModelCamelContext context() {
      return (ModelCamelContext) main.getCamelContext();
    }

    public boolean ended() {
      return status.isDone();
    }

    /** Waits until it ends by itself, and returns its exit status. */
    public int awaitEnd() {
      try {
        return status.get(BOUND.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException | ExecutionException | TimeoutException e) {
        throw new AssertionError("the process did not end: " + e, e);
      }
    }

    /** Ends it as SIGTERM does. */
    public void stop() {
      main.completed();
      awaitEnd();
    }

    @Override
    public void close() {
      stop();
    }

    boolean ready() {
      assertThat(status).as("exit status of a process that should stay up: %s", log.complaints()).isNotDone();
      ModelCamelContext context = context();
      return context != null
          && context.isStarted()
          && context.getRouteDefinitions().stream()
              .filter(route -> !"false".equals(route.getAutoStartup()))
              .allMatch(route -> context.getRouteController().getRouteStatus(route.getRouteId()).isStarted());
    }
  }

  /** Starts a process, and does not wait. */
  public Process launch(String profile, Object... keysAndValues) {
    Main main = Application.main();
    properties.forEach(main::addOverrideProperty);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      main.addOverrideProperty(keysAndValues[i].toString(), keysAndValues[i + 1].toString());
    }
    Process process = new Process(main, profile, log);
    running.push(process);
    return process;
  }

  /** Starts a process, and waits until all its routes run. */
  public Process start(String profile, Object... keysAndValues) {
    Process process = launch(profile, keysAndValues);
    await("start of " + profile).atMost(BOUND).pollInterval(Duration.ofMillis(20)).until(process::ready);
    return process;
  }

  /** Runs an indexer to its end. */
  public Ended index(String command, Object... keysAndValues) {
    try (LogCapture log = new LogCapture()) {
      return new Ended(launch(command, keysAndValues).awaitEnd(), log);
    }
  }

  /**
   * An indexer that has ended.
   *
   * @param log what was said meanwhile, by every process of this JVM
   */
  public record Ended(int status, LogCapture log) {}

  /** The answer to a request to the services. */
  public HttpResponse<String> get(String path, String... headers) {
    return get(Integer.parseInt(property("rest.port")), path, headers);
  }

  /** The answer to a request to some port. */
  public HttpResponse<String> get(int port, String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(BOUND);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  /** The answer to any request. */
  public HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The JSON that the services answer with. */
  public JsonNode json(String path) {
    return json(Integer.parseInt(property("rest.port")), path);
  }

  /** The JSON that a process answers with. */
  public JsonNode json(int port, String path) {
    HttpResponse<String> response = get(port, path);
    assertThat(response.statusCode()).as("status of %s: %s", path, response.body()).isEqualTo(200);
    return parse(response.body());
  }

  public static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + json, e);
    }
  }

  /** Waits until a process accepts connections as the broker. */
  public void awaitBroker(JavaProcess broker) {
    awaitTrue(broker, () -> {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), brokerPort())) {
        return socket.isConnected();
      }
    });
  }

  /** Waits until a process answers requests. */
  public void awaitRest(JavaProcess process, int port) {
    awaitTrue(process, () -> get(port, "/status").statusCode() == 200);
  }

  /** Waits until something holds of a process, which must not end meanwhile; what can't be reached yet holds not yet. */
  public static void awaitTrue(JavaProcess process, Callable<Boolean> condition) {
    await(process.name()).atMost(BOUND).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20)).until(() -> {
      assertThat(process.alive()).as("%s ended: %s", process.name(), process.output()).isTrue();
      try {
        return condition.call();
      } catch (IOException | UncheckedIOException e) {
        return false;
      }
    });
  }

  /** Waits until both indexes are complete up to the last change of the product data service, and searches show it. */
  public void awaitIndexes() {
    await("indexes without lag").atMost(BOUND).pollInterval(Duration.ofMillis(20)).until(() -> {
      JsonNode status = json("/status");
      long sequence = status.at("/products/sequence").longValue();
      boolean complete = status.path("indexes").size() > 0;
      for (JsonNode index : status.path("indexes")) {
        complete &= index.path("checkpoint").longValue() == sequence && index.path("lag").longValue() == 0;
      }
      return complete;
    });
    awaitSearchers();
  }

  /** Waits until a number in a process's status is at least that. */
  public void awaitProgress(int port, String pointer, long number) {
    await("%s of %s".formatted(pointer, port)).atMost(BOUND).pollInterval(Duration.ofMillis(20))
        .until(() -> json(port, "/status").at(pointer).longValue() >= number);
  }

  /** Waits as long as a search may still show an index as it was. */
  public void awaitSearchers() {
    await().pollDelay(SEARCHERS_BEHIND).atMost(BOUND).until(() -> true);
  }

  /** All documents of an index by id, each with its version and content, once all that was written can be seen. */
  public Map<String, JsonNode> documents(String index) {
    return documents(Integer.parseInt(property("rest.port")), index);
  }

  /** As {@link #documents(String)}, of a process on another port. */
  public Map<String, JsonNode> documents(int port, String index) {
    Map<String, JsonNode> documents = new LinkedHashMap<>();
    String after = "";
    boolean more = true;
    while (more) {
      JsonNode page = json(port, "/" + index + "/documents?limit=700&after=" + encode(after));
      for (JsonNode document : page.path("documents")) {
        after = document.path("id").textValue();
        assertThat(documents.put(after, document)).as("second document %s", after).isNull();
      }
      more = page.path("more").booleanValue();
    }
    return documents;
  }

  /** All products by id, from the change feed. */
  public Map<String, JsonNode> products() {
    Map<String, JsonNode> products = new LinkedHashMap<>();
    long since = 0;
    boolean more = true;
    while (more) {
      JsonNode page = json("/products/changes?limit=1000&since=" + since);
      for (JsonNode change : page.path("changes")) {
        if (!change.path("deleted").booleanValue()) {
          assertThat(products.put(change.path("id").textValue(), change.path("product"))).as("second change of %s", change)
              .isNull();
        }
      }
      since = page.path("lastSequence").longValue();
      more = page.path("more").booleanValue();
    }
    return products;
  }

  /** A text as a part of a path or query. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    try (log) {
      while (!running.isEmpty()) {
        running.pop().stop();
      }
    }
  }
}
