package routes.support;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time that searches take, so that what can wait leaves the processor to them. Who waits between two pieces of
 * work as long as they took meanwhile waits the longer, the more they suffer from that work. Thread safe.
 */
public final class Searches {

  private final AtomicLong took = new AtomicLong();
  private final long mostMs;

  /**
   * @param mostMs how long to wait at a time, at most, in milliseconds: searches that never end must not bring all else to a standstill
   */
  public Searches(long mostMs) {
    this.mostMs = mostMs;
  }

  /**
   * A search is answered.
   *
   * @param nanoseconds that it took, waiting for the processor or a refresh included
   */
  public void took(long nanoseconds) {
    took.addAndGet(nanoseconds);
  }

  /**
   * How long to wait before the next piece of work. What it counts is not counted again.
   *
   * @return milliseconds: as long as searches took since the last piece; 0 if there were none
   */
  public long pauseMs() {
    return Math.min(TimeUnit.NANOSECONDS.toMillis(took.getAndSet(0)), mostMs);
  }
}
