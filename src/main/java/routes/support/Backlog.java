package routes.support;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;

/**
 * The queue of frames that wait for a stage, for SEDA's {@code queue=#…}: bounded by their bytes, since one frame may hold a single
 * price and another five hundred products. Few large ones or thousands of small ones find room. Thread safe.
 */
public final class Backlog extends LinkedBlockingQueue<Exchange> {

  private static final long serialVersionUID = 1L;

  /** What a message takes beside its text. */
  private static final int MESSAGE_BYTES = 2_048;

  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param maxBytes how much may wait; one frame does, however large it is
   */
  public Backlog(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Refuses what finds no room. */
  @Override
  public boolean offer(Exchange frame) {
    if (bytes.get() + size(frame) > maxBytes && !isEmpty()) {
      return false;
    }
    bytes.addAndGet(size(frame));
    return super.offer(frame);
  }

  /** As the other: nobody waits for room. */
  @Override
  public boolean offer(Exchange frame, long timeout, TimeUnit unit) {
    return offer(frame);
  }

  /** Takes a frame whatever room there is: a reminder, which has no text. */
  @Override
  public void put(Exchange reminder) {
    bytes.addAndGet(size(reminder));
    super.offer(reminder);
  }

  @Override
  public Exchange poll() {
    return without(super.poll());
  }

  @Override
  public Exchange poll(long timeout, TimeUnit unit) throws InterruptedException {
    return without(super.poll(timeout, unit));
  }

  @Override
  public Exchange take() throws InterruptedException {
    return without(super.take());
  }

  private Exchange without(Exchange taken) {
    if (taken != null) {
      bytes.addAndGet(-size(taken));
    }
    return taken;
  }

  /** The text is ASCII. */
  private static long size(Exchange message) {
    return MESSAGE_BYTES + (message.getMessage().getBody() instanceof String text ? text.length() : 0);
  }
}
