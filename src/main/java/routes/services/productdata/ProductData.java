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
   * What follows from updates that are on disk.
   *
   * @param index for the indexes, in order; none if every product was rejected
   * @param acks for the indexer, one for each update
   */
  public record Stored(List<IndexEvent> index, List<AckEvent> acks) {}

  /** Stores updates; when this returns they are on disk. Those with the same tags that follow each other are announced together. */
  public Stored store(List<UpdateEvent> events) {
    List<Update> updates =
        events.stream().map(event -> new Update(event.full(), event.readAt(), event.products(), event.deleted())).toList();
    List<Applied> applied = store.apply(updates);
    List<IndexEvent> index = new ArrayList<>();
    List<AckEvent> acks = new ArrayList<>();
    List<Change> alike = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      UpdateEvent update = events.get(i);
      Applied outcome = applied.get(i);
      acks.add(new AckEvent(EventCodec.newId(), update.id(), outcome.stored(), outcome.outdated(), outcome.rejected()));
      alike.addAll(outcome.changes());
      if (i + 1 == events.size() || !events.get(i + 1).tags().equals(update.tags())) {
        index.addAll(indexEvents(update.tags(), alike));
        alike = new ArrayList<>();
      }
    }
    return new Stored(index, acks);
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
