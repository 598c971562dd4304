package event;

import java.util.List;
import product.Rejection;

/**
 * An update is on disk; from the product data service to the indexer.
 *
 * @param id names this event
 * @param eventId names the update; the Correlation Identifier
 * @param stored how many of its products are as it said
 * @param outdated of how many something newer was known
 * @param rejected which were not taken, and why
 */
public record AckEvent(String id, String eventId, int stored, int outdated, List<Rejection> rejected) {}
