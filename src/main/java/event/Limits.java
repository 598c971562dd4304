package event;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import product.Product;

/** How large an event may be. A larger change is split into several events; a product that can't fit is rejected. */
public final class Limits {

  /** Products in an event. */
  public static final int PRODUCTS = 500;

  /** Bytes of an event. */
  public static final int BYTES = 1 << 20;

  /** Bytes of a product's JSON, what is not ASCII escaped: what an event leaves it beside its envelope. */
  public static final int PRODUCT_BYTES = BYTES - (1 << 13);

  /** What each element may cost beside its product: its number and the punctuation, and most ids. */
  private static final int OVERHEAD_BYTES = 96;

  private Limits() {}

  /**
   * Cuts a list into parts that fit into an event.
   *
   * @param elements in order
   * @param product the product of an element, which may not be larger than {@link #PRODUCT_BYTES}; null if it has none
   * @return the elements in the same order; empty if there are none
   */
  public static <T> List<List<T>> split(List<T> elements, Function<T, Product> product) {
    List<List<T>> parts = new ArrayList<>();
    int from = 0;
    int size = 0;
    for (int i = 0; i < elements.size(); i++) {
      Product next = product.apply(elements.get(i));
      int bytes = OVERHEAD_BYTES + (next == null ? 0 : next.bytes());
      if (i > from && (i - from == PRODUCTS || size + bytes > PRODUCT_BYTES)) {
        parts.add(elements.subList(from, i));
        from = i;
        size = 0;
      }
      size += bytes;
    }
    if (from < elements.size()) {
      parts.add(elements.subList(from, elements.size()));
    }
    return parts;
  }
}
