package event;

import java.util.List;
import product.Product;

/**
 * Product data as it was read from the database; from the indexer to the product data service.
 *
 * @param id names the event; the acknowledgement carries it
 * @param queueId the queue that the indexer works on
 * @param tags the attribute groups that were read; {@code ["*"]} is the full product
 * @param readAt when they were read, in microseconds of the database's UTC clock
 * @param products each with its id and the attributes read
 * @param deleted ids that the database no longer has
 */
public record UpdateEvent(
    String id, String queueId, List<String> tags, long readAt, List<Product> products, List<String> deleted) {

  /** Whether the products carry all their data. */
  public boolean full() {
    return tags.contains(Tags.ALL);
  }
}
