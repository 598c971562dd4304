package routes.support;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import event.AckEvent;
import event.IndexEvent;
import event.UpdateEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import product.Json;

/**
 * The events that went through this process lately, told in brief, and how many there were in all. It keeps no product, and
 * {@value #KEPT} events at the most. Thread safe.
 */
public class RecentEvents {

  private static final int KEPT = 50;

  private final Deque<ObjectNode> recent = new ArrayDeque<>();
  private long count;

  /** Takes note of product data that came. */
  public void update(UpdateEvent event) {
    add(told("product.update", event.id(), event.tags())
        .put("queueId", event.queueId()).put("products", event.products().size()).put("deleted", event.deleted().size()));
  }

  /** Takes note of changes that go out. */
  public void index(IndexEvent event) {
    add(told("product.index", event.id(), event.tags())
        .put("firstSequence", event.firstSequence()).put("lastSequence", event.lastSequence()).put("changes", event.changes().size()));
  }

  /** Takes note of an acknowledgement that goes out. */
  public void ack(AckEvent event) {
    add(told("product.ack", event.id(), List.of())
        .put("eventId", event.eventId()).put("stored", event.stored()).put("outdated", event.outdated())
        .put("rejected", event.rejected().size()));
  }

  private static ObjectNode told(String type, String id, List<String> tags) {
    ObjectNode event = Json.MAPPER.createObjectNode().put("at", System.currentTimeMillis()).put("type", type).put("id", id);
    ArrayNode array = event.putArray("tags");
    tags.forEach(array::add);
    return event;
  }

  private synchronized void add(ObjectNode event) {
    count++;
    recent.addLast(event.put("number", count));
    if (recent.size() > KEPT) {
      recent.removeFirst();
    }
  }

  /** How many events there were since the start, and the latest of them, the oldest first; each has a number from 1. */
  public synchronized ObjectNode json(int limit) {
    ObjectNode events = Json.MAPPER.createObjectNode().put("count", count);
    ArrayNode array = events.putArray("recent");
    recent.stream().skip(Math.max(0, recent.size() - limit)).forEach(array::add);
    return events;
  }
}
