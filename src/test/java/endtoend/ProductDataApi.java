package endtoend;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Plays the API of the product data service, as far as an indexer asks it, where a {@link Peer} plays its events. */
public final class ProductDataApi implements AutoCloseable {

  private final HttpServer server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile int products;
  private volatile List<String> notMet = List.of();
  private volatile int statusOfIds = 200;

  public ProductDataApi() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/status", request -> answer(request, 200, "{\"products\":{\"count\":" + products + "}}"));
    server.createContext("/products/ids", request -> answer(request, statusOfIds, page().toString()));
    server.start();
  }

  private ObjectNode page() {
    ObjectNode page = Backend.JSON.createObjectNode();
    ArrayNode ids = page.putArray("ids");
    notMet.forEach(ids::add);
    return page.put("more", false);
  }

  private void answer(HttpExchange request, int status, String body) throws IOException {
    requests.add(request.getRequestURI().toString());
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    request.sendResponseHeaders(status, bytes.length);
    request.getResponseBody().write(bytes);
    request.close();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What it says that there is. */
  public ProductDataApi has(int count) {
    products = count;
    return this;
  }

  /** What it says that the run did not meet. */
  public ProductDataApi lists(String... ids) {
    notMet = List.of(ids);
    return this;
  }

  /** With what status it answers when it is asked for ids. */
  public ProductDataApi answersIdsWith(int status) {
    statusOfIds = status;
    return this;
  }

  /** Paths and queries of the requests so far. */
  public List<String> requests() {
    return requests;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
