package benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How long things took. Every one is kept, so that percentiles are exact. Thread safe. */
final class Latencies {

  private final List<Long> nanos = new ArrayList<>();

  synchronized void add(long nanoseconds) {
    nanos.add(nanoseconds);
  }

  synchronized void addAll(Latencies others) {
    nanos.addAll(others.nanos);
  }

  synchronized int count() {
    return nanos.size();
  }

  /**
   * The time in milliseconds within which at least so many percent of the things were done (the nearest rank); NaN if there
   * were none.
   *
   * @param percent above 0, at most 100
   */
  synchronized double percentile(double percent) {
    if (nanos.isEmpty()) {
      return Double.NaN;
    }
    Collections.sort(nanos);
    int rank = (int) Math.ceil(percent / 100 * nanos.size());
    return nanos.get(Math.max(1, rank) - 1) / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }

  /** The longest, in milliseconds; NaN if there was none. */
  double max() {
    return percentile(100);
  }
}
