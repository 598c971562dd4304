package product;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that is known of one product, and the rules by which updates merge into it: a last-writer-wins register for each
 * attribute, ordered by the time at which the database was read. The rules are such that every order of arrival ends in
 * the same state (rejected partial updates aside), so updates may be lost, repeated and reordered as long as each
 * arrives once in the end. Immutable.
 *
 * <p>Invariants: every attribute is at least as new as the last full read and newer than the deletion. So an attribute
 * that is absent is absent as of the later of the two, and what is older than that can be ignored.
 *
 * <p>The idea is that of the LWW-element maps in Shapiro et al., "A comprehensive study of Convergent and Commutative
 * Replicated Data Types", INRIA RR-7506, 2011.
 *
 * @param id the id as the database has it, a number or a text
 * @param fullReadAt when the product was last read in full, in microseconds of the database's UTC clock; 0: not since its
 *     deletion
 * @param deletedAt when the database was last found to lack it, likewise; 0: never
 * @param attributes all attributes but the id, by name
 */
public record ProductState(JsonNode id, long fullReadAt, long deletedAt, SortedMap<String, Attribute> attributes) {

  /**
   * One attribute.
   *
   * @param value its JSON value; JSON null if the database has NULL
   * @param readAt when it was read, in microseconds of the database's UTC clock
   */
  public record Attribute(JsonNode value, long readAt) {

    /** Of two reads the newer wins, of equal reads the greater in the byte order of the canonical JSON. */
    boolean losesTo(JsonNode otherValue, long otherReadAt) {
      return readAt < otherReadAt
          || readAt == otherReadAt
              && Arrays.compareUnsigned(Json.canonical(value), Json.canonical(otherValue)) < 0;
    }
  }

  /** What became of an update. */
  public enum Outcome {
    /** The product now has what the update brought. */
    STORED,
    /** The product already has something newer. */
    OUTDATED,
    /** A partial update for a product that is not there. */
    REJECTED
  }

  /** The state after an update, and what became of the update. */
  public record Merged(ProductState state, Outcome outcome) {}

  /** The state of a product that nothing is known of. */
  public static ProductState unknown(JsonNode id) {
    return new ProductState(id, 0, 0, Collections.emptySortedMap());
  }

  /** Whether the product is there: its last full read is newer than its deletion. */
  public boolean exists() {
    return fullReadAt > deletedAt;
  }

  /** The product: its id, then its attributes by name; null when it is not there. */
  public Product product() {
    if (!exists()) {
      return null;
    }
    ObjectNode tree = Json.MAPPER.createObjectNode();
    tree.set("id", id);
    attributes.forEach((name, attribute) -> tree.set(name, attribute.value()));
    return Product.of(tree);
  }

  /**
   * Merges a read of the whole product. Attributes that the read lacks and that are not newer are removed.
   *
   * @param read the product as it was read: {@code id} and all attributes
   * @param readAt when, in microseconds of the database's UTC clock
   */
  public Merged mergeFull(ObjectNode read, long readAt) {
    if (readAt < fullReadAt || readAt <= deletedAt) {
      return new Merged(this, Outcome.OUTDATED);
    }
    TreeMap<String, Attribute> merged = new TreeMap<>();
    attributes.forEach(
        (name, attribute) -> {
          if (attribute.readAt() > readAt || read.has(name)) {
            merged.put(name, attribute);
          }
        });
    mergeAttributes(merged, read, readAt);
    return new Merged(new ProductState(read.get("id"), readAt, deletedAt, merged), Outcome.STORED);
  }

  /** Merges a read of some attributes; parameters as in {@link #mergeFull}. */
  public Merged mergePartial(ObjectNode read, long readAt) {
    if (readAt <= deletedAt) {
      return new Merged(this, Outcome.OUTDATED);
    }
    if (!exists()) {
      return new Merged(this, Outcome.REJECTED);
    }
    TreeMap<String, Attribute> merged = new TreeMap<>(attributes);
    boolean stored = mergeAttributes(merged, read, readAt);
    return stored
        ? new Merged(new ProductState(id, fullReadAt, deletedAt, merged), Outcome.STORED)
        : new Merged(this, Outcome.OUTDATED);
  }

  /**
   * Merges the finding that the database no longer has the product.
   *
   * @param readAt when it was found, in microseconds of the database's UTC clock
   */
  public Merged mergeDeletion(long readAt) {
    if (readAt < deletedAt) {
      return new Merged(this, Outcome.OUTDATED);
    }
    if (readAt < fullReadAt) {
      // It was there again later; the tombstone is kept for reads that are older still.
      return new Merged(new ProductState(id, fullReadAt, readAt, attributes), Outcome.OUTDATED);
    }
    // An attribute read after the deletion stays, unseen, until a full read shows that the product is there again.
    TreeMap<String, Attribute> newer = new TreeMap<>(attributes);
    newer.values().removeIf(attribute -> attribute.readAt() <= readAt);
    return new Merged(new ProductState(id, 0, readAt, newer), Outcome.STORED);
  }

  /** Lets the read attributes in where they win; returns whether any of them is now the product's. */
  private boolean mergeAttributes(Map<String, Attribute> merged, ObjectNode read, long readAt) {
    long absentAsOf = Math.max(fullReadAt, deletedAt);
    boolean any = false;
    for (Map.Entry<String, JsonNode> field : read.properties()) {
      String name = field.getKey();
      if (name.equals("id")) {
        continue;
      }
      Attribute held = merged.get(name);
      boolean wins = held == null ? readAt > absentAsOf : held.losesTo(field.getValue(), readAt);
      if (wins) {
        merged.put(name, new Attribute(field.getValue(), readAt));
      }
      any |= wins || held != null && held.readAt() == readAt;
    }
    return any;
  }
}
