package benchmark;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How a number approaches its target, and when to look again: the less often the longer it will take by what was seen so far.
 * Whoever asks an index how many documents it has makes it show what was written, which costs; asked every few milliseconds,
 * a full index would take longer for it.
 */
final class Approach {

  private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);
  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long BEFORE_THE_FIRST = TimeUnit.MILLISECONDS.toNanos(40);
  private static final int LOOKS_IN_WHAT_IS_LEFT = 4;

  private final long start = System.nanoTime();
  private final long from;
  private final long target;
  private final Duration bound;
  private long first;
  private long reached;

  /** The clock starts now. */
  Approach(long from, long target, Duration bound) {
    this.from = from;
    this.target = target;
    this.bound = bound;
    reached = from;
  }

  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  /** When something was seen first; 0 if nothing was yet. */
  double firstSeconds() {
    return first == 0 ? 0 : (first - start) / 1e9;
  }

  /**
   * Takes note of how far it is.
   *
   * @param furthest where the first part of what approaches is
   * @param all where the last part is
   */
  void reached(long furthest, long all) {
    if (first == 0 && furthest > from) {
      first = System.nanoTime();
    }
    reached = all;
  }

  boolean isThere() {
    return reached >= target;
  }

  /**
   * Waits until it is time to look again.
   *
   * @throws IllegalStateException if it has taken too long
   */
  void pause() throws InterruptedException {
    if (seconds() > bound.toSeconds()) {
      throw new IllegalStateException("still at " + reached + " of " + target + " after " + bound.toSeconds() + " s");
    }
    TimeUnit.NANOSECONDS.sleep(nanosToWait(System.nanoTime() - first));
  }

  private long nanosToWait(long sinceFirst) {
    if (first == 0 || reached <= from) {
      return BEFORE_THE_FIRST;
    }
    double left = (double) sinceFirst / (reached - from) * (target - reached);
    return Math.max(SHORTEST, Math.min(LONGEST, (long) (left / LOOKS_IN_WHAT_IS_LEFT)));
  }
}
