package verify;

/** How a place holds a product, compared with the place that it has its products from. */
public enum Verdict {
  /** As it should. */
  EQUAL,
  /** It lacks the product. */
  MISSING,
  /** It holds something else, or claims a version that does not exist yet. */
  STALE,
  /** It holds a product that there is not. */
  ORPHANED,
  /** Neither of the two has such a product. */
  NOWHERE;

  /** Whether that is a difference. */
  public boolean differs() {
    return this == MISSING || this == STALE || this == ORPHANED;
  }
}
