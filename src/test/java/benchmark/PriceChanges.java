package benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import endtoend.Peer;
import event.EventCodec;
import event.UpdateEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import product.Json;
import product.Product;

/**
 * A publisher of single price changes, each an UPDATE event of its own with the tag {@code price}. Like every publisher it
 * sends again what is not acknowledged in time: after a second, then after two, and so on.
 *
 * <p>Its reads are dated an hour ahead: a full index that reads the database meanwhile would otherwise bring back the old
 * prices, which are still there, and no search would ever find the new ones.
 */
final class PriceChanges implements AutoCloseable {

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);
  private static final int WATCHED_PER_SECOND = 100;
  private static final BigDecimal WATCHED_FROM = BigDecimal.valueOf(6_000_000);

  private final Peer publisher;
  private final Peer acknowledgements;
  private final int products;
  private final Thread receiver = new Thread(this::receive, "acknowledgements");
  private final Map<String, Sent> unacknowledged = new ConcurrentHashMap<>();
  private final Queue<Sent> byResend = new PriorityQueue<>(Comparator.comparingLong(Sent::resendAt));
  private long readAt = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now().plus(1, ChronoUnit.HOURS));
  private long changes;
  private long watched;
  private volatile boolean closed;

  /** An event that was sent, and when to send it again: after twice the time of the last one. */
  private record Sent(String eventId, String frame, long resendAt, long patience) {
    static Sent now(String eventId, String frame, long patience) {
      return new Sent(eventId, frame, System.nanoTime() + patience, patience);
    }
  }

  /** Who is told of the changes that are to be watched. */
  interface Watcher {
    /**
     * @param price that no product had before; greater with each
     * @param emittedAt when the change was due, in nanoseconds
     */
    void watch(BigDecimal price, long emittedAt);
  }

  /**
   * What was sent.
   *
   * @param changes of prices
   * @param resent events that were sent again
   */
  record Emitted(long changes, long resent, double seconds) {}

  /**
   * @param products ids are the numbers from 1 to this
   */
  PriceChanges(int brokerPort, int products) {
    this.products = products;
    publisher = Peer.publisher(brokerPort, "update");
    acknowledgements = Peer.subscriber(brokerPort, "ack");
    receiver.start();
  }

  /** Changes so many prices a second, for some time or as long as something goes on. */
  Emitted emit(int perSecond, double seconds, BooleanSupplier goesOn, Watcher watcher) {
    long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    int every = Math.max(1, perSecond / WATCHED_PER_SECOND);
    long resent = 0;
    long number = 0;
    long start = System.nanoTime();
    for (; number < seconds * perSecond && goesOn.getAsBoolean(); number++) {
      long due = start + number * interval;
      Clock.sleepUntil(due);
      if (number % every == 0) {
        BigDecimal price = WATCHED_FROM.add(BigDecimal.valueOf(++watched, 2));
        watcher.watch(price, due);
        send(upperHalf(watched), price);
      } else {
        send(lowerHalf(++changes), BigDecimal.valueOf(changes % 100_000, 2));
      }
      resent += resendWhatIsDue();
    }
    return new Emitted(number, resent, (System.nanoTime() - start) / 1e9);
  }

  /** What is watched changes one product after the other, so that none changes again before it was found. */
  private int upperHalf(long number) {
    return products - (int) (number % (products / 2));
  }

  private int lowerHalf(long number) {
    return 1 + (int) (number % (products / 2 - 1));
  }

  private void send(int id, BigDecimal price) {
    ObjectNode product = Json.MAPPER.createObjectNode().put("id", id).put("price", price);
    List<Product> one = List.of(Product.of(product));
    UpdateEvent event = new UpdateEvent(EventCodec.newId(), "BENCHMARK", List.of("price"), ++readAt, one, List.of());
    send(Sent.now(event.id(), EventCodec.encodeUpdate(event), PATIENCE));
  }

  private void send(Sent event) {
    unacknowledged.put(event.eventId(), event);
    byResend.add(event);
    publisher.send(event.frame());
  }

  /** Sends again what was not acknowledged in time, and returns how many events that were. */
  long resendWhatIsDue() {
    long resent = 0;
    while (!byResend.isEmpty() && byResend.peek().resendAt() <= System.nanoTime()) {
      Sent sent = byResend.remove();
      if (unacknowledged.containsKey(sent.eventId())) {
        send(Sent.now(sent.eventId(), sent.frame(), 2 * sent.patience()));
        resent++;
      }
    }
    return resent;
  }

  /** How many events are not acknowledged yet. */
  int unacknowledged() {
    return unacknowledged.size();
  }

  private void receive() {
    try {
      while (!closed) {
        String frame = acknowledgements.poll(100);
        if (frame != null) {
          unacknowledged.remove(EventCodec.decodeAck(frame).eventId());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    publisher.close();
    acknowledgements.close();
  }
}
