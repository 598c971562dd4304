package benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import endtoend.Backend;
import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;

/**
 * Searches index B for changed prices until it finds them. One search asks for all that are awaited, since they are greater
 * than any other price: so that watching costs as little however many there are.
 */
final class PriceWatch implements AutoCloseable, PriceChanges.Watcher {

  private static final int PAUSE_MS = 5;
  private static final int HITS = 100;

  private final Backend backend;
  private final ConcurrentNavigableMap<BigDecimal, Long> awaited = new ConcurrentSkipListMap<>();
  private final Thread searcher = new Thread(this::search, "price-watch");
  private volatile Latencies found = new Latencies();
  private volatile boolean closed;

  PriceWatch(Backend backend) {
    this.backend = backend;
    searcher.start();
  }

  @Override
  public void watch(BigDecimal price, long emittedAt) {
    awaited.put(price, emittedAt);
  }

  /** How long it took to find those that were found since this was asked last. */
  Latencies found() {
    Latencies all = found;
    found = new Latencies();
    return all;
  }

  /** How many are not found yet. */
  int awaited() {
    return awaited.size();
  }

  /** Gives up what is not found yet. */
  void giveUp() {
    awaited.clear();
  }

  private void search() {
    try {
      while (!closed) {
        Map.Entry<BigDecimal, Long> least = awaited.firstEntry();
        if (least != null) {
          find(least.getKey());
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void find(BigDecimal least) {
    JsonNode answer = backend.json("/index-b/search?sort=price&size=" + HITS + "&minPrice=" + least);
    long now = System.nanoTime();
    for (JsonNode hit : answer.path("hits")) {
      Long emittedAt = awaited.remove(hit.path("price").decimalValue().setScale(2));
      if (emittedAt != null) {
        found.add(now - emittedAt);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    searcher.interrupt();
  }
}
