package routes.indexer;

import event.AckEvent;
import event.EventCodec;
import event.Limits;
import event.UpdateEvent;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import product.Product;
import routes.source.Read;

/** The Message Translator from what was read to UPDATE events. Thread safe. */
public class Updates {

  private final String queueId;
  private final List<String> tags;

  /**
   * @param queueId of the run
   * @param tags the attribute groups that the rows hold
   */
  public Updates(String queueId, List<String> tags) {
    this.queueId = queueId;
    this.tags = tags;
  }

  /** The events that carry what was read, none of them larger than an event may be. */
  public List<UpdateEvent> events(@Body Read read) {
    List<UpdateEvent> events = new ArrayList<>();
    for (List<Product> part : Limits.products(read.products())) {
      events.add(new UpdateEvent(EventCodec.newId(), queueId, tags, read.readAt(), part, List.of()));
    }
    for (List<String> part : Limits.ids(read.deleted())) {
      events.add(new UpdateEvent(EventCodec.newId(), queueId, tags, read.readAt(), List.of(), part));
    }
    return events;
  }

  /** Adds what the product data service rejected to what failed. */
  public void takeRejected(@Variable("read") Read read, @Body AckEvent ack) {
    read.failed().addAll(ack.rejected());
  }

  /** An update of nothing, by whose acknowledgement one sees that the product data service is there. */
  public UpdateEvent greeting() {
    return new UpdateEvent(EventCodec.newId(), queueId, tags, 1, List.of(), List.of());
  }
}
