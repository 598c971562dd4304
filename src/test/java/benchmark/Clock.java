package benchmark;

import java.util.concurrent.locks.LockSupport;

/** The clock by which loads are given: {@link System#nanoTime()}. */
final class Clock {

  private Clock() {}

  /** Waits until a time has come. */
  static void sleepUntil(long nanoTime) {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
