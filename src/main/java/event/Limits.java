package event;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import product.Change;
import product.Product;

/** How large an event may be. A larger change is split into several events; a product that can't fit is rejected. */
public final class Limits {

  /** Products in an event. */
  public static final int PRODUCTS = 500;

  /** Bytes of an event. */
  public static final int BYTES = 1 << 20;

  /** Bytes of a product's JSON, what is not ASCII escaped: what an event leaves it beside its id and the envelope. */
  public static final int PRODUCT_BYTES = BYTES - (1 << 13);

  /** What a change may cost beside its id and its product: its number, the names of its fields and the punctuation. */
  private static final int CHANGE_BYTES = 64;

  private Limits() {}

  /** Cuts products, none larger than {@link #PRODUCT_BYTES}, into parts that fit into an update, in the same order. */
  public static List<List<Product>> products(List<Product> products) {
    return split(products, product -> 1 + product.bytes());
  }

  /** Cuts the ids of deleted products into parts that fit into an update, in the same order. */
  public static List<List<String>> ids(List<String> ids) {
    return split(ids, id -> 1 + textBytes(id));
  }

  /**
   * Cuts changes, none with a product larger than {@link #PRODUCT_BYTES}, into parts that fit into an INDEX event, in the
   * same order.
   */
  public static List<List<Change>> changes(List<Change> changes) {
    return split(changes, change ->
        CHANGE_BYTES + textBytes(change.id()) + (change.deleted() ? 0 : change.product().bytes()));
  }

  /** Parts of as many bytes as a product may have, or of one element. */
  private static <T> List<List<T>> split(List<T> elements, ToIntFunction<T> bytes) {
    List<List<T>> parts = new ArrayList<>();
    int from = 0;
    int size = 0;
    for (int i = 0; i < elements.size(); i++) {
      int next = bytes.applyAsInt(elements.get(i));
      if (i > from && (i - from == PRODUCTS || size + next > PRODUCT_BYTES)) {
        parts.add(elements.subList(from, i));
        from = i;
        size = 0;
      }
      size += next;
    }
    if (from < elements.size()) {
      parts.add(elements.subList(from, elements.size()));
    }
    return parts;
  }

  /** The bytes of a text in JSON, what is not ASCII escaped. */
  private static int textBytes(String text) {
    int bytes = 2;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        bytes += 2;
      } else {
        bytes += c < 0x20 || c >= 0x80 ? 6 : 1;
      }
    }
    return bytes;
  }
}
