package store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import event.EventCodec;
import event.IndexEvent;
import event.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import product.Change;
import product.ChangePage;
import product.Json;
import product.Product;
import product.Rejection;
import store.ProductStore.Applied;
import store.ProductStore.Update;
import store.ProductStore.Versioned;

@Timeout(60)
class MvProductStoreTest {

  private static final int MAX_PRODUCT_BYTES = 10_000;
  private static final int MANY = 1_000_000;

  @TempDir private Path temporary;
  private Path folder;
  private MvProductStore store;

  @BeforeEach
  void openStore() {
    folder = temporary.resolve("state").resolve("products");
    store = new MvProductStore(folder, MAX_PRODUCT_BYTES);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private void reopen() {
    store.close();
    store = new MvProductStore(folder, MAX_PRODUCT_BYTES);
  }

  private static Product product(int id, String attributes) {
    return Product.ofJson("{\"id\":" + id + (attributes.isEmpty() ? "" : ",") + attributes + "}");
  }

  /** Products with these ids and the attribute a. */
  private static List<Product> products(int from, int to, String a) {
    return IntStream.rangeClosed(from, to).mapToObj(id -> product(id, "\"a\":" + a)).toList();
  }

  private Applied full(long readAt, Product... products) {
    return store.apply(new Update(true, readAt, List.of(products), List.of()));
  }

  private Applied partial(long readAt, Product... products) {
    return store.apply(new Update(false, readAt, List.of(products), List.of()));
  }

  private Applied deleted(long readAt, String... ids) {
    return store.apply(new Update(true, readAt, List.of(), List.of(ids)));
  }

  private String json(String id) {
    return store.product(id).map(found -> Json.write(found.product().tree())).orElse(null);
  }

  /** The whole feed, as texts. */
  private List<String> feed() {
    return feed(store);
  }

  private static List<String> feed(ProductStore store) {
    return texts(store.changes(0, MANY, MANY).changes());
  }

  private static List<String> texts(List<Change> changes) {
    return changes.stream().map(each -> each.sequence() + " " + each.id() + " " + each.product()).toList();
  }

  // Merge

  @Test
  void isEmptyAtFirst() {
    assertThat(store.count()).isZero();
    assertThat(store.sequence()).isZero();
    assertThat(store.product("1")).isEmpty();
    assertThat(store.changes(0, 10, MANY)).isEqualTo(new ChangePage(store.epoch(), List.of(), 0, false));
    assertThat(store.idsFullReadBefore(Long.MAX_VALUE, "", 10)).isEmpty();
  }

  @Test
  void servesWhatAFullReadSays() {
    Applied applied = full(5, product(1, "\"price\":12.50,\"name\":null"), product(2, "\"name\":\"Zoë\""));
    assertThat(applied.stored()).isEqualTo(2);
    assertThat(applied.outdated()).isZero();
    assertThat(applied.rejected()).isEmpty();
    assertThat(json("1")).isEqualTo("{\"id\":1,\"name\":null,\"price\":12.50}");
    assertThat(json("2")).isEqualTo("{\"id\":2,\"name\":\"Zoë\"}");
    assertThat(json("3")).isNull();
  }

  @Test
  void mergesAPartialRead() {
    full(5, product(1, "\"name\":\"Bag\",\"price\":1"));
    assertThat(partial(6, product(1, "\"price\":2")).stored()).isEqualTo(1);
    assertThat(json("1")).isEqualTo("{\"id\":1,\"name\":\"Bag\",\"price\":2}");
  }

  @Test
  void countsWhatIsStoredOutdatedAndRejected() {
    full(5, product(1, "\"a\":1"), product(2, "\"a\":1"));
    Applied applied = store.apply(new Update(false, 4, List.of(product(1, "\"a\":2"), product(3, "\"a\":2")), List.of("4", "2")));
    assertThat(applied.stored()).as("the deletion of 4").isEqualTo(1);
    assertThat(applied.outdated()).as("the read of 1, the deletion of 2").isEqualTo(2);
    assertThat(applied.rejected()).singleElement().satisfies(rejection -> {
      assertThat(rejection.id()).isEqualTo("3");
      assertThat(rejection.reason()).contains("run a full index first");
    });
    assertThat(texts(applied.changes()))
        .containsExactly("3 1 {\"id\":1,\"a\":1}", "4 4 null", "5 2 {\"id\":2,\"a\":1}");
  }

  @Test
  void forgetsADeletedProductButNotItsDeletion() {
    full(5, product(1, "\"a\":1"));
    assertThat(deleted(6, "1").stored()).isEqualTo(1);
    assertThat(store.product("1")).isEmpty();
    assertThat(full(6, product(1, "\"a\":1")).outdated()).isEqualTo(1);
    assertThat(store.product("1")).isEmpty();
    full(7, product(1, "\"b\":1"));
    assertThat(json("1")).isEqualTo("{\"id\":1,\"b\":1}");
  }

  @Test
  void takesIdsAsText() {
    full(5, Product.ofJson("{\"id\":\"a/ë \",\"a\":1}"), Product.ofJson("{\"id\":7,\"a\":2}"));
    full(6, Product.ofJson("{\"id\":\"7\",\"a\":3}"));
    assertThat(json("a/ë ")).isEqualTo("{\"id\":\"a/ë \",\"a\":1}");
    assertThat(json("7")).isEqualTo("{\"id\":\"7\",\"a\":3}");
    assertThat(store.count()).isEqualTo(2);
  }

  @Test
  void mergesTheSameProductTwiceInOneUpdate() {
    assertThat(texts(full(5, product(1, "\"a\":1"), product(1, "\"a\":2")).changes()))
        .containsExactly("1 1 {\"id\":1,\"a\":1}", "2 1 {\"id\":1,\"a\":2}");
    assertThat(feed()).containsExactly("2 1 {\"id\":1,\"a\":2}");
    assertThat(store.count()).isEqualTo(1);
  }

  // Sequence and feed

  @Test
  void givesEveryIdTheNextNumberChangedOrNot() {
    assertThat(full(5, product(1, "\"a\":1"), product(2, "\"a\":1")).changes()).extracting(Change::sequence)
        .containsExactly(1L, 2L);
    assertThat(full(5, product(1, "\"a\":1")).changes()).as("repeated").extracting(Change::sequence).containsExactly(3L);
    assertThat(full(4, product(2, "\"a\":0")).changes()).as("outdated").extracting(Change::sequence).containsExactly(4L);
    assertThat(deleted(9, "8").changes()).as("unknown").extracting(Change::sequence).containsExactly(5L);
    assertThat(store.sequence()).isEqualTo(5);
  }

  @Test
  void givesARejectedProductNoNumber() {
    Applied applied = partial(5, product(1, "\"a\":1"));
    assertThat(applied.changes()).isEmpty();
    assertThat(store.sequence()).isZero();
    assertThat(full(6, product(2, "")).changes()).extracting(Change::sequence).containsExactly(1L);
    assertThat(feed()).containsExactly("1 2 {\"id\":2}");
  }

  @Test
  void takesAnUpdateOfNothing() {
    Applied applied = full(1);
    assertThat(applied).isEqualTo(new Applied(List.of(), 0, 0, List.of()));
    assertThat(store.sequence()).isZero();
  }

  @Test
  void usesTheNumberOfTheLatestChangeAsVersion() {
    full(5, product(1, "\"a\":1"), product(2, "\"a\":1"));
    assertThat(store.product("1")).map(Versioned::version).contains(1L);
    full(6, product(1, "\"a\":1"));
    assertThat(store.product("1")).map(Versioned::version).contains(3L);
    assertThat(store.product("2")).map(Versioned::version).contains(2L);
  }

  @Test
  void listsTheLatestChangeOfEachProductInOrder() {
    full(5, product(1, "\"a\":1"), product(2, "\"a\":1"), product(3, "\"a\":1"));
    full(6, product(2, "\"a\":2"));
    deleted(7, "1");
    partial(8, product(2, "\"b\":1"));
    assertThat(feed()).containsExactly("3 3 {\"id\":3,\"a\":1}", "5 1 null", "6 2 {\"id\":2,\"a\":2,\"b\":1}");
    assertThat(texts(store.changes(3, 10, MANY).changes())).containsExactly("5 1 null", "6 2 {\"id\":2,\"a\":2,\"b\":1}");
    assertThat(texts(store.changes(4, 10, MANY).changes())).containsExactly("5 1 null", "6 2 {\"id\":2,\"a\":2,\"b\":1}");
    assertThat(texts(store.changes(5, 10, MANY).changes())).containsExactly("6 2 {\"id\":2,\"a\":2,\"b\":1}");
  }

  @Test
  void updatesThatComeTogetherAreMergedInTheirOrderAndAnsweredOneByOne() {
    List<Applied> applied = store.apply(List.of(
        new Update(true, 5, products(1, 2, "1"), List.of()),
        new Update(false, 6, List.of(product(2, "\"price\":7"), product(3, "\"price\":7")), List.of()),
        new Update(true, 4, products(1, 1, "9"), List.of("2"))));

    assertThat(applied).extracting(each -> each.changes().stream().map(Change::sequence).toList())
        .containsExactly(List.of(1L, 2L), List.of(3L), List.of(4L, 5L));
    assertThat(applied).extracting(Applied::stored).containsExactly(2, 1, 0);
    assertThat(applied).extracting(Applied::outdated).containsExactly(0, 0, 2);
    assertThat(applied).extracting(each -> each.rejected().size()).containsExactly(0, 1, 0);
    assertThat(store.count()).isEqualTo(2);
    assertThat(store.sequence()).isEqualTo(5);
  }

  @Test
  void tellsTheSameChangesWhenAnUpdateIsStoredAsInTheFeed() {
    List<String> told = texts(store.apply(new Update(true, 5, products(1, 20, "12.50"), List.of("21", "22"))).changes());
    assertThat(feed()).isEqualTo(told).hasSize(22);
  }

  @Test
  void endsAPageAtItsLimitAndSaysWhetherThereIsMore() {
    store.apply(new Update(true, 5, products(1, 5, "1"), List.of()));
    ChangePage first = store.changes(0, 2, MANY);
    assertThat(first.changes()).extracting(Change::sequence).containsExactly(1L, 2L);
    assertThat(first.lastSequence()).isEqualTo(2);
    assertThat(first.more()).isTrue();
    ChangePage last = store.changes(2, 3, MANY);
    assertThat(last.changes()).extracting(Change::sequence).containsExactly(3L, 4L, 5L);
    assertThat(last.lastSequence()).isEqualTo(5);
    assertThat(last.more()).isFalse();
    assertThat(last.epoch()).isEqualTo(store.epoch());
  }

  @Test
  void saysWhereThePageBeganWhenThereIsNoChange() {
    store.apply(new Update(true, 5, products(1, 5, "1"), List.of()));
    assertThat(store.changes(5, 10, MANY)).isEqualTo(new ChangePage(store.epoch(), List.of(), 5, false));
    assertThat(store.changes(77, 10, MANY)).isEqualTo(new ChangePage(store.epoch(), List.of(), 77, false));
  }

  @Test
  void endsAPageWhenItsProductsAreLarge() {
    String large = "\"" + "x".repeat(1_000) + "\"";
    store.apply(new Update(true, 5, products(1, 20, large), List.of()));
    assertThat(store.changes(0, 20, 1).changes()).hasSize(1);
    int total = 0;
    ChangePage page = store.changes(0, 20, 5_000);
    for (; page.more(); page = store.changes(page.lastSequence(), 20, 5_000)) {
      assertThat(page.changes()).hasSizeBetween(4, 5);
      total += page.changes().size();
    }
    assertThat(total + page.changes().size()).isEqualTo(20);
  }

  // Count and sweep

  @Test
  void countsTheProductsThatAreThere() {
    store.apply(new Update(true, 5, products(1, 5, "1"), List.of("9")));
    assertThat(store.count()).isEqualTo(5);
    full(6, product(1, "\"a\":2"), product(6, ""));
    partial(7, product(1, "\"a\":3"), product(8, ""));
    assertThat(store.count()).isEqualTo(6);
    deleted(8, "1", "2", "1", "77");
    assertThat(store.count()).isEqualTo(4);
    deleted(9, "1");
    deleted(2, "3");
    assertThat(store.count()).isEqualTo(4);
    full(10, product(1, ""));
    assertThat(store.count()).isEqualTo(5);
    reopen();
    assertThat(store.count()).isEqualTo(5);
  }

  @Test
  void listsTheProductsWhoseLastFullReadIsOlder() {
    store.apply(new Update(true, 5, products(1, 4, "1"), List.of()));
    full(7, product(2, ""));
    partial(9, product(3, "\"a\":2"));
    deleted(6, "4");
    assertThat(store.idsFullReadBefore(7, "", 10)).containsExactly("1", "3");
    assertThat(store.idsFullReadBefore(8, "", 10)).containsExactly("1", "2", "3");
    assertThat(store.idsFullReadBefore(5, "", 10)).isEmpty();
  }

  @Test
  void listsSuchProductsPageByPageInTheOrderOfTheirIds() {
    store.apply(new Update(true, 5, products(1, 30, "1"), List.of()));
    List<String> listed = new ArrayList<>();
    String after = "";
    List<String> page = store.idsFullReadBefore(6, after, 7);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(7);
      listed.addAll(page);
      after = page.get(page.size() - 1);
      page = store.idsFullReadBefore(6, after, 7);
    }
    assertThat(listed).isSorted().doesNotHaveDuplicates().hasSize(30);
    assertThat(store.idsFullReadBefore(6, "1000", 2)).as("after an id that is not there").containsExactly("11", "12");
  }

  // Size

  @Test
  void rejectsAProductThatIsTooLargeAndStoresTheOthers() {
    String large = "\"a\":\"" + "x".repeat(MAX_PRODUCT_BYTES) + "\"";
    Applied applied = full(5, product(1, "\"a\":1"), product(2, large), product(3, "\"a\":1"));
    assertThat(applied.stored()).isEqualTo(2);
    assertThat(applied.rejected()).singleElement().satisfies(rejection -> {
      assertThat(rejection.id()).isEqualTo("2");
      assertThat(rejection.reason()).contains("at most 10000").contains(Integer.toString(product(2, large).json().length()));
    });
    assertThat(feed()).containsExactly("1 1 {\"id\":1,\"a\":1}", "2 3 {\"id\":3,\"a\":1}");
  }

  @Test
  void storesAProductThatIsJustNotTooLarge() {
    int room = MAX_PRODUCT_BYTES - product(1, "\"a\":\"\"").json().length();
    assertThat(full(5, product(1, "\"a\":\"" + "x".repeat(room) + "\"")).rejected()).isEmpty();
    assertThat(full(5, product(2, "\"a\":\"" + "x".repeat(room + 1) + "\"")).rejected()).hasSize(1);
  }

  @Test
  void rejectsAPartThatWouldMakeAProductTooLargeAndKeepsTheProduct() {
    String half = "\"" + "x".repeat(MAX_PRODUCT_BYTES / 2) + "\"";
    full(5, product(1, "\"a\":" + half));
    Applied applied = partial(6, product(1, "\"b\":" + half));
    assertThat(applied.rejected()).extracting(Rejection::id).containsExactly("1");
    assertThat(json("1")).isEqualTo("{\"id\":1,\"a\":" + half + "}");
    assertThat(store.product("1")).map(Versioned::version).contains(1L);
  }

  @Test
  void deletesAProductThatIsTooLargeByNow() {
    full(5, product(1, "\"a\":\"" + "x".repeat(1_000) + "\""));
    partial(9, product(1, "\"b\":\"" + "x".repeat(1_000) + "\""));
    store.close();
    store = new MvProductStore(folder, 500);
    assertThat(deleted(7, "1").rejected()).isEmpty();
    assertThat(store.product("1")).isEmpty();
  }

  @Test
  void storesNothingThatDoesNotFitIntoAnEvent() {
    store.close();
    store = new MvProductStore(folder, Limits.PRODUCT_BYTES);
    // Each part alone fits into an event; what is not ASCII takes three times its UTF-8 bytes there.
    String part = "\"" + "ë".repeat(Limits.PRODUCT_BYTES / 7) + "\"";
    full(5, product(1, "\"a\":" + part));
    partial(6, product(1, "\"b\":" + part));
    for (Change change : store.changes(0, 10, MANY).changes()) {
      IndexEvent event =
          new IndexEvent(EventCodec.newId(), List.of("*"), store.epoch(), change.sequence(), change.sequence(), List.of(change));
      assertThat(EventCodec.encodeIndex(event).length()).isLessThanOrEqualTo(Limits.BYTES);
    }
  }

  // On disk

  @Test
  void hasEverythingAfterItWasOpenedAgain() {
    full(5, product(1, "\"name\":\"Zoë 🎒\",\"price\":12.50"), product(2, "\"a\":{\"b\":[1.0,null]}"), product(3, "\"a\":1"));
    partial(8, product(1, "\"price\":0.10"));
    deleted(6, "3");
    List<String> before = feed();
    reopen();
    assertThat(feed()).isEqualTo(before).hasSize(3);
    assertThat(json("1")).isEqualTo("{\"id\":1,\"name\":\"Zoë 🎒\",\"price\":0.10}");
    assertThat(store.product("1")).map(Versioned::version).contains(4L);
    assertThat(store.sequence()).isEqualTo(5);
    assertThat(full(9, product(4, "")).changes()).extracting(Change::sequence).containsExactly(6L);
  }

  @Test
  void remembersWhenEachAttributeWasReadAfterItWasOpenedAgain() {
    full(5, product(1, "\"a\":5,\"b\":5"));
    partial(8, product(1, "\"b\":8,\"ë\":8"));
    reopen();
    partial(7, product(1, "\"a\":7,\"b\":7,\"ë\":7"));
    assertThat(json("1")).isEqualTo("{\"id\":1,\"a\":7,\"b\":8,\"ë\":8}");
    full(6, product(1, "\"c\":6"));
    assertThat(json("1")).as("a and b are newer than the full read").isEqualTo("{\"id\":1,\"a\":7,\"b\":8,\"c\":6,\"ë\":8}");
    reopen();
    full(9, product(1, "\"c\":9"));
    assertThat(json("1")).isEqualTo("{\"id\":1,\"c\":9}");
  }

  @Test
  void remembersDeletionsAfterItWasOpenedAgain() {
    full(1, product(1, "\"a\":1"));
    partial(8, product(1, "\"b\":8"));
    deleted(5, "1", "2");
    reopen();
    assertThat(full(5, product(1, "\"a\":5"), product(2, "\"a\":5")).outdated()).isEqualTo(2);
    assertThat(store.count()).isZero();
    full(6, product(1, "\"a\":6"));
    assertThat(json("1")).isEqualTo("{\"id\":1,\"a\":6,\"b\":8}");
  }

  @Test
  void hasEveryAppliedUpdateOnDisk() throws IOException {
    for (int round = 1; round <= 5; round++) {
      store.apply(new Update(true, round, products(1, 50, Integer.toString(round)), List.of("deleted-" + round)));
      try (MvProductStore copy = copyAsAfterAKill("copy" + round)) {
        assertThat(feed(copy)).isEqualTo(feed()).hasSize(50 + round);
        assertThat(copy.sequence()).isEqualTo(store.sequence());
        assertThat(copy.count()).isEqualTo(50);
      }
    }
  }

  @Test
  void hasNothingOnDiskOfAnUpdateThatIsNotCommitted() {
    store.apply(new Update(true, 1, products(1, 50, "1"), List.of()));
    List<String> before = feed();
    // Eight megabytes: more than MVStore's write buffer, which would be written early.
    String large = "\"" + "x".repeat(4_000) + "\"";
    AtomicBoolean looked = new AtomicBoolean();
    store.apply(new Update(true, 2, interrupted(products(1, 2_001, large), 2_000, () -> {
      try (MvProductStore copy = copyAsAfterAKill("copy")) {
        assertThat(feed(copy)).isEqualTo(before);
        assertThat(copy.count()).isEqualTo(50);
        assertThat(copy.sequence()).isEqualTo(50);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      looked.set(true);
    }), List.of()));
    assertThat(looked).isTrue();
  }

  @Test
  void showsReadersNothingThatIsNotCommitted() {
    store.apply(new Update(true, 1, products(1, 50, "1"), List.of()));
    List<String> before = feed();
    AtomicBoolean looked = new AtomicBoolean();
    store.apply(new Update(true, 2, interrupted(products(1, 60, "2"), 55, () -> {
      assertThat(feed()).isEqualTo(before);
      assertThat(json("1")).isEqualTo("{\"id\":1,\"a\":1}");
      assertThat(store.product("51")).isEmpty();
      assertThat(store.count()).isEqualTo(50);
      assertThat(store.sequence()).isEqualTo(50);
      assertThat(store.remembers(store.epoch(), 51)).isFalse();
      assertThat(store.idsFullReadBefore(2, "", 100)).hasSize(50);
      looked.set(true);
    }), List.of()));
    assertThat(looked).isTrue();
    assertThat(json("1")).isEqualTo("{\"id\":1,\"a\":2}");
    assertThat(store.count()).isEqualTo(60);
  }

  @Test
  void hasNothingOfAnUpdateThatCannotBeStored() {
    store.apply(new Update(true, 1, products(1, 5, "1"), List.of()));
    List<String> before = feed();
    assertThatThrownBy(() -> full(2, product(1, "\"a\":2"), product(6, ""), Product.ofJson("{\"id\":{}}")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(feed()).isEqualTo(before);
    assertThat(store.count()).isEqualTo(5);
    assertThat(texts(full(3, product(7, "")).changes())).containsExactly("6 7 {\"id\":7}");
    reopen();
    assertThat(store.product("6")).isEmpty();
    assertThat(json("1")).isEqualTo("{\"id\":1,\"a\":1}");
    assertThat(store.count()).isEqualTo(6);
  }

  /** A list that does something before it gives the element with that number. */
  private static List<Product> interrupted(List<Product> products, int at, Runnable interruption) {
    return new AbstractList<>() {
      @Override
      public Product get(int index) {
        if (index == at) {
          interruption.run();
        }
        return products.get(index);
      }

      @Override
      public int size() {
        return products.size();
      }
    };
  }

  /** Opens what a killed process would leave on disk now. */
  private MvProductStore copyAsAfterAKill(String name) throws IOException {
    Path copy = Files.createDirectories(temporary.resolve(name));
    Files.copy(folder.resolve("products.mv"), copy.resolve("products.mv"));
    return new MvProductStore(copy, MAX_PRODUCT_BYTES);
  }

  @Test
  void showsReadersWholeUpdatesWhileItIsWritten() throws Exception {
    int size = 40;
    store.apply(new Update(true, 1, products(1, size, "1"), List.of()));
    ExecutorService readers = Executors.newFixedThreadPool(2);
    AtomicBoolean written = new AtomicBoolean();
    List<Future<Integer>> seen = new ArrayList<>();
    for (int reader = 0; reader < 2; reader++) {
      seen.add(readers.submit(() -> {
        Set<String> rounds = new HashSet<>();
        while (!written.get()) {
          ChangePage page = store.changes(0, MANY, MANY);
          long first = page.changes().get(0).sequence();
          assertThat(page.changes()).hasSize(size);
          assertThat(page.changes()).extracting(Change::sequence).last().isEqualTo(first + size - 1);
          assertThat(page.changes()).extracting(each -> each.product().attribute("a").asText()).containsOnly(
              page.changes().get(0).product().attribute("a").asText());
          rounds.add(page.changes().get(0).product().attribute("a").asText());
        }
        return rounds.size();
      }));
    }
    for (int round = 2; round <= 200; round++) {
      store.apply(new Update(true, round, products(1, size, Integer.toString(round)), List.of()));
    }
    written.set(true);
    for (Future<Integer> each : seen) {
      assertThat(each.get(30, TimeUnit.SECONDS)).isGreaterThan(1);
    }
    readers.shutdown();
  }

  // Epoch

  @Test
  void hasAnotherEpochAfterEachStart() {
    Set<String> epochs = new HashSet<>();
    for (int start = 0; start < 5; start++) {
      assertThat(store.epoch()).isNotBlank();
      epochs.add(store.epoch());
      reopen();
    }
    assertThat(epochs).hasSize(5);
  }

  @Test
  void remembersItsOwnEpochUpToWhereItStands() {
    store.apply(new Update(true, 1, products(1, 5, "1"), List.of()));
    assertThat(store.remembers(store.epoch(), 0)).isTrue();
    assertThat(store.remembers(store.epoch(), 5)).isTrue();
    assertThat(store.remembers(store.epoch(), 6)).isFalse();
    assertThat(store.remembers("another", 0)).isFalse();
    assertThat(store.remembers("", 0)).isFalse();
  }

  @Test
  void remembersEarlierEpochsUpToTheirEnd() {
    String first = store.epoch();
    store.apply(new Update(true, 1, products(1, 5, "1"), List.of()));
    reopen();
    String second = store.epoch();
    store.apply(new Update(true, 2, products(1, 5, "2"), List.of()));
    reopen();
    store.apply(new Update(true, 3, products(1, 5, "3"), List.of()));
    assertThat(store.remembers(first, 5)).isTrue();
    assertThat(store.remembers(first, 6)).isFalse();
    assertThat(store.remembers(second, 10)).isTrue();
    assertThat(store.remembers(second, 11)).isFalse();
    assertThat(store.remembers(store.epoch(), 15)).isTrue();
    assertThat(store.remembers(store.epoch(), 16)).isFalse();
  }

  @Test
  void remembersAnEpochInWhichNothingWasStored() {
    store.apply(new Update(true, 1, products(1, 5, "1"), List.of()));
    reopen();
    String idle = store.epoch();
    reopen();
    assertThat(store.remembers(idle, 5)).isTrue();
    store.apply(new Update(true, 2, products(1, 5, "2"), List.of()));
    assertThat(store.remembers(idle, 5)).isTrue();
    assertThat(store.remembers(idle, 6)).isFalse();
  }

  @Test
  void doesNotRememberWhatHappenedAfterTheCopyThatItWasRestoredFrom() throws IOException {
    store.apply(new Update(true, 1, products(1, 5, "1"), List.of()));
    try (MvProductStore restored = copyAsAfterAKill("backup")) {
      store.apply(new Update(true, 2, products(1, 5, "2"), List.of()));
      restored.apply(new Update(true, 3, products(1, 9, "3"), List.of()));
      assertThat(restored.remembers(store.epoch(), 5)).isTrue();
      assertThat(restored.remembers(store.epoch(), 10)).isFalse();
      assertThat(store.remembers(restored.epoch(), 5)).isFalse();
    }
  }

  // Files that cannot be used

  @Test
  void refusesToShareItsFile() {
    assertThatExceptionOfType(StoreException.class).isThrownBy(() -> new MvProductStore(folder, MAX_PRODUCT_BYTES))
        .withMessageContaining(folder.resolve("products.mv").toString()).withMessageContaining("another process");
    assertThat(full(5, product(1, "")).stored()).as("the first goes on").isEqualTo(1);
  }

  @Test
  void saysSoWhenTheFolderCannotBeCreated() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> new MvProductStore(file.resolve("products"), MAX_PRODUCT_BYTES))
        .withMessageContaining(file.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "H:2,block:5,", "\u0000\u0000\u0000"})
  void refusesAFileThatIsNoneOfItsOwnAndLeavesItAlone(String content) throws IOException {
    Path other = Files.createDirectories(temporary.resolve("other"));
    byte[] bytes = content.repeat(3_000).getBytes();
    Files.write(other.resolve("products.mv"), bytes);
    assertThatExceptionOfType(StoreException.class).isThrownBy(() -> new MvProductStore(other, MAX_PRODUCT_BYTES))
        .withMessageContaining(other.resolve("products.mv").toString()).withMessageContaining("move it away and run a full index")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    assertThat(Files.readAllBytes(other.resolve("products.mv"))).isEqualTo(bytes);
  }

  @Test
  void saysSoWhereverABlockOfTheFileIsLost() throws IOException {
    byte[] sound = fileOfThousandProducts();
    int said = 0;
    for (int at = 0; at < sound.length; at += 4_096) {
      byte[] bytes = sound.clone();
      Arrays.fill(bytes, at, Math.min(bytes.length, at + 4_096), (byte) 0);
      said += saysThatItIsDamagedOrIsNot(bytes, "block at " + at) ? 1 : 0;
    }
    assertThat(said).isPositive();
  }

  @Test
  void saysSoWhateverBytesOfTheFileAreWrong() throws IOException {
    byte[] sound = fileOfThousandProducts();
    Random random = new Random(1);
    int said = 0;
    for (int time = 0; time < 200; time++) {
      byte[] bytes = sound.clone();
      for (int wrong = 0; wrong < 30; wrong++) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
      }
      said += saysThatItIsDamagedOrIsNot(bytes, "time " + time) ? 1 : 0;
    }
    assertThat(said).isPositive();
  }

  @Test
  void goesBackToAWholeUpdateWhenTheEndOfTheFileIsLost() throws IOException {
    byte[] sound = fileOfThousandProducts();
    Path cut = Files.createDirectories(temporary.resolve("cut"));
    Set<Long> counts = new HashSet<>();
    for (int length = sound.length / 2; length < sound.length; length += 4_096) {
      Files.write(cut.resolve("products.mv"), Arrays.copyOf(sound, length));
      try (MvProductStore opened = new MvProductStore(cut, MAX_PRODUCT_BYTES)) {
        assertThat(opened.count() % 100).as("products of a part of an update").isZero();
        assertThat(opened.changes(0, MANY, MANY).changes()).hasSize((int) opened.count());
        assertThat(opened.sequence()).isEqualTo(opened.count());
        counts.add(opened.count());
      }
    }
    assertThat(counts).hasSizeGreaterThan(2);
  }

  private byte[] fileOfThousandProducts() throws IOException {
    for (int round = 0; round < 10; round++) {
      store.apply(new Update(true, round + 1, products(100 * round, 100 * round + 99, "\"some text\""), List.of()));
    }
    store.close();
    return Files.readAllBytes(folder.resolve("products.mv"));
  }

  /** Opens a file and reads all of it; whether there was a readable complaint. */
  private boolean saysThatItIsDamagedOrIsNot(byte[] bytes, String damage) throws IOException {
    Path damaged = Files.createTempDirectory(temporary, "damaged");
    Path file = Files.write(damaged.resolve("products.mv"), bytes);
    try (MvProductStore opened = new MvProductStore(damaged, MAX_PRODUCT_BYTES)) {
      List<Change> changes = opened.changes(0, MANY, MANY).changes();
      opened.idsFullReadBefore(Long.MAX_VALUE, "", MANY).forEach(opened::product);
      for (int i = 0; i < changes.size(); i++) {
        String expected = i + 1 + " " + i + " {\"id\":" + i + ",\"a\":\"some text\"}";
        Product product = opened.product(Integer.toString(i)).orElseThrow().product();
        if (!texts(changes.subList(i, i + 1)).get(0).equals(expected) || !product.equals(changes.get(i).product())) {
          throw new IllegalStateException("wrong data: " + product + " and " + changes.get(i));
        }
      }
      return false;
    } catch (StoreException e) {
      assertThat(e.getMessage()).startsWith("the product store").doesNotContain("\n");
      return true;
    } catch (RuntimeException e) {
      return fail("the damage (" + damage + ") gives " + e + " instead of a StoreException", e);
    } catch (AssertionError e) {
      // Of MVStore itself, which makes none outside of tests.
      assertThat(e.getStackTrace()[0].getClassName()).startsWith("org.h2.");
      return false;
    } finally {
      Files.delete(file);
    }
  }

  // Growth

  @Test
  void growsByNoMoreThanItsUpdatesHold() throws IOException {
    int updates = 2_000;
    for (int update = 0; update < updates; update++) {
      int from = update % 2 * 500 + 1;
      store.apply(new Update(true, update + 1, products(from, from + 499, Integer.toString(update)), List.of()));
    }
    assertThat(store.count()).isEqualTo(1_000);
    assertThat(store.changes(0, MANY, MANY).changes()).hasSize(1_000);
    // MVStore uses the space of what was superseded again, but not before its retention time of 45 s.
    assertThat(Files.size(folder.resolve("products.mv"))).isLessThan(updates * 128L << 10);
  }
}
