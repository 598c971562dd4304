package benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures the product backend on real processes: {@code mvn -Pbenchmark verify}. It ends by itself, with 0 when everything
 * that was chosen was measured, whether bars are met or not. {@code docs/performance.md} says what each part measures.
 */
public final class Benchmark {

  /** The names of all parts. */
  static final List<String> PARTS = List.of("full", "limit", "price", "catch-up", "maven", "start", "growth", "search", "freshness");

  private static final List<Part> ALL = List.of(new Indexing(), new Start(), new Growth(), new Search(), new Freshness());

  private Benchmark() {}

  public static void main(String[] arguments) throws IOException {
    Settings settings = Settings.ofSystemProperties();
    if (!PARTS.containsAll(settings.parts())) {
      throw new IllegalArgumentException("benchmark.parts must be some of " + PARTS + ", but are " + settings.parts());
    }
    Runtime.getRuntime().addShutdownHook(
        new Thread(() -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
    endAfter(settings.minutes());
    System.exit(run(new Bench(settings)) ? 0 : 1);
  }

  private static void endAfter(int minutes) {
    Thread watch = new Thread(() -> {
      try {
        TimeUnit.MINUTES.sleep(minutes);
        Console.say("Not done after %d minutes (benchmark.minutes): ended", minutes);
        System.exit(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }, "bound");
    watch.setDaemon(true);
    watch.start();
  }

  private static boolean run(Bench bench) throws IOException {
    boolean complete = true;
    for (Part part : ALL) {
      if (!Collections.disjoint(part.names(), bench.settings().parts())) {
        complete &= run(part, bench);
      }
    }
    show(bench.reports());
    if (complete) {
      bench.clean();
    }
    return complete;
  }

  /** A part that fails does not keep the others from being measured. */
  private static boolean run(Part part, Bench bench) throws IOException {
    int before = bench.reports().size();
    try {
      part.run(bench);
      return true;
    } catch (Exception | AssertionError e) {
      Console.say("%s could not be measured: %s", part.names(), e);
      return false;
    } finally {
      for (Report report : bench.reports().subList(before, bench.reports().size())) {
        report.write(Settings.FOLDER);
      }
    }
  }

  private static void show(List<Report> reports) throws IOException {
    List<List<String>> figures = new ArrayList<>(List.of(List.of("what", "unit", "min", "median", "max")));
    List<List<String>> bars = new ArrayList<>(List.of(List.of("what", "bar", "measured", "")));
    for (Report report : reports) {
      for (Report.Figure figure : report.figures()) {
        Spread spread = figure.spread();
        figures.add(List.of(
            figure.what(), figure.unit(), Bar.number(spread.min()), Bar.number(spread.median()), Bar.number(spread.max())));
      }
      for (Bar bar : report.bars()) {
        bars.add(List.of(bar.what(), bar.demand(), Bar.number(bar.measured()), bar.met() ? "met" : "not met"));
      }
    }
    List<String> lines = new ArrayList<>(Console.table(figures));
    lines.add("");
    lines.addAll(Console.table(bars));
    lines.add("");
    lines.add("The bars are meant for 100,000 products on two cores.");
    System.out.println();
    lines.forEach(System.out::println);
    Files.write(Settings.FOLDER.resolve("benchmark.md"), lines);
    Chart.write(Settings.FOLDER.resolve("benchmark.svg"), reports);
  }
}
