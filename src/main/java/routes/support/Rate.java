package routes.support;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** How fast a number grows: its growth over the last {@value #WINDOW_SECONDS} seconds or a little more. Thread safe. */
final class Rate {

  private static final int WINDOW_SECONDS = 5;

  private record Sample(long nanos, long number) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** Takes note of the number as it is now; to be called about every second. */
  synchronized void sample(long number) {
    long now = System.nanoTime();
    if (!samples.isEmpty() && samples.getLast().number() > number) {
      // It began anew.
      samples.clear();
    }
    samples.addLast(new Sample(now, number));
    while (samples.size() > 2 && now - samples.getFirst().nanos() > TimeUnit.SECONDS.toNanos(WINDOW_SECONDS)) {
      samples.removeFirst();
    }
  }

  /** The growth in a second; 0 if too little is known. */
  synchronized long perSecond() {
    if (samples.size() < 2) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    return Math.round((last.number() - first.number()) * (double) TimeUnit.SECONDS.toNanos(1) / (last.nanos() - first.nanos()));
  }
}
