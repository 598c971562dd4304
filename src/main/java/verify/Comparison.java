package verify;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Counts how each place holds the products. One that differs somewhere becomes a {@link Suspect}, and counts when it was read
 * again. Where a thousand differ even so, further ones of the same place count as they were found first: that takes the time
 * out of a comparison in which everything differs, and the memory, and never changes whether places are equal. Not thread safe.
 */
public final class Comparison {

  /** How many suspects are read again at a time. */
  public static final int BATCH = 500;

  private static final int CONFIRMED = 1_000;

  private final int indexes;
  private final List<Tally> tallies = new ArrayList<>();
  private final Deque<Suspect> suspects = new ArrayDeque<>();
  private final Consumer<String> drifted;
  private long products;
  private long nowhere;

  /**
   * @param indexes how many there are
   * @param drifted gets the id of each product that differs somewhere, once
   */
  public Comparison(int indexes, Consumer<String> drifted) {
    this.indexes = indexes;
    for (int place = 0; place < Sighting.FIRST_INDEX + indexes; place++) {
      tallies.add(new Tally());
    }
    this.drifted = drifted;
  }

  /** Compares what was read of a product. */
  public void add(Compared product) {
    Suspect suspect = new Suspect(product, indexes);
    if (suspect.differs()) {
      suspects.add(suspect);
    } else {
      count(suspect);
    }
  }

  /** Whether there are enough suspects for a batch. */
  public boolean isFull() {
    return suspects.size() >= BATCH;
  }

  /** Whether there are suspects left. */
  public boolean hasSuspects() {
    return !suspects.isEmpty();
  }

  /** Takes suspects that must be read again, a batch of them at the most; the others that come before them are counted. */
  public List<Suspect> next() {
    List<Suspect> batch = new ArrayList<>();
    while (batch.size() < BATCH && !suspects.isEmpty()) {
      Suspect suspect = suspects.remove();
      if (matters(suspect)) {
        batch.add(suspect);
      } else {
        count(suspect);
      }
    }
    return batch;
  }

  private boolean matters(Suspect suspect) {
    boolean matters = false;
    for (int place = Sighting.PRODUCT_DATA; place < tallies.size(); place++) {
      matters |= suspect.verdict(place).differs() && tallies.get(place).differing() < CONFIRMED;
    }
    return matters;
  }

  /** Counts a product as it is known by now. */
  public void count(Suspect suspect) {
    boolean somewhere = false;
    for (int place = Sighting.PRODUCT_DATA; place < tallies.size(); place++) {
      tallies.get(place).add(suspect.id(), suspect.verdict(place));
      somewhere |= suspect.verdict(place) != Verdict.NOWHERE;
    }
    if (somewhere) {
      products++;
    } else {
      nowhere++;
    }
    if (suspect.differs()) {
      drifted.accept(suspect.id());
    }
  }

  /** How the product data service or an index holds the products. */
  public Tally tally(int place) {
    return tallies.get(place);
  }

  /** How many products there are in any place. */
  public long products() {
    return products;
  }

  /** How many were named, but are in no place. */
  public long nowhere() {
    return nowhere;
  }
}
