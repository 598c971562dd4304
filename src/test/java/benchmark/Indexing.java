package benchmark;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * The full index, and what is compared with it in the same rounds: the limit, the price index, an empty index that
 * catches up, and a full index whose indexer Maven starts. The services stay up from round to round; an indexer is always a
 * fresh process, and so is the index that catches up.
 */
final class Indexing implements Part {

  private static final String FULL = "full";
  private static final String LIMIT = "limit";
  private static final String PRICE = "price";
  private static final String CATCH_UP = "catch-up";
  private static final String MAVEN = "maven";

  private static final double LEAST_OF_LIMIT = 0.75;
  private static final double LEAST_WARM = 20_000;
  private static final double LEAST_FIRST = 10_000;
  private static final double LEAST_PRICE = 1.5;

  @Override
  public Set<String> names() {
    return Set.of(FULL, LIMIT, PRICE, CATCH_UP, MAVEN);
  }

  @Override
  public void run(Bench bench) throws Exception {
    Settings settings = bench.settings();
    Report full = bench.report(FULL);
    List<IndexRun> first = new ArrayList<>();
    for (int start = settings.has(FULL) ? 1 : settings.rounds(); start < settings.rounds(); start++) {
      try (Pipeline fresh = bench.pipeline(settings.products(), "")) {
        first.add(first(full, fresh));
      }
    }
    try (Pipeline pipeline = bench.pipeline(settings.products(), "");
        LimitProcess limit = limit(bench)) {
      first.add(first(full, pipeline));
      Rounds rounds = new Rounds(bench);
      if (settings.has(PRICE)) {
        rounds.add(bench.report(PRICE), pipeline::price);
      }
      if (settings.has(MAVEN)) {
        rounds.add(bench.report(MAVEN), pipeline::fullByMaven);
      }
      rounds.add(full, pipeline::full);
      if (limit != null) {
        Report report = bench.report(LIMIT);
        report.round("first", limit.index(pipeline.shop().lastMark()));
        rounds.add(report, () -> limit.index(pipeline.shop().lastMark()));
      }
      if (settings.has(CATCH_UP)) {
        rounds.add(bench.report(CATCH_UP), () -> pipeline.catchUp(bench.folder(CATCH_UP)));
      }
      rounds.play();
      tell(full, first, rounds);
      if (limit != null) {
        mustBeEqual(pipeline, limit);
      }
    }
  }

  private static IndexRun first(Report report, Pipeline fresh) throws Exception {
    IndexRun run = fresh.start().full();
    report.round("first", run);
    return run;
  }

  /** The limit's process; null if it is not to be measured. */
  private static LimitProcess limit(Bench bench) throws IOException, SQLException {
    Settings settings = bench.settings();
    return settings.has(LIMIT)
        ? new LimitProcess(bench.folder(LIMIT), bench.shop(settings.products()).url(), settings.limitOptions()) : null;
  }

  /** What a faster way leaves out would show here. */
  private static void mustBeEqual(Pipeline pipeline, LimitProcess limit) {
    for (String index : List.of("index-a", "index-b")) {
      String expected = pipeline.contents(index);
      String found = limit.contents().path(index).asText();
      if (!found.equals(expected)) {
        throw new IllegalStateException("the limit's " + index + " has " + found + ", the pipeline's " + expected);
      }
      Console.say("The limit's %s equals the pipeline's: %s", index, found);
    }
  }

  private static void tell(Report full, List<IndexRun> first, Rounds rounds) {
    Spread firstRate = Spread.of(first.stream().map(IndexRun::perSecond).toList());
    full.figure("full index, first run of fresh processes", "products/s", firstRate);
    full.bar(Bar.atLeast("full index, first run of fresh processes", LEAST_FIRST, "products/s", firstRate.median()));
    for (Map.Entry<Report, List<IndexRun>> each : rounds.runs.entrySet()) {
      tell(each.getKey(), each.getValue());
      if (each.getKey() == full) {
        full.bar(Bar.atLeast("full index, warm", LEAST_WARM, "products/s", rounds.rate(full).median()));
      } else {
        compare(each.getKey(), rounds.ratio(each.getKey(), full));
      }
    }
  }

  private static void tell(Report report, List<IndexRun> runs) {
    report.figure(report.part(), "products/s", Spread.of(runs.stream().map(IndexRun::perSecond).toList()));
    report.figure(report.part(), "s", Spread.of(runs.stream().map(IndexRun::seconds).toList()));
    for (String process : runs.get(0).cpuSeconds().keySet()) {
      report.figure(report.part() + ", " + process, "CPU s",
          Spread.of(runs.stream().map(run -> run.cpuSeconds().get(process)).toList()));
      report.figure(report.part() + ", " + process, "MiB at the peak",
          Spread.of(runs.stream().map(run -> run.peakMemoryMb().get(process).doubleValue()).toList()));
    }
  }

  private static void compare(Report report, Spread toFull) {
    switch (report.part()) {
      case LIMIT -> {
        Spread ofLimit = new Spread(1 / toFull.max(), 1 / toFull.median(), 1 / toFull.min());
        report.figure("pipeline / limit", "", ofLimit);
        report.bar(Bar.atLeast("full index, pipeline / limit", LEAST_OF_LIMIT, "", ofLimit.median()));
      }
      case PRICE -> {
        report.figure("price index / full index", "", toFull);
        report.bar(Bar.atLeast("price index / full index", LEAST_PRICE, "", toFull.median()));
      }
      case MAVEN -> report.figure("full index with an indexer started by Maven / full index", "", toFull);
      default -> {
        report.figure("catch-up / full index", "", toFull);
        report.bar(Bar.atLeast("catch-up of an empty index / full index", 1, "", toFull.median()));
      }
    }
  }

  /** The rounds, in each of which one follows after the other. */
  private static final class Rounds {
    private final Bench bench;
    private final Map<Report, Callable<IndexRun>> contenders = new LinkedHashMap<>();
    private final Map<Report, List<IndexRun>> runs = new LinkedHashMap<>();

    Rounds(Bench bench) {
      this.bench = bench;
    }

    void add(Report report, Callable<IndexRun> run) {
      contenders.put(report, run);
      runs.put(report, new ArrayList<>());
    }

    void play() throws Exception {
      for (int round = 0; round <= bench.settings().rounds(); round++) {
        for (Map.Entry<Report, Callable<IndexRun>> each : contenders.entrySet()) {
          IndexRun run = each.getValue().call();
          each.getKey().round(Report.kind(round), run);
          if (round > 0) {
            runs.get(each.getKey()).add(run);
          }
        }
      }
    }

    Spread rate(Report report) {
      return Spread.of(runs.get(report).stream().map(IndexRun::perSecond).toList());
    }

    /** The rate of one to that of another, round by round. */
    Spread ratio(Report one, Report other) {
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < runs.get(one).size(); i++) {
        ratios.add(runs.get(one).get(i).perSecond() / runs.get(other).get(i).perSecond());
      }
      return Spread.of(ratios);
    }
  }
}
