package product;

import java.util.List;

/**
 * A page of the change feed: the latest change of each product after a sequence number, superseded ones left out.
 *
 * @param epoch the epoch of the product store
 * @param changes in the order of their sequence numbers
 * @param lastSequence up to which number a reader of this page is complete; where it began if there is no change
 * @param more whether further changes are known already
 */
public record ChangePage(String epoch, List<Change> changes, long lastSequence, boolean more) {}
