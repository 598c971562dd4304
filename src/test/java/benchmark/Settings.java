package benchmark;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is measured, from system properties {@code benchmark.<name>}.
 *
 * @param parts names of the parts to be run
 * @param products how many there are, unless a part says otherwise
 * @param large how many there are at the most, where a part measures several sizes; 0: such sizes are left out
 * @param rounds that count, after a warm-up
 * @param seconds how long a load lasts in a round, at the most
 * @param searches a second
 * @param changes of prices a second
 * @param limitOptions of the limit's JVM
 * @param minutes after which everything is ended
 */
record Settings(
    Set<String> parts,
    int products,
    int large,
    int rounds,
    int seconds,
    int searches,
    List<Integer> changes,
    List<String> limitOptions,
    int minutes) {

  /** The folder of results; state and logs lie in {@code work} below it. */
  static final Path FOLDER = Path.of("target", "benchmark");

  static Settings ofSystemProperties() {
    String large = text("large", "1000000");
    return new Settings(
        new LinkedHashSet<>(list("parts", String.join(",", Benchmark.PARTS))),
        number("products", 100_000),
        large.equals("false") ? 0 : Integer.parseInt(large.replace("_", "")),
        number("rounds", 5),
        number("seconds", 10),
        number("searches", 200),
        list("changes", "50,500,2000").stream().map(Integer::valueOf).toList(),
        Arrays.asList(text("limit.jvm", "-Xmx1536m -XX:+UseParallelGC").split(" +")),
        number("minutes", 90));
  }

  private static String text(String name, String otherwise) {
    String value = System.getProperty("benchmark." + name, "").strip();
    return value.isEmpty() ? otherwise : value;
  }

  private static int number(String name, int otherwise) {
    return Integer.parseInt(text(name, Integer.toString(otherwise)).replace("_", ""));
  }

  private static List<String> list(String name, String otherwise) {
    return Arrays.stream(text(name, otherwise).split(",")).map(String::strip).filter(each -> !each.isEmpty())
        .collect(Collectors.toList());
  }

  boolean has(String part) {
    return parts.contains(part);
  }
}
