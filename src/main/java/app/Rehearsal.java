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
import java.util.Map;
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
 * classes ({@code -XX:ArchiveClassesAtExit}) has met them: indexes the sample, searches it, compares and asks for the status. It reads
 * the sample whatever database, SQL and hosts the project is configured for. What fails is told as a warning, and the JVM ends with
 * 0: an archive with fewer classes is a slower start, and no reason to fail a build.
 */
public final class Rehearsal {

  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  private static final long PATIENCE_SECONDS = 60;
  private static final int POLL_MS = 50;
  private static final String LOCALHOST = "127.0.0.1";
  private static final String IDS = "SELECT p.id AS id FROM sample.product AS p";
  private static final String PRODUCTS = """
      SELECT p.id AS id, p.name AS name, d.text AS description, c.amount AS price, c.currency AS currency
      FROM sample.product AS p
      LEFT JOIN sample.price AS c ON c.product_id = p.id
      LEFT JOIN sample.description AS d ON d.product_id = p.id
      """;
  private static final List<String> REQUESTS = List.of("/index-a/search?q=ruged+tent", "/index-a/search?q=%22hiking+jacket%22",
      "/index-a/suggest?q=hik", "/index-b/search?q=tent&sort=price&buckets=5&maxPrice=900", "/index-b/search?q=lamp", "/products/17",
      "/products/changes?limit=10", "/");

  private final Properties properties = new Properties();
  private final String url;
  private final HttpClient http = HttpClient.newHttpClient();

  private Rehearsal(Path folder) throws IOException {
    int[] ports = freePorts();
    url = "http://" + LOCALHOST + ":" + ports[1];
    String database = "jdbc:h2:file:" + folder.resolve("shop") + ";AUTO_SERVER=TRUE";
    String products = Files.writeString(folder.resolve("products.sql"), PRODUCTS).toString();
    properties.putAll(Map.of("kv.folder", folder.resolve("kv").toString(),
        "broker.host", LOCALHOST, "broker.port", Integer.toString(ports[0]),
        "rest.host", LOCALHOST, "rest.port", Integer.toString(ports[1]), "product-data.url", url));
    properties.putAll(Map.of("source.url", database, "sample.url", database, "source.user", "sa", "source.password", "",
        "source.ids-sql", Files.writeString(folder.resolve("ids.sql"), IDS).toString(), "index.sql", products, "verify.sql", products,
        "index-a.url", url, "index-b.url", url));
  }

  private static int[] freePorts() throws IOException {
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new int[] {one.getLocalPort(), other.getLocalPort()};
    }
  }

  public static void main(String[] arguments) throws IOException {
    System.setProperty("h2.bindAddress", LOCALHOST);
    Path folder = Files.createTempDirectory("product-backend-");
    try {
      new Rehearsal(folder).run();
    } catch (Exception e) {
      LOG.warn("Not all classes are archived, and starts will take longer: {}", Reason.of(e));
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
    System.exit(ExitStatus.COMPLETE);
  }

  private void run() throws Exception {
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
      end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
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
