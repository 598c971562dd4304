package verify;

/** What all places have of one product. Not thread safe. */
public final class Compared {

  private final String id;
  private final Sighting[] sightings;

  /**
   * @param id of the product, as text
   * @param indexes how many there are
   */
  public Compared(String id, int indexes) {
    this.id = id;
    this.sightings = new Sighting[Sighting.FIRST_INDEX + indexes];
  }

  public String id() {
    return id;
  }

  /** Adds what a place has; a product that changed while the place was read is seen twice there, and the newer counts. */
  public void add(Sighting sighting) {
    Sighting other = sightings[sighting.place()];
    if (other == null || other.version() <= sighting.version()) {
      sightings[sighting.place()] = sighting;
    }
  }

  /** Whether the operator named it. */
  public boolean isNamed() {
    return sightings[Sighting.ORDER] != null;
  }

  /**
   * How a place holds the product: the product data service compared with the source, an index with what it should make of
   * the product data service's. A lower version of equal content is equal, because an index leaves out what does not concern
   * it; a higher one cannot be.
   *
   * @param place the product data service or an index
   */
  public Verdict verdict(int place) {
    Sighting truth = sightings[place == Sighting.PRODUCT_DATA ? Sighting.SOURCE : Sighting.PRODUCT_DATA];
    Sighting copy = sightings[place];
    if (truth == null) {
      return copy == null ? Verdict.NOWHERE : Verdict.ORPHANED;
    }
    if (copy == null) {
      return Verdict.MISSING;
    }
    boolean index = place != Sighting.PRODUCT_DATA;
    int expected = index ? 1 + place - Sighting.FIRST_INDEX : 0;
    boolean equal = truth.contents().size() > expected && truth.contents().get(expected).equals(copy.contents().get(0));
    return equal && !(index && copy.version() > truth.version()) ? Verdict.EQUAL : Verdict.STALE;
  }
}
