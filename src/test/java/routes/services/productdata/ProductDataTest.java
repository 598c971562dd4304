package routes.services.productdata;

import static org.assertj.core.api.Assertions.assertThat;

import event.AckEvent;
import event.IndexEvent;
import event.Limits;
import event.UpdateEvent;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import product.Change;
import product.Product;
import routes.services.productdata.ProductData.Stored;
import store.MvProductStore;

/** What follows from updates that are stored together. */
class ProductDataTest {

  private static UpdateEvent update(String id, String tag, long readAt, String product) {
    return new UpdateEvent(id, "TEST", List.of(tag), readAt, List.of(Product.ofJson(product)), List.of());
  }

  @Test
  void updatesWithTheSameTagsThatFollowEachOtherAreAnnouncedTogetherAndAcknowledgedEach(@TempDir Path folder) {
    try (MvProductStore store = new MvProductStore(folder, Limits.PRODUCT_BYTES)) {
      ProductData products = new ProductData(store);
      products.store(List.of(update("full", "*", 1, "{\"id\":1,\"price\":1}")));
      Stored stored = products.store(List.of(
          update("first", "price", 2, "{\"id\":1,\"price\":2}"),
          update("unknown", "price", 2, "{\"id\":9,\"price\":2}"),
          update("second", "price", 3, "{\"id\":1,\"price\":3}"),
          update("text", "description", 4, "{\"id\":1,\"description\":\"a\"}"),
          update("last", "price", 5, "{\"id\":1,\"price\":5}")));

      assertThat(stored.index()).extracting(IndexEvent::tags)
          .containsExactly(List.of("price"), List.of("description"), List.of("price"));
      assertThat(stored.index()).extracting(IndexEvent::firstSequence).containsExactly(2L, 4L, 5L);
      assertThat(stored.index()).extracting(IndexEvent::lastSequence).containsExactly(3L, 4L, 5L);
      assertThat(stored.index().get(0).changes()).extracting(Change::sequence).containsExactly(2L, 3L);
      assertThat(stored.index()).extracting(IndexEvent::epoch).containsOnly(store.epoch());
      assertThat(stored.acks()).extracting(AckEvent::eventId).containsExactly("first", "unknown", "second", "text", "last");
      assertThat(stored.acks().get(1).rejected()).hasSize(1);
    }
  }
}
