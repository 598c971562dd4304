package benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The full index of a tenth of the products, of all, and of many more: time and memory. Every process has {@value #HEAP_MB}
 * MiB of heap.
 */
final class Growth implements Part {

  private static final String GROWTH = "growth";
  private static final int HEAP_MB = 256;
  /** A JVM whose heap is too small ends at once, and so does the part. */
  private static final String OPTIONS = "-Xmx" + HEAP_MB + "m -XX:+ExitOnOutOfMemoryError";
  private static final double MOST_TO_GROWTH = 1.1;

  @Override
  public Set<String> names() {
    return Set.of(GROWTH);
  }

  @Override
  public void run(Bench bench) throws Exception {
    Settings settings = bench.settings();
    Report report = bench.report(GROWTH);
    Map<Integer, Pipeline> pipelines = new LinkedHashMap<>();
    Map<Integer, List<IndexRun>> runs = new LinkedHashMap<>();
    try {
      for (int size : sizes(settings)) {
        pipelines.put(size, bench.pipeline(size, OPTIONS));
        runs.put(size, new ArrayList<>());
      }
      pipelines.values().forEach(Pipeline::start);
      for (int round = 0; round <= settings.rounds(); round++) {
        for (Map.Entry<Integer, Pipeline> each : pipelines.entrySet()) {
          IndexRun run = each.getValue().full();
          report.round(Report.kind(round), run);
          if (round > 0) {
            runs.get(each.getKey()).add(run);
          }
        }
      }
    } finally {
      pipelines.values().forEach(Pipeline::close);
    }
    runs.forEach((size, each) -> tell(report, String.format(Locale.ROOT, "%,d products", size), each));
    if (settings.large() > 0) {
      compare(report, runs.get(settings.products()), runs.get(settings.large()));
    }
    report.bar(Bar.atMost("growth: heap with which every process ran at every size", HEAP_MB, "MiB", HEAP_MB));
  }

  private static List<Integer> sizes(Settings settings) {
    List<Integer> sizes = new ArrayList<>(List.of(Math.max(1, settings.products() / 10), settings.products()));
    if (settings.large() > 0) {
      sizes.add(settings.large());
    }
    return sizes;
  }

  private static void tell(Report report, String size, List<IndexRun> runs) {
    report.figure("growth, " + size, "s", Spread.of(runs.stream().map(IndexRun::seconds).toList()));
    for (String process : runs.get(0).peakMemoryMb().keySet()) {
      report.figure("growth, " + size + ", " + process, "MiB at the peak",
          Spread.of(runs.stream().map(run -> run.peakMemoryMb().get(process).doubleValue()).toList()));
    }
  }

  private static void compare(Report report, List<IndexRun> some, List<IndexRun> many) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      ratios.add(many.get(i).seconds() / some.get(i).seconds());
    }
    int from = some.get(0).products();
    int to = many.get(0).products();
    String what = String.format(Locale.ROOT, "growth, time(%,d) / time(%,d)", to, from);
    report.figure(what, "", Spread.of(ratios));
    report.bar(Bar.atMost(what, MOST_TO_GROWTH * to / from, "", Spread.of(ratios).median()));
  }
}
