package routes.support;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import queue.QueueStatus;
import search.Generations;
import search.SearchIndex;
import store.ProductStore;

/** What a process knows of the state of things: each service adds what it has. Thread safe. */
public class Status {

  private static final String PRODUCTS = "products";

  private final Path folder;
  private final Path queues;
  private final List<Generations> indexes = new CopyOnWriteArrayList<>();
  private final Map<String, StatusReport.Kept> keeps = new ConcurrentHashMap<>();
  private final Map<String, Rate> rates = new ConcurrentHashMap<>();
  private volatile ProductStore products;
  private volatile Supplier<StatusReport.Broker> broker = () -> null;

  /**
   * @param folder of all state; the queues may be on another machine, and so not in it
   */
  public Status(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
    this.queues = folder.resolve("queue");
  }

  /**
   * @param kept what the index keeps of products
   */
  public void add(Generations index, StatusReport.Kept kept) {
    indexes.add(index);
    keeps.put(index.name(), kept);
  }

  /**
   * @param address where the broker of this process listens
   * @param connected whether the connection to it stands
   */
  public void addBroker(String address, BooleanSupplier connected) {
    broker = () -> new StatusReport.Broker(address, connected.getAsBoolean());
  }

  public void add(ProductStore store) {
    products = store;
  }

  /** Takes note of how far things are; the rates come from that. To be called about every second. */
  public void sample() {
    ProductStore store = products;
    if (store != null) {
      rate(PRODUCTS).sample(store.sequence());
    }
    indexes.forEach(index -> rate(index.name()).sample(index.checkpoint().sequence()));
  }

  private Rate rate(String name) {
    return rates.computeIfAbsent(name, any -> new Rate());
  }

  /** How things are now. */
  public StatusReport report() {
    ProductStore store = products;
    StatusReport.Products stored = store == null ? null
        : new StatusReport.Products(store.count(), store.sequence(), store.epoch(), rate(PRODUCTS).perSecond(), folder.toString());
    List<StatusReport.Index> indexed = new ArrayList<>();
    for (Generations index : indexes) {
      long checkpoint = index.checkpoint().sequence();
      long lag = Math.max(index.lag(), stored == null ? 0 : stored.sequence() - checkpoint);
      indexed.add(new StatusReport.Index(
          index.name(), index.read(SearchIndex::documents), checkpoint, lag, rate(index.name()).perSecond(), index.state(),
          keeps.get(index.name())));
    }
    indexed.sort(Comparator.comparing(StatusReport.Index::name));
    List<QueueStatus> runs = QueueStatus.all(queues);
    return new StatusReport(runs, broker.get(), stored, indexed, stops(runs));
  }

  /** Why those that were interrupted could not go on. */
  private Map<String, Stop> stops(List<QueueStatus> runs) {
    Map<String, Stop> stops = new HashMap<>();
    runs.stream().filter(queue -> queue.stage() == QueueStatus.Stage.INTERRUPTED)
        .forEach(queue -> Stop.of(queues.resolve(queue.id())).ifPresent(stop -> stops.put(queue.id(), stop)));
    return stops;
  }

  /** The answer to {@code GET /status}. */
  public void answer(Exchange request) {
    Answer.json(request, report().json());
  }
}
