package verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final int INDEXES = 1;
  private static final int INDEX = Sighting.FIRST_INDEX;
  private static final Fingerprint CONTENT = new Fingerprint(0, 1);
  private static final Fingerprint OTHER = new Fingerprint(0, 2);

  private final List<String> drifted = new ArrayList<>();
  private final Comparison comparison = new Comparison(INDEXES, drifted::add);

  /** A product with a content in each place; null where there is none. */
  private static Compared product(String id, Fingerprint source, Fingerprint productData, Fingerprint index) {
    Compared product = new Compared(id, INDEXES);
    if (source != null) {
      product.add(new Sighting(id, Sighting.SOURCE, 0, List.of(source)));
    }
    if (productData != null) {
      product.add(new Sighting(id, Sighting.PRODUCT_DATA, 1, List.of(productData, CONTENT)));
    }
    if (index != null) {
      product.add(new Sighting(id, INDEX, 1, List.of(index)));
    }
    return product;
  }

  private static Compared equal(String id) {
    return product(id, CONTENT, CONTENT, CONTENT);
  }

  private void countAll() {
    while (comparison.hasSuspects()) {
      comparison.next().forEach(comparison::count);
    }
  }

  @Test
  void countsEachPlaceWithTheFirstIdsThatDiffer() {
    comparison.add(equal("1"));
    comparison.add(product("2", CONTENT, null, null));
    comparison.add(product("3", CONTENT, OTHER, CONTENT));
    comparison.add(product("4", null, CONTENT, OTHER));
    comparison.add(product("5", CONTENT, CONTENT, null));
    comparison.add(product("6", null, null, CONTENT));
    countAll();
    assertThat(comparison.tally(Sighting.PRODUCT_DATA)).hasToString("2 equal, 1 missing (2), 1 stale (3), 1 orphaned (4)");
    assertThat(comparison.tally(INDEX)).hasToString("2 equal, 1 missing (5), 1 stale (4), 1 orphaned (6)");
    assertThat(comparison.products()).isEqualTo(6);
    assertThat(drifted).containsExactly("2", "3", "4", "5", "6");
  }

  @Test
  void showsTenIdsAtTheMostEachOnOneLine() {
    for (int i = 0; i < 11; i++) {
      comparison.add(product(i == 0 ? "line\nbreak" : "" + i, CONTENT, null, null));
    }
    countAll();
    assertThat(comparison.tally(Sighting.PRODUCT_DATA))
        .hasToString("0 equal, 11 missing (line?break, 1, 2, 3, 4, 5, 6, 7, 8, 9, …), 0 stale, 0 orphaned");
  }

  @Test
  void whatIsFoundEqualOnceIsEqualThereWhateverIsFoundElsewhereOrLater() {
    comparison.add(product("1", CONTENT, OTHER, OTHER));
    Suspect suspect = comparison.next().get(0);
    suspect.lookAgain(product("1", OTHER, OTHER, OTHER));
    assertThat(suspect.differs()).isTrue();
    suspect.lookAgain(product("1", CONTENT, OTHER, CONTENT));
    assertThat(suspect.differs()).isFalse();
    suspect.lookAgain(product("1", CONTENT, null, null));
    comparison.count(suspect);
    assertThat(comparison.tally(Sighting.PRODUCT_DATA)).hasToString("1 equal, 0 missing, 0 stale, 0 orphaned");
    assertThat(comparison.tally(INDEX)).hasToString("1 equal, 0 missing, 0 stale, 0 orphaned");
    assertThat(drifted).isEmpty();
  }

  @Test
  void whatIsNowhereAnyMoreDoesNotCount() {
    comparison.add(product("1", CONTENT, null, null));
    Suspect suspect = comparison.next().get(0);
    suspect.lookAgain(product("1", null, null, null));
    comparison.count(suspect);
    assertThat(comparison.products()).isZero();
    assertThat(drifted).isEmpty();
  }

  @Test
  void givesSuspectsInBatches() {
    for (int i = 0; i < Comparison.BATCH; i++) {
      assertThat(comparison.isFull()).isFalse();
      comparison.add(product("" + i, CONTENT, CONTENT, null));
    }
    assertThat(comparison.isFull()).isTrue();
    comparison.add(product("last", CONTENT, CONTENT, null));
    assertThat(comparison.next()).hasSize(Comparison.BATCH);
    assertThat(comparison.isFull()).isFalse();
    assertThat(comparison.next()).extracting(Suspect::id).containsExactly("last");
    assertThat(comparison.hasSuspects()).isFalse();
  }

  @Test
  void readsNoMoreAgainWhereAThousandDifferButGoesOnElsewhere() {
    for (int i = 0; i < 3_000; i++) {
      comparison.add(product("" + i, CONTENT, CONTENT, null));
    }
    comparison.add(product("elsewhere", CONTENT, OTHER, CONTENT));
    int readAgain = 0;
    List<Suspect> last = List.of();
    while (comparison.hasSuspects()) {
      last = comparison.next();
      readAgain += last.size();
      last.forEach(comparison::count);
    }
    assertThat(readAgain).isEqualTo(1_001);
    assertThat(last).extracting(Suspect::id).containsExactly("elsewhere");
    assertThat(comparison.tally(INDEX).count(Verdict.MISSING)).isEqualTo(3_000);
    assertThat(drifted).hasSize(3_001).doesNotHaveDuplicates();
  }

  @Test
  void goesOnReadingAgainAsLongAsItTurnsOutEqual() {
    for (int i = 0; i < 3_000; i++) {
      comparison.add(product("" + i, CONTENT, CONTENT, null));
    }
    int readAgain = 0;
    while (comparison.hasSuspects()) {
      for (Suspect suspect : comparison.next()) {
        readAgain++;
        suspect.lookAgain(equal(suspect.id()));
        comparison.count(suspect);
      }
    }
    assertThat(readAgain).isEqualTo(3_000);
    assertThat(drifted).isEmpty();
  }
}
