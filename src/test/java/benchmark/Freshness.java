package benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * How long a changed price takes until a search of index B finds it, at several rates, while nothing else happens and during
 * full indexes.
 */
final class Freshness implements Part {

  private static final String FRESHNESS = "freshness";
  private static final String IDLE = "idle";
  private static final String BUSY = "full index";
  private static final int JUDGED_RATE = 500;
  private static final double MOST_P50_IDLE = 60;
  private static final double MOST_P99_IDLE = 250;
  private static final double MOST_P99_BUSY = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * What a round measured: times in milliseconds.
   *
   * @param lost changes that were not found in time, {@code PATIENCE} after the last was emitted
   */
  record Run(
      String state,
      int rate,
      double seconds,
      long changes,
      long resent,
      int watched,
      int lost,
      double p50,
      double p99,
      double max) {}

  @Override
  public Set<String> names() {
    return Set.of(FRESHNESS);
  }

  @Override
  public void run(Bench bench) throws Exception {
    Settings settings = bench.settings();
    Report report = bench.report(FRESHNESS);
    try (Pipeline pipeline = bench.pipeline(settings.products(), "")) {
      pipeline.start().full();
      Busy busy = new Busy(pipeline, List.of());
      Map<String, Measured> measured = new LinkedHashMap<>();
      try (PriceChanges changes = new PriceChanges(pipeline.backend().brokerPort(), settings.products());
          PriceWatch watch = new PriceWatch(pipeline.backend())) {
        for (int round = 0; round <= settings.rounds(); round++) {
          for (int rate : settings.changes()) {
            for (String state : List.of(IDLE, BUSY)) {
              Latencies found = new Latencies();
              Run run = state.equals(IDLE)
                  ? play(changes, watch, state, rate, settings.seconds(), () -> true, found)
                  : playBusy(changes, watch, busy, rate, settings.seconds(), found);
              report.round(Report.kind(round), run);
              if (round > 0) {
                measured.computeIfAbsent(state + ", " + rate + "/s", any -> new Measured()).add(run, found);
              }
            }
          }
        }
      }
      tell(report, measured);
    }
  }

  private static Run playBusy(PriceChanges changes, PriceWatch watch, Busy busy, int rate, int seconds, Latencies found)
      throws InterruptedException {
    busy.begin();
    Run run = play(changes, watch, BUSY, rate, seconds, busy::isOn, found);
    busy.end();
    return run;
  }

  private static Run play(PriceChanges changes, PriceWatch watch, String state, int rate, int seconds, BooleanSupplier goesOn,
      Latencies found) throws InterruptedException {
    PriceChanges.Emitted emitted = changes.emit(rate, seconds, goesOn, watch);
    long resent = emitted.resent();
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (watch.awaited() + changes.unacknowledged() > 0 && System.nanoTime() < giveUp) {
      resent += changes.resendWhatIsDue();
      TimeUnit.MILLISECONDS.sleep(10);
    }
    int lost = watch.awaited();
    watch.giveUp();
    found.addAll(watch.found());
    return new Run(state, rate, emitted.seconds(), emitted.changes(), resent, found.count() + lost, lost, found.percentile(50),
        found.percentile(99), found.max());
  }

  private static void tell(Report report, Map<String, Measured> measured) {
    measured.forEach((name, each) -> {
      report.figure("freshness, " + name, "ms p50", Spread.of(each.runs.stream().map(Run::p50).toList()));
      report.figure("freshness, " + name, "ms p99", Spread.of(each.runs.stream().map(Run::p99).toList()));
      report.figure("freshness, " + name, "ms max", Spread.of(each.runs.stream().map(Run::max).toList()));
    });
    Measured idle = measured.get(IDLE + ", " + JUDGED_RATE + "/s");
    Measured busy = measured.get(BUSY + ", " + JUDGED_RATE + "/s");
    if (idle != null) {
      report.bar(Bar.atMost("freshness at 500/s, idle, p50", MOST_P50_IDLE, "ms", idle.percentile(50)));
      report.bar(Bar.atMost("freshness at 500/s, idle, p99", MOST_P99_IDLE, "ms", idle.percentile(99)));
      report.bar(Bar.atMost("freshness at 500/s, during a full index, p99", MOST_P99_BUSY, "ms", busy.percentile(99)));
    }
  }

  /** The rounds that count of one state and rate. */
  private static final class Measured {
    private final List<Run> runs = new ArrayList<>();
    private final Latencies all = new Latencies();

    void add(Run run, Latencies found) {
      runs.add(run);
      all.addAll(found);
    }

    /** Over all rounds; unknown if a change was lost. */
    double percentile(double percent) {
      return runs.stream().anyMatch(run -> run.lost() > 0) ? Double.NaN : all.percentile(percent);
    }
  }
}
