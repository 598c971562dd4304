package event;

import java.util.List;
import product.Change;

/**
 * Changes of products in the order of their sequence numbers, with all data of each; from the product data service to the
 * indexes.
 *
 * @param id names the event
 * @param tags the attribute groups of the update that caused it
 * @param epoch the epoch of the product store
 * @param firstSequence the number of the first change
 * @param lastSequence the number of the last change; there are no gaps between the two
 */
public record IndexEvent(
    String id, List<String> tags, String epoch, long firstSequence, long lastSequence, List<Change> changes) {}
