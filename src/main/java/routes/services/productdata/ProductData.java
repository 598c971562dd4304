package routes.services.productdata;

import event.AckEvent;
import event.EventCodec;
import event.IndexEvent;
import event.Limits;
import event.UpdateEvent;
import java.util.ArrayList;
import java.util.List;
import product.Change;
import store.ProductStore;
import store.ProductStore.Applied;
import store.ProductStore.Update;

/** Takes updates into the product store, and says what is to be told about it. One thread stores. */
public class ProductData {

  private final ProductStore store;

  public ProductData(ProductStore store) {
    this.store = store;
  }

  /**
   * What follows from an update that is on disk.
   *
   * @param index for the indexes, in order; none if every product was rejected
   * @param ack for the indexer
   */
  public record Stored(List<IndexEvent> index, AckEvent ack) {}

  /** Stores updates; when this returns they are on disk. */
  public List<Stored> store(List<UpdateEvent> events) {
    List<Update> updates =
        events.stream().map(event -> new Update(event.full(), event.readAt(), event.products(), event.deleted())).toList();
    List<Applied> applied = store.apply(updates);
    List<Stored> stored = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      stored.add(stored(events.get(i), applied.get(i)));
    }
    return stored;
  }

  private Stored stored(UpdateEvent update, Applied applied) {
    AckEvent ack = new AckEvent(EventCodec.newId(), update.id(), applied.stored(), applied.outdated(), applied.rejected());
    return new Stored(indexEvents(update.tags(), applied.changes()), ack);
  }

  private List<IndexEvent> indexEvents(List<String> tags, List<Change> changes) {
    List<IndexEvent> events = new ArrayList<>();
    for (List<Change> part : Limits.changes(changes)) {
      long first = part.get(0).sequence();
      events.add(new IndexEvent(EventCodec.newId(), tags, store.epoch(), first, first + part.size() - 1, part));
    }
    return events;
  }
}
