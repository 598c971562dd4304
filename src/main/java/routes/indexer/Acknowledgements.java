package routes.indexer;

import event.AckEvent;
import event.UpdateEvent;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Matches acknowledgements with the updates that wait for them: the Correlation Identifier is the event's id, which every
 * attempt carries, so that an acknowledgement of any attempt will do. Thread safe.
 */
public class Acknowledgements {

  private final Map<String, CompletableFuture<AckEvent>> awaited = new ConcurrentHashMap<>();
  private volatile boolean givenUp;

  /** No acknowledgement came in time. */
  public static class NotAcknowledgedException extends Exception {
    private static final long serialVersionUID = 1L;

    NotAcknowledgedException(String eventId) {
      super("no acknowledgement of " + eventId);
    }
  }

  /** Says that an acknowledgement of this event will be asked for; before it is sent. */
  public void expect(UpdateEvent event) {
    awaited.computeIfAbsent(event.id(), any -> new CompletableFuture<>());
  }

  /** Waits for no acknowledgement any more, because the run has ended. */
  public void giveUp() {
    givenUp = true;
    awaited.values().forEach(waiting -> waiting.cancel(false));
  }

  /** Takes an acknowledgement; one that nobody here waits for is another indexer's. */
  public void receive(AckEvent ack) {
    CompletableFuture<AckEvent> waiting = awaited.get(ack.eventId());
    if (waiting != null) {
      waiting.complete(ack);
    }
  }

  /**
   * Waits for the acknowledgement of an event.
   *
   * @param timeoutMs how long
   * @throws NotAcknowledgedException if it did not come; it may still come after the next attempt
   */
  public AckEvent await(UpdateEvent event, long timeoutMs) throws NotAcknowledgedException, InterruptedException {
    try {
      AckEvent ack = awaited.get(event.id()).get(givenUp ? 0 : timeoutMs, TimeUnit.MILLISECONDS);
      awaited.remove(event.id());
      return ack;
    } catch (TimeoutException | ExecutionException | CancellationException e) {
      throw new NotAcknowledgedException(event.id());
    }
  }
}
