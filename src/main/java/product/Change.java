package product;

/**
 * The latest change of one product, as the product data service tells it to the indexes.
 *
 * @param sequence its number in the change feed, from 1; also the version of the product
 * @param id the product's id as text
 * @param product all data of the product; null if it was deleted
 */
public record Change(long sequence, String id, Product product) {

  /** Whether this is a tombstone. */
  public boolean deleted() {
    return product == null;
  }
}
