package routes.support;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import product.Json;
import queue.IndexQueue;
import search.Projection;
import store.ProductStore;

/** What a process knows of the state of things: each service adds what it has. Thread safe. */
public class Status {

  private final Path queues;
  private final List<Projection> indexes = new CopyOnWriteArrayList<>();
  private volatile ProductStore products;

  /**
   * @param queues the folder of all queues; it may be another machine's, and so not there
   */
  public Status(Path queues) {
    this.queues = queues;
  }

  public void add(Projection index) {
    indexes.add(index);
  }

  public void add(ProductStore store) {
    products = store;
  }

  /** The answer to {@code GET /status}. {@code products} is there where the product data service runs. */
  public void answer(Exchange request) throws IOException {
    ObjectNode status = Json.MAPPER.createObjectNode();
    ArrayNode queueArray = status.putArray("queues");
    for (Path queue : queueFolders()) {
      queueArray.addObject()
          .put("id", queue.getFileName().toString())
          .put("remaining", IndexQueue.products(queue.resolve("chunks")))
          .put("failed", IndexQueue.products(queue.resolve("failed")));
    }
    long sequence = 0;
    if (products != null) {
      sequence = products.sequence();
      status.putObject("products").put("count", products.count()).put("sequence", sequence).put("epoch", products.epoch());
    }
    ArrayNode indexArray = status.putArray("indexes");
    for (Projection index : indexes) {
      long checkpoint = index.index().checkpoint().sequence();
      indexArray.addObject()
          .put("name", index.name())
          .put("documents", index.index().documents())
          .put("checkpoint", checkpoint)
          .put("lag", Math.max(index.lag(), sequence - checkpoint));
    }
    Answer.json(request, Json.write(status));
  }

  private List<Path> queueFolders() throws IOException {
    try (Stream<Path> folders = Files.list(queues)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
