package event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import product.Change;
import product.Product;

class LimitsTest {

  private static final String EMPTY = "{\"id\":123456789,\"text\":\"\"}";

  /** A product whose JSON has so many bytes. */
  private static Product product(int bytes) {
    return Product.ofJson(EMPTY.replace("\"\"", "\"" + "x".repeat(bytes - EMPTY.length()) + "\""));
  }

  private static List<Product> products(int count, int bytes) {
    List<Product> products = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      products.add(product(bytes));
    }
    return products;
  }

  private static List<Integer> sizes(List<Product> products) {
    return Limits.products(products).stream().map(List::size).toList();
  }

  @Test
  void makesNoPartOfNothing() {
    assertThat(Limits.products(List.of())).isEmpty();
    assertThat(Limits.changes(List.of())).isEmpty();
    assertThat(Limits.ids(List.of())).isEmpty();
  }

  @Test
  void putsFiveHundredProductsIntoAnEventAndNoMore() {
    assertThat(sizes(products(500, 100))).containsExactly(500);
    assertThat(sizes(products(501, 100))).containsExactly(500, 1);
    assertThat(sizes(products(1_200, 100))).containsExactly(500, 500, 200);
  }

  @Test
  void putsFiveHundredTombstonesIntoAnEventAndNoMore() {
    List<Change> tombstones = new ArrayList<>();
    for (int i = 1; i <= 750; i++) {
      tombstones.add(new Change(i, "id-" + i, null));
    }
    assertThat(Limits.changes(tombstones)).extracting(List::size).containsExactly(500, 250);
  }

  @Test
  void leavesTheLargestProductAnEventOfItsOwn() {
    assertThat(sizes(List.of(product(100), product(Limits.PRODUCT_BYTES), product(100)))).containsExactly(1, 1, 1);
  }

  @Test
  void fillsAnEventAsFarAsItMay() {
    int half = Limits.PRODUCT_BYTES / 2;
    assertThat(sizes(products(4, half - 200))).containsExactly(2, 2);
    assertThat(sizes(products(4, half + 1))).containsExactly(1, 1, 1, 1);
  }

  @Test
  void countsTheEscapesOfWhatIsNotAscii() {
    Product umlauts = Product.ofJson("{\"id\":1,\"text\":\"" + "ë".repeat(Limits.PRODUCT_BYTES / 12) + "\"}");
    assertThat(umlauts.bytes()).isBetween(Limits.PRODUCT_BYTES / 2, Limits.PRODUCT_BYTES / 2 + 100);
    assertThat(sizes(List.of(umlauts, umlauts, umlauts))).containsExactly(1, 1, 1);
  }

  @Test
  void fitsTheLargestProductIntoEveryEvent() {
    Product largest = product(Limits.PRODUCT_BYTES);
    String longest = "x".repeat(100);
    List<String> tags = List.of("price", "description", "stock", longest);
    String update = EventCodec.encodeUpdate(new UpdateEvent(EventCodec.newId(), longest, tags, Long.MAX_VALUE, List.of(largest),
        List.of()));
    assertThat(update).hasSizeLessThanOrEqualTo(Limits.BYTES);
    Change change = new Change(Long.MAX_VALUE, "ë".repeat(512), largest);
    String index =
        EventCodec.encodeIndex(new IndexEvent(EventCodec.newId(), tags, longest, Long.MAX_VALUE, Long.MAX_VALUE,
        List.of(change)));
    assertThat(index).hasSizeLessThanOrEqualTo(Limits.BYTES);
  }

  /** The longest ids, of characters that cost the most. */
  private static List<String> longIds(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add("\u0001ë".repeat(254) + String.format("%04d", i));
    }
    return ids;
  }

  @Test
  void countsTheIdsOfChanges() {
    List<Change> changes = new ArrayList<>();
    for (String id : longIds(1_000)) {
      // Products that fill the event by themselves, but for a little.
      changes.add(new Change(Long.MAX_VALUE - 2_000 + changes.size(), id, product(Limits.PRODUCT_BYTES / 500 - 60)));
    }
    List<List<Change>> parts = Limits.changes(changes);
    assertThat(parts.stream().flatMap(List::stream).toList().equals(changes)).isTrue();
    assertThat(parts.stream().map(part -> EventCodec.encodeIndex(new IndexEvent(EventCodec.newId(), List.of("*"), "00ff",
        part.get(0).sequence(), part.get(part.size() - 1).sequence(), part)).length()))
        .allMatch(bytes -> bytes <= Limits.BYTES).first().matches(bytes -> bytes > Limits.BYTES - 20_000);
  }

  @Test
  void splitsDeletionsLikeProducts() {
    List<String> ids = longIds(1_000);
    List<List<String>> parts = Limits.ids(ids);
    assertThat(parts.stream().flatMap(List::stream).toList().equals(ids)).isTrue();
    assertThat(parts.stream().map(part -> EventCodec.encodeUpdate(
        new UpdateEvent(EventCodec.newId(), "q", List.of("*"), Long.MAX_VALUE, List.of(), part)).length()))
        .hasSize(3).allMatch(bytes -> bytes <= Limits.BYTES).first().matches(bytes -> bytes > Limits.BYTES - 20_000);
    assertThat(Limits.ids(Collections.nCopies(1_001, "17"))).extracting(List::size).containsExactly(500, 500, 1);
  }

  @Provide
  Arbitrary<List<Integer>> sizesOfProducts() {
    Arbitrary<Integer> small = Arbitraries.integers().between(40, 200);
    Arbitrary<Integer> medium = Arbitraries.integers().between(1_000, 5_000);
    Arbitrary<Integer> large = Arbitraries.integers().between(100_000, Limits.PRODUCT_BYTES);
    return Arbitraries.frequencyOf(Tuple.of(20, small), Tuple.of(20, medium), Tuple.of(1, large)).list().ofMaxSize(1_200);
  }

  @Property(tries = 25)
  void everyPartOfAnyListFitsIntoAnEvent(@ForAll("sizesOfProducts") List<Integer> sizes) {
    List<Change> changes = new ArrayList<>();
    for (int size : sizes) {
      changes.add(new Change(1_000_000_000_000_000_000L + changes.size(), "0123456789abcdef0123456789abcdef0123", product(size)));
    }
    List<List<Change>> parts = Limits.changes(changes);
    assertThat(parts.stream().flatMap(List::stream).toList()).as("all of them, in order").isEqualTo(changes);
    for (List<Change> part : parts) {
      assertThat(part).hasSizeBetween(1, Limits.PRODUCTS);
      IndexEvent event = new IndexEvent(EventCodec.newId(), List.of("*"), "00ff", part.get(0).sequence(),
          part.get(part.size() - 1).sequence(), part);
      assertThat(EventCodec.encodeIndex(event).length()).isLessThanOrEqualTo(Limits.BYTES);
    }
    for (int i = 1; i < parts.size(); i++) {
      long two = parts.get(i - 1).size() + 1;
      long bytes = parts.get(i - 1).stream().mapToLong(each -> each.product().bytes() + 200).sum()
          + parts.get(i).get(0).product().bytes();
      assertThat(two > Limits.PRODUCTS || bytes > Limits.PRODUCT_BYTES).as("part %s begins because the last was full", i)
          .isTrue();
    }
  }
}
