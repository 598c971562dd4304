package interfaces;

import app.Application;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;

/** Broker and services in this JVM, on free ports of 127.0.0.1 and with their state in a folder; indexers run in turn. */
final class Backend implements AutoCloseable {

  /** Products in the sample database: two chunks. */
  static final int PRODUCTS = 600;

  /**
   * A route.
   *
   * @param from the URI of its endpoint, with all placeholders resolved
   */
  record RunningRoute(RouteDefinition definition, String from) {

    String id() {
      return definition.getId();
    }
  }

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final long RUN_SECONDS = 60;

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final List<RunningRoute> routes = new CopyOnWriteArrayList<>();
  private final List<Main> running = new ArrayList<>();
  private final Path kv;
  private final int brokerPort;
  private final int restPort;
  private ModelCamelContext services;

  private Backend(Path kv, int brokerPort, int restPort) {
    this.kv = kv;
    this.brokerPort = brokerPort;
    this.restPort = restPort;
  }

  /** Starts broker and services. */
  static Backend start(Path kv) throws Exception {
    int[] ports = endtoend.Backend.freePorts(2);
    Backend backend = new Backend(kv, ports[0], ports[1]);
    try {
      backend.startProcess("broker");
      backend.services = (ModelCamelContext) backend.startProcess("services").getCamelContext();
      return backend;
    } catch (Exception e) {
      backend.close();
      throw e;
    }
  }

  private Main startProcess(String profile) {
    Main main = process();
    main.configure().withProfile(profile);
    running.add(main);
    main.start();
    addRoutes(main);
    return main;
  }

  private Main process() {
    Main main = Application.main();
    main.addOverrideProperty("broker.port", Integer.toString(brokerPort));
    main.addOverrideProperty("rest.port", Integer.toString(restPort));
    main.addOverrideProperty("product-data.url", "http://127.0.0.1:" + restPort);
    main.addOverrideProperty("kv.folder", kv.toString());
    main.addOverrideProperty("index-b.facets", "brand,colour");
    main.addOverrideProperty("sample.products", Integer.toString(PRODUCTS));
    return main;
  }

  /**
   * Runs an indexer to its end.
   *
   * @return its exit status
   */
  int index(String profile) throws Exception {
    return index(profile, "test");
  }

  /** As {@link #index(String)}, with the queue's name. */
  int index(String profile, String queueId) throws Exception {
    Main main = process();
    main.addOverrideProperty("queue.id", queueId);
    main.addMainListener(new MainListenerSupport() {
      @Override
      public void afterStart(BaseMainSupport started) {
        addRoutes(started);
      }
    });
    CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> Application.run(main, "-profile", profile));
    try {
      return status.get(RUN_SECONDS, TimeUnit.SECONDS);
    } finally {
      main.stop();
    }
  }

  private void addRoutes(BaseMainSupport started) {
    ModelCamelContext context = (ModelCamelContext) started.getCamelContext();
    context.getRoutes().forEach(route ->
        routes.add(new RunningRoute(context.getRouteDefinition(route.getRouteId()), route.getEndpoint().getEndpointUri())));
  }

  /** The routes of all processes that were started so far. */
  List<RunningRoute> routes() {
    return routes;
  }

  /** The folder of a queue. */
  Path queue(String id) {
    return kv.resolve("queue").resolve(id);
  }

  /** The address of a websocket of the services. */
  URI live() {
    return URI.create("ws://127.0.0.1:" + restPort + "/live");
  }

  /** The services' Camel context. */
  ModelCamelContext services() {
    return services;
  }

  /** The address of a channel of the broker. */
  URI channel(String address) {
    return URI.create("ws://127.0.0.1:" + brokerPort + address);
  }

  /** The answer of the services to a request; {@code headers} are names and values in turn. */
  HttpResponse<String> request(String method, String pathAndQuery, String... headers) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + restPort + pathAndQuery))
        .timeout(TIMEOUT)
        .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** As {@link #request} with GET. */
  HttpResponse<String> get(String pathAndQuery) throws IOException, InterruptedException {
    return request("GET", pathAndQuery);
  }

  /** The whole answer to a request without a body, as it comes through the socket; {@code target} may be what no client would send. */
  String raw(String method, String target) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", restPort)) {
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      String request = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    for (int i = running.size() - 1; i >= 0; i--) {
      running.get(i).stop();
    }
  }
}
