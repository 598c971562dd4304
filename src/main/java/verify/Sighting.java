package verify;

import java.util.List;

/**
 * What one place has of one product.
 *
 * @param id the product's id as text
 * @param place where: {@link #SOURCE}, {@link #PRODUCT_DATA}, or an index, counted from {@link #FIRST_INDEX}; or {@link #ORDER}
 * @param version the product's version; 0 where there are no versions
 * @param contents the fingerprint of its content; of the product data service also of what each index should make of it, in
 *     the order of the indexes. Empty if the product is there but cannot be read: then nothing equals it
 */
public record Sighting(String id, int place, long version, List<Fingerprint> contents) {

  /** No place, but the operator, who named the product. */
  public static final int ORDER = 0;

  /** The database. */
  public static final int SOURCE = 1;

  /** The product data service. */
  public static final int PRODUCT_DATA = 2;

  /** The first of the indexes. */
  public static final int FIRST_INDEX = 3;

  /** That the operator named a product. */
  public static Sighting named(String id) {
    return new Sighting(id, ORDER, 0, List.of());
  }
}
