package benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Searches of both indexes, of as many products as usual and of many more, while nothing else happens, during full indexes, and
 * during full indexes that leave the processor to others.
 */
final class Search implements Part {

  private static final String SEARCH = "search";
  private static final String IDLE = "idle";
  private static final String FULL = "full index";
  private static final String NICE = "nice full index";
  private static final int CLIENTS = 8;
  private static final double MOST_P99 = 50;

  @Override
  public Set<String> names() {
    return Set.of(SEARCH);
  }

  @Override
  public void run(Bench bench) throws Exception {
    Report report = bench.report(SEARCH);
    IntStream sizes = IntStream.of(bench.settings().products(), bench.settings().large()).filter(size -> size > 0).distinct();
    for (int size : sizes.toArray()) {
      try (Pipeline pipeline = bench.pipeline(size, "")) {
        pipeline.start().full();
        new Size(bench.settings(), report, pipeline).measure();
      }
    }
  }

  /** What must be so before a load. */
  private interface Before {
    void run() throws InterruptedException;
  }

  /** What is measured of one number of products. */
  private static final class Size {
    private final Settings settings;
    private final Report report;
    private final Pipeline pipeline;
    private final Queries queries;
    private final Map<String, Busy> busy = new LinkedHashMap<>();
    private final int products;
    private final Map<String, List<SearchRun>> runs = new LinkedHashMap<>();
    private final Map<String, Latencies> openLatencies = new LinkedHashMap<>();

    Size(Settings settings, Report report, Pipeline pipeline) {
      this.settings = settings;
      this.report = report;
      this.pipeline = pipeline;
      queries = new Queries(pipeline.backend());
      busy.put(FULL, new Busy(pipeline, List.of()));
      busy.put(NICE, new Busy(pipeline, List.of("nice", "-n", "19")));
      products = pipeline.shop().products();
    }

    void measure() throws Exception {
      for (int round = 0; round <= settings.rounds(); round++) {
        all(round, IDLE, () -> {}, () -> true);
        for (Map.Entry<String, Busy> each : busy.entrySet()) {
          all(round, each.getKey(), each.getValue()::begin, each.getValue()::isOn);
          each.getValue().end();
        }
      }
      tell();
    }

    private void all(int round, String state, Before before, BooleanSupplier goesOn) throws InterruptedException {
      before.run();
      SearchLoad open = load().open(settings.searches(), settings.seconds(), goesOn);
      take(round, open.run(products, state, "open"));
      if (round > 0) {
        Latencies all = openLatencies.computeIfAbsent(state, any -> new Latencies());
        all.addAll(open.latencies("index-a"));
        all.addAll(open.latencies("index-b"));
      }
      for (String index : List.of("index-a", "index-b")) {
        before.run();
        take(round, load().closed(index, CLIENTS, settings.seconds() / 2.0, goesOn).run(products, state, "closed"));
      }
    }

    private SearchLoad load() {
      return new SearchLoad(pipeline.backend(), queries);
    }

    private void take(int round, SearchRun run) {
      report.round(Report.kind(round), run);
      if (run.failed() > 0) {
        throw new IllegalStateException(run.failed() + " searches failed");
      }
      if (round > 0) {
        String load = run.load().equals("open") ? "" : " " + run.indexes().keySet();
        runs.computeIfAbsent(run.state() + load, any -> new ArrayList<>()).add(run);
      }
    }

    private void tell() {
      String size = String.format(Locale.ROOT, "search, %,d products, ", products);
      runs.forEach((name, each) -> {
        if (each.get(0).load().equals("closed")) {
          report.figure(size + name, "requests/s", Spread.of(each.stream().map(SearchRun::perSecond).toList()));
        } else {
          for (String index : each.get(0).indexes().keySet()) {
            List<SearchRun.Times> times = each.stream().map(run -> run.indexes().get(index)).toList();
            String what = size + name + ", " + index + " at " + settings.searches() + "/s";
            report.figure(what, "ms p50", Spread.of(times.stream().map(SearchRun.Times::p50).toList()));
            report.figure(what, "ms p99", Spread.of(times.stream().map(SearchRun.Times::p99).toList()));
            report.figure(what, "ms max", Spread.of(times.stream().map(SearchRun.Times::max).toList()));
          }
        }
      });
      if (products == settings.products()) {
        for (String state : busy.keySet()) {
          report.bar(Bar.atMost("search during a " + state + ", p99 at " + settings.searches() + " requests/s", MOST_P99, "ms",
              openLatencies.get(state).percentile(99)));
        }
      }
    }
  }
}
