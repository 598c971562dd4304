package benchmark;

import endtoend.Backend;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Users of the search, for some time or as long as something goes on. */
final class SearchLoad {

  private static final int MOST_AT_A_TIME = 64;
  private static final int BOUND_SECONDS = 60;

  private final Backend backend;
  private final Queries queries;
  private final Map<String, Latencies> latencies = new LinkedHashMap<>();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private double lasted;

  SearchLoad(Backend backend, Queries queries) {
    this.backend = backend;
    this.queries = queries;
    latencies.put("index-a", new Latencies());
    latencies.put("index-b", new Latencies());
  }

  /** How long the searches of an index took. */
  Latencies latencies(String index) {
    return latencies.get(index);
  }

  SearchRun run(int products, String state, String load) {
    Map<String, SearchRun.Times> times = new LinkedHashMap<>();
    latencies.forEach((index, each) -> {
      if (each.count() > 0) {
        times.put(index, SearchRun.Times.of(each));
      }
    });
    return new SearchRun(products, state, load, lasted, requests.get(), requests.get() / lasted, failed.get(), times);
  }

  /**
   * So many searches a second, of both indexes in turn. Each counts from when it was due, so that one that had to wait for
   * those before it counts as slow as its user would find it.
   */
  SearchLoad open(int perSecond, double seconds, BooleanSupplier goesOn) throws InterruptedException {
    long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    long searches = Math.round(seconds * perSecond);
    return with(MOST_AT_A_TIME, clients -> {
      long start = System.nanoTime();
      for (long number = 0; number < searches && goesOn.getAsBoolean(); number++) {
        long each = number;
        long due = start + number * interval;
        Clock.sleepUntil(due);
        clients.execute(() -> search(each % 2 == 0 ? "index-a" : "index-b", each / 2, due));
      }
    });
  }

  /** Clients who ask an index again as soon as they are answered. */
  SearchLoad closed(String index, int count, double seconds, BooleanSupplier goesOn) throws InterruptedException {
    AtomicLong next = new AtomicLong();
    return with(count, clients -> {
      long end = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
      for (int i = 0; i < count; i++) {
        clients.execute(() -> {
          while (System.nanoTime() < end && goesOn.getAsBoolean()) {
            search(index, next.getAndIncrement(), System.nanoTime());
          }
        });
      }
    });
  }

  private interface Load {
    void give(ExecutorService clients);
  }

  private SearchLoad with(int threads, Load load) throws InterruptedException {
    ExecutorService clients = Executors.newFixedThreadPool(threads);
    long start = System.nanoTime();
    try {
      load.give(clients);
      clients.shutdown();
      if (!clients.awaitTermination(BOUND_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("searches are not answered within " + BOUND_SECONDS + " s");
      }
      lasted = (System.nanoTime() - start) / 1e9;
      return this;
    } finally {
      clients.shutdownNow();
    }
  }

  private void search(String index, long number, long due) {
    requests.incrementAndGet();
    try {
      if (backend.get(index.equals("index-a") ? queries.indexA(number) : queries.indexB(number)).statusCode() != 200) {
        failed.incrementAndGet();
      }
    } catch (UncheckedIOException e) {
      failed.incrementAndGet();
    }
    latencies.get(index).add(System.nanoTime() - due);
  }
}
