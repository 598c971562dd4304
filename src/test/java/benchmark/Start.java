package benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How long each process that stays up takes from its start until it serves, with all products stored. */
final class Start implements Part {

  private static final String START = "start";
  private static final String SERVICES = "services";
  private static final List<String> PROCESSES = List.of("broker", SERVICES, "productData", "indexA", "indexB");
  private static final String BY_MAVEN = SERVICES + " by Maven";
  private static final double MOST_SECONDS = 5;

  @Override
  public Set<String> names() {
    return Set.of(START);
  }

  @Override
  public void run(Bench bench) throws Exception {
    Report report = bench.report(START);
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    PROCESSES.forEach(process -> seconds.put(process, new ArrayList<>()));
    seconds.put(BY_MAVEN, new ArrayList<>());
    try (Pipeline pipeline = bench.pipeline(bench.settings().products(), "")) {
      pipeline.start().full();
      pipeline.stop();
      for (int round = 0; round <= bench.settings().rounds(); round++) {
        Map<String, Double> measured = new LinkedHashMap<>();
        for (String process : PROCESSES) {
          measured.put(process, pipeline.secondsToServe(process));
        }
        measured.put(BY_MAVEN, pipeline.secondsToServeByMaven(SERVICES));
        report.round(Report.kind(round), measured);
        if (round > 0) {
          measured.forEach((process, each) -> seconds.get(process).add(each));
        }
      }
    }
    seconds.forEach((process, each) -> report.figure("start of " + process, "s", Spread.of(each)));
    report.bar(Bar.atMost("services, start until ready", MOST_SECONDS, "s", Spread.of(seconds.get(SERVICES)).median()));
  }
}
