package benchmark;

import java.util.Map;

/**
 * What searches under a load took.
 *
 * @param products in each index
 * @param state {@code idle}, or {@code full index} while one runs
 * @param load {@code open}: so many a second, whether they are answered or not; {@code closed}: clients who each ask again as
 *     soon as they are answered
 * @param seconds that it lasted
 * @param failed requests without an answer of status 200
 * @param indexes how long the searches of each took
 */
record SearchRun(
    int products,
    String state,
    String load,
    double seconds,
    long requests,
    double perSecond,
    long failed,
    Map<String, Times> indexes) {

  /** In milliseconds. */
  record Times(int searches, double p50, double p99, double max) {
    static Times of(Latencies latencies) {
      return new Times(latencies.count(), latencies.percentile(50), latencies.percentile(99), latencies.max());
    }
  }
}
