package benchmark;

import java.util.Arrays;
import java.util.Collection;

/** The least, the middle and the greatest of some figures; of an even number of figures the middle is the mean of two. */
record Spread(double min, double median, double max) {

  /**
   * @param figures at least one
   */
  static Spread of(Collection<Double> figures) {
    if (figures.isEmpty()) {
      throw new IllegalArgumentException("no figures");
    }
    double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(sorted[0], median, sorted[sorted.length - 1]);
  }

  static Spread of(double... figures) {
    return of(Arrays.stream(figures).boxed().toList());
  }
}
