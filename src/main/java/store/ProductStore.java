package store;

import java.util.List;
import java.util.Optional;
import product.Change;
import product.ChangePage;
import product.Product;
import product.Rejection;

/**
 * The product data service's own copy of all products, and the feed of their changes. One thread writes; any number read,
 * and see only what is on disk.
 */
public interface ProductStore extends AutoCloseable {

  /**
   * What an update asks for.
   *
   * @param full whether the products carry all their data, or one or more attribute groups
   * @param readAt when the database was read, in microseconds of its UTC clock
   * @param products each with its id and what was read
   * @param deleted ids that the database no longer has
   */
  record Update(boolean full, long readAt, List<Product> products, List<String> deleted) {}

  /**
   * What became of an update: stored + outdated + rejected = what it held.
   *
   * @param changes the products that were not rejected, changed or not, in the order of their new sequence numbers
   */
  record Applied(List<Change> changes, int stored, int outdated, List<Rejection> rejected) {}

  /**
   * A product as it is stored.
   *
   * @param version the sequence number of its latest change
   * @param readAt when the latest of its data was read from the database, in microseconds of its UTC clock
   */
  record Versioned(long version, long readAt, Product product) {}

  /**
   * Merges updates, one after the other, as one commit; when this returns, their result is on disk. Every id that is not
   * rejected takes the next sequence number, changed or not, so that a repair reaches the indexes.
   *
   * @return what became of each
   * @throws StoreException if they could not be stored; then nothing of them is
   */
  List<Applied> apply(List<Update> updates);

  /** Merges one update; otherwise as {@link #apply(List)}. */
  default Applied apply(Update update) {
    return apply(List.of(update)).get(0);
  }

  /** A product by its id; empty if it is unknown or deleted. */
  Optional<Versioned> product(String id);

  /**
   * The changes after a sequence number.
   *
   * @param since from 0
   * @param limit how many at the most, from 1
   * @param maxBytes a page ends when its products are larger than that; it holds at least one change
   */
  ChangePage changes(long since, int limit, int maxBytes);

  /**
   * Products whose last full read is older than some time, in the order of their ids: those that a full index did not meet.
   *
   * @param fullReadBefore microseconds of the database's UTC clock
   * @param after the id to go on after; empty for the first page
   * @param limit how many at the most, from 1
   */
  List<String> idsFullReadBefore(long fullReadBefore, String after, int limit);

  /** A random name of the store's life since its last start. Two stores with the same history share no later epoch. */
  String epoch();

  /**
   * Whether this store once stood at a sequence number in an epoch. If not, who remembers it does so from another past: a
   * store that was lost, or put back from an older copy.
   */
  boolean remembers(String epoch, long sequence);

  /** How many products there are, deleted ones not counted. */
  long count();

  /** The last sequence number given; 0 if none. */
  long sequence();

  @Override
  void close();
}
