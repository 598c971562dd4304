package routes.indexer;

import queue.IndexQueue;
import queue.RunRecord;
import routes.support.Plural;

/**
 * Stops a run before it deletes too much: an empty or wrong database must not empty the shop. It counts all deletions of a
 * run, over its resumes.
 *
 * <p>The limit is a part of the products that the product data service had <em>when the run began</em>: that is the shop. Not
 * of those that were listed, because a wrong database may list many, and a run over some ids lists few; not of those that
 * there are now, because a wrong database adds its own. While the service had none there is nothing to lose, and those that
 * were listed are taken. One product may always go, in a shop of a few, unless the limit is 0. Thread safe.
 */
public class DeletionGuard {

  private final IndexQueue queue;
  private final int maxPercent;
  private long deletedBefore;
  private long deleted;

  /**
   * @param maxPercent of the products, from 0 to 100
   */
  public DeletionGuard(IndexQueue queue, int maxPercent) {
    this.queue = queue;
    this.maxPercent = maxPercent;
  }

  /** The run stopped, because it would have deleted too much. */
  public static class DeletionGuardException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeletionGuardException(String message) {
      super(message);
    }
  }

  /** Goes on counting where the queue's record stands. */
  synchronized void begin() {
    deletedBefore = queue.record().deleted();
    deleted = deletedBefore;
  }

  /** How many products were let go since {@link #begin}. */
  synchronized long admitted() {
    return deleted - deletedBefore;
  }

  /**
   * Lets products be deleted. What was admitted and not deleted in the end, because the run stopped, does not count when it
   * is resumed.
   *
   * @throws DeletionGuardException if that would be too many
   */
  synchronized void admit(long products) {
    check(products);
    deleted += products;
  }

  /**
   * Asks whether products may be deleted that will be.
   *
   * @throws DeletionGuardException if that would be too many
   */
  synchronized void check(long products) {
    RunRecord record = queue.record();
    long all = record.present() > 0 ? record.present() : record.products();
    long limit = maxPercent == 0 ? 0 : Math.max(1, all * maxPercent / 100);
    if (products > 0 && deleted + products > limit) {
      throw new DeletionGuardException(String.format(
          "this run would delete %d of %d %s, because the database lacks them, more than delete.max-percent = %d allows."
              + " So far it has deleted %d, and it deletes no more. Look into the database: if these products are gone for good,"
              + " raise delete.max-percent and go on; if not, mend it and go on",
          deleted + products, all, Plural.of(all, "product"), maxPercent, deleted));
    }
  }
}
