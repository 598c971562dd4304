package app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import product.Json;
import routes.support.ExitStatus;
import routes.support.Reason;

/**
 * Does once what processes do, on free ports and in a folder that goes afterwards, so that a JVM which was asked to archive its
 * classes ({@code -XX:ArchiveClassesAtExit}) has met them: indexes the sample, searches it, compares and asks for the status.
 */
public final class Rehearsal {

  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  private static final long PATIENCE_SECONDS = 120;
  private static final int POLL_MS = 50;
  private static final List<String> REQUESTS = List.of("/index-a/search?q=ruged+tent", "/index-a/search?q=%22hiking+jacket%22",
      "/index-a/suggest?q=hik", "/index-b/search?q=tent&sort=price&buckets=5&maxPrice=900", "/index-b/search?q=lamp", "/products/17",
      "/products/changes?limit=10", "/");

  private final Properties properties = new Properties();
  private final String url;
  private final HttpClient http = HttpClient.newHttpClient();

  private Rehearsal(Path kv) throws IOException {
    int restPort = freePort();
    url = "http://127.0.0.1:" + restPort;
    properties.setProperty("kv.folder", kv.toString());
    properties.setProperty("broker.port", Integer.toString(freePort()));
    properties.setProperty("rest.port", Integer.toString(restPort));
    properties.setProperty("product-data.url", url);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public static void main(String[] arguments) throws IOException {
    System.setProperty("h2.bindAddress", "127.0.0.1");
    Path kv = Files.createTempDirectory("product-backend-");
    int status = ExitStatus.COULD_NOT_RUN;
    try {
      status = new Rehearsal(kv).run();
    } catch (Exception e) {
      LOG.error("The rehearsal failed: {}", Reason.of(e));
    }
    try (Stream<Path> files = Files.walk(kv)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
    System.exit(status);
  }

  private int run() throws Exception {
    Main demo = Application.main(properties);
    CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> Application.run(demo, "-profile", "demo"));
    try {
      awaitProducts(end);
      for (String request : REQUESTS) {
        get(request);
      }
      for (String command : List.of("status", "verify")) {
        Application.run(Application.main(properties), "-profile", command);
      }
    } finally {
      demo.completed();
    }
    return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void awaitProducts(CompletableFuture<Integer> end) throws Exception {
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    boolean found = false;
    while (!found) {
      if (end.isDone() || System.nanoTime() > giveUp) {
        throw new IllegalStateException("the sample was not indexed");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
      found = isFound();
    }
  }

  private boolean isFound() throws InterruptedException {
    try {
      HttpResponse<String> answer = get("/index-b/search?q=jacket");
      return answer.statusCode() == 200 && Json.parse(answer.body()).path("total").longValue() > 0;
    } catch (IOException notYet) {
      return false;
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString());
  }
}
