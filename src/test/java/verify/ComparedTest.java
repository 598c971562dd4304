package verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparedTest {

  private static final int INDEX_A = Sighting.FIRST_INDEX;
  private static final int INDEX_B = INDEX_A + 1;
  private static final Fingerprint SOLD = new Fingerprint(1, 1);
  private static final Fingerprint RAISED = new Fingerprint(1, 2);
  private static final Fingerprint A = new Fingerprint(2, 1);
  private static final Fingerprint B = new Fingerprint(3, 1);

  private final Compared product = new Compared("17", 2);

  private Compared source(Fingerprint... contents) {
    product.add(new Sighting("17", Sighting.SOURCE, 0, List.of(contents)));
    return product;
  }

  private Compared productData(long version, Fingerprint content) {
    product.add(new Sighting("17", Sighting.PRODUCT_DATA, version, List.of(content, A, B)));
    return product;
  }

  private Compared index(int place, long version, Fingerprint content) {
    product.add(new Sighting("17", place, version, List.of(content)));
    return product;
  }

  private void isHeld(Verdict inProductData, Verdict inIndexA, Verdict inIndexB) {
    assertThat(List.of(product.verdict(Sighting.PRODUCT_DATA), product.verdict(INDEX_A), product.verdict(INDEX_B)))
        .containsExactly(inProductData, inIndexA, inIndexB);
  }

  @Test
  void everyPlaceIsEqualWhenEachHasWhatItShould() {
    source(SOLD);
    productData(9, SOLD);
    index(INDEX_A, 9, A);
    index(INDEX_B, 9, B);
    isHeld(Verdict.EQUAL, Verdict.EQUAL, Verdict.EQUAL);
  }

  @Test
  void aLowerVersionOfEqualContentIsEqualAndAHigherOneIsStale() {
    source(SOLD);
    productData(9, SOLD);
    index(INDEX_A, 3, A);
    index(INDEX_B, 10, B);
    isHeld(Verdict.EQUAL, Verdict.EQUAL, Verdict.STALE);
  }

  @Test
  void anIndexIsComparedWithWhatItShouldMakeOfTheProductDataAndNotWithTheSource() {
    source(RAISED);
    productData(9, SOLD);
    index(INDEX_A, 9, B);
    index(INDEX_B, 9, B);
    isHeld(Verdict.STALE, Verdict.STALE, Verdict.EQUAL);
  }

  @Test
  void whatAPlaceLacksIsMissingThere() {
    source(SOLD);
    isHeld(Verdict.MISSING, Verdict.NOWHERE, Verdict.NOWHERE);
    productData(9, SOLD);
    isHeld(Verdict.EQUAL, Verdict.MISSING, Verdict.MISSING);
  }

  @Test
  void whatThereIsNotIsOrphaned() {
    index(INDEX_B, 9, B);
    isHeld(Verdict.NOWHERE, Verdict.NOWHERE, Verdict.ORPHANED);
    productData(9, SOLD);
    isHeld(Verdict.ORPHANED, Verdict.MISSING, Verdict.EQUAL);
  }

  @Test
  void whatCannotBeReadEqualsNothing() {
    source();
    isHeld(Verdict.MISSING, Verdict.NOWHERE, Verdict.NOWHERE);
    productData(9, SOLD);
    isHeld(Verdict.STALE, Verdict.MISSING, Verdict.MISSING);
  }

  @Test
  void ofAProductThatChangedWhileItWasReadTheNewerCounts() {
    source(RAISED);
    productData(9, RAISED);
    productData(8, SOLD);
    isHeld(Verdict.EQUAL, Verdict.MISSING, Verdict.MISSING);
  }
}
