package verify;

/** A product that differs in some place; what is found as it should be once, is. Not thread safe. */
public final class Suspect {

  private final String id;
  private final Verdict[] verdicts;

  Suspect(Compared product, int indexes) {
    id = product.id();
    verdicts = new Verdict[Sighting.FIRST_INDEX + indexes];
    for (int place = Sighting.PRODUCT_DATA; place < verdicts.length; place++) {
      verdicts[place] = product.verdict(place);
    }
  }

  public String id() {
    return id;
  }

  /** How the product data service or an index holds it, as far as is known. */
  Verdict verdict(int place) {
    return verdicts[place];
  }

  /** Whether it differs in some place. */
  public boolean differs() {
    boolean differs = false;
    for (int place = Sighting.PRODUCT_DATA; place < verdicts.length; place++) {
      differs |= verdicts[place].differs();
    }
    return differs;
  }

  /** Looks at it again, where it differs. */
  public void lookAgain(Compared product) {
    for (int place = Sighting.PRODUCT_DATA; place < verdicts.length; place++) {
      if (verdicts[place].differs()) {
        verdicts[place] = product.verdict(place);
      }
    }
  }
}
