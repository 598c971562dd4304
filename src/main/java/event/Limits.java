package event;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** How large an event may be. A larger change is split into several events; a product that can't fit is rejected. */
public final class Limits {

  /** Products in an event. */
  public static final int PRODUCTS = 500;

  /** Bytes of an event. */
  public static final int BYTES = 1 << 20;

  /** Bytes of a product's JSON: what an event leaves it beside its envelope, an id of full length, and escapes. */
  public static final int PRODUCT_BYTES = BYTES - (1 << 13);

  /** What each element costs beside its own text: its id, its number and the punctuation. */
  private static final int OVERHEAD_BYTES = 64;

  private Limits() {}

  /** The bytes of a text in UTF-8. */
  public static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * Cuts a list into parts that fit into an event.
   *
   * @param elements in order; none larger than {@link #PRODUCT_BYTES}
   * @param bytes how many an element takes
   * @return the elements in the same order; empty if there are none
   */
  public static <T> List<List<T>> split(List<T> elements, ToIntFunction<T> bytes) {
    List<List<T>> parts = new ArrayList<>();
    int from = 0;
    int size = 0;
    for (int i = 0; i < elements.size(); i++) {
      int next = bytes.applyAsInt(elements.get(i)) + OVERHEAD_BYTES;
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
}
