package search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import event.IndexEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import product.Change;
import product.ChangePage;
import product.Json;
import product.Product;
import search.SearchIndex.Checkpoint;
import search.SearchIndex.Document;

@Timeout(60)
class ProjectionTest {

  private static final Schema SCHEMA = Schema.of(Schema.text("name", 1));

  @TempDir private Path temporary;
  private Projection projection;

  @BeforeEach
  void openProjection() {
    LuceneSearchIndex index = new LuceneSearchIndex(temporary.resolve("index-t"), SCHEMA);
    projection = new Projection("index-t", index, Set.of("*", "name"), ProjectionTest::translate);
  }

  private static ObjectNode translate(Product product) {
    ObjectNode content = Json.MAPPER.createObjectNode();
    content.set("name", product.attribute("name"));
    return content;
  }

  @AfterEach
  void closeProjection() {
    projection.close();
  }

  /** What the index holds: id, version and name of each document. An index that is opened again shows all that was written. */
  private List<String> contents() {
    projection.close();
    openProjection();
    List<String> contents = new ArrayList<>();
    for (Document document : projection.index().documents("", 1_000)) {
      contents.add(document.id() + "@" + document.version() + " " + document.content().path("name").asText());
    }
    return contents;
  }

  private static Change stored(long sequence, String id, String name) {
    return new Change(sequence, id, Product.of(Json.MAPPER.createObjectNode().put("id", id).put("name", name).put("price", 1)));
  }

  private static Change deleted(long sequence, String id) {
    return new Change(sequence, id, null);
  }

  private static IndexEvent event(String epoch, String tag, Change... changes) {
    return new IndexEvent("id", List.of(tag), epoch, changes[0].sequence(), changes[changes.length - 1].sequence(),
        List.of(changes));
  }

  private static IndexEvent event(Change... changes) {
    return event("e", "*", changes);
  }

  private static ChangePage page(String epoch, long last, boolean more, Change... changes) {
    return new ChangePage(epoch, List.of(changes), last, more);
  }

  /** Brings the projection to sequence 2 of the epoch e: products a and b. */
  private void begun() {
    projection.applyPage(page("e", 2, false, stored(1, "a", "a1"), stored(2, "b", "b2")));
  }

  private void standsAt(String epoch, long sequence) {
    assertThat(projection.index().checkpoint()).isEqualTo(new Checkpoint(epoch, sequence));
  }

  // Events

  @Test
  void appliesEventsInOrder() {
    begun();
    assertThat(projection.applyEvent(event(stored(3, "a", "a3"), stored(4, "c", "c4")))).isTrue();
    assertThat(projection.applyEvent(event(deleted(5, "b")))).isTrue();
    standsAt("e", 5);
    assertThat(contents()).containsExactly("a@3 a3", "c@4 c4");
  }

  @Test
  void appliesManyEventsAsOneBulk() {
    begun();
    assertThat(projection.applyEvents(List.of(
        event(stored(3, "a", "a3")), event(stored(4, "c", "c4"), deleted(5, "d")), event(deleted(6, "b"))))).isTrue();
    standsAt("e", 6);
    assertThat(contents()).containsExactly("a@3 a3", "c@4 c4");
  }

  @Test
  void takesTheLatestChangeOfAProductThatComesTwiceInABulk() {
    begun();
    assertThat(projection.applyEvents(List.of(
        event(stored(3, "a", "a3"), stored(4, "c", "c4"), deleted(5, "d")),
        event(stored(6, "a", "a6"), deleted(7, "c"), stored(8, "d", "d8")), event(stored(9, "a", "a9"))))).isTrue();
    standsAt("e", 9);
    assertThat(contents()).containsExactly("a@9 a9", "b@2 b2", "d@8 d8");
  }

  @Test
  void takesAnEmptyBulkForNothing() {
    begun();
    assertThat(projection.applyEvents(List.of())).isTrue();
    standsAt("e", 2);
  }

  @Test
  void ignoresWhatItHas() {
    begun();
    projection.applyEvent(event(deleted(3, "a"), stored(4, "b", "b4")));
    assertThat(projection.applyEvent(event(stored(1, "a", "late"), stored(2, "b", "late")))).isTrue();
    assertThat(projection.applyEvent(event(stored(3, "a", "late")))).isTrue();
    standsAt("e", 4);
    assertThat(contents()).containsExactly("b@4 b4");
  }

  @Test
  void ignoresWhatItHasInABulkToo() {
    begun();
    IndexEvent third = event(stored(3, "a", "a3"));
    assertThat(projection.applyEvents(List.of(third, event(deleted(4, "a")), third, event(stored(5, "c", "c5")), third)))
        .isTrue();
    standsAt("e", 5);
    assertThat(contents()).containsExactly("b@2 b2", "c@5 c5");
  }

  @Test
  void takesFromAnEventThatItHasInPartWhatIsNew() {
    begun();
    assertThat(projection.applyEvent(event(stored(1, "a", "late"), stored(2, "b", "late"), stored(3, "c", "c3"),
        stored(4, "b", "b4"))))
        .isTrue();
    standsAt("e", 4);
    assertThat(contents()).containsExactly("a@1 a1", "b@4 b4", "c@3 c3");
  }

  @Test
  void leavesWhatLiesBeyondAGapAlone() {
    begun();
    assertThat(projection.applyEvent(event(stored(4, "c", "c4")))).isFalse();
    standsAt("e", 2);
    assertThat(contents()).containsExactly("a@1 a1", "b@2 b2");
  }

  @Test
  void appliesWhatLiesBeforeAGapAndLeavesAllAfterIt() {
    begun();
    assertThat(projection.applyEvents(List.of(event(stored(3, "c", "c3")), event(stored(5, "d", "d5")),
        event(stored(4, "e", "e4")))))
        .isFalse();
    standsAt("e", 3);
    assertThat(contents()).containsExactly("a@1 a1", "b@2 b2", "c@3 c3");
  }

  @Test
  void takesAnotherEpochForAGap() {
    begun();
    assertThat(projection.applyEvent(event("f", "*", stored(3, "c", "c3")))).isFalse();
    assertThat(projection.applyEvent(event("f", "*", stored(1, "a", "f1")))).isFalse();
    standsAt("e", 2);
    assertThat(contents()).containsExactly("a@1 a1", "b@2 b2");
  }

  @Test
  void readsTheFeedFirstWhenItIsNew() {
    assertThat(projection.applyEvent(event(stored(1, "a", "a1")))).isFalse();
    assertThat(projection.index().checkpoint()).isEqualTo(Checkpoint.NONE);
    assertThat(contents()).isEmpty();
  }

  // Tags

  @Test
  void movesOnWithoutWritingWhenAnEventConcernsOthers() {
    begun();
    assertThat(projection.applyEvent(event("e", "price", stored(3, "a", "a3"), stored(4, "b", "b4")))).isTrue();
    standsAt("e", 4);
    assertThat(contents()).containsExactly("a@1 a1", "b@2 b2");
    standsAt("e", 4);
  }

  @Test
  void takesAnEventOfWhichOneTagConcernsIt() {
    begun();
    IndexEvent event = new IndexEvent("id", List.of("price", "name"), "e", 3, 3, List.of(stored(3, "a", "a3")));
    assertThat(projection.applyEvent(event)).isTrue();
    assertThat(contents()).containsExactly("a@3 a3", "b@2 b2");
  }

  @Test
  void removesDeletedProductsWhateverTheEventConcerns() {
    begun();
    assertThat(projection.applyEvent(event("e", "price", deleted(3, "a"), stored(4, "b", "b4")))).isTrue();
    standsAt("e", 4);
    assertThat(contents()).containsExactly("b@2 b2");
  }

  @Test
  void doesNotTakeForAGapWhatConcernsOthers() {
    begun();
    assertThat(projection.applyEvents(List.of(
        event(stored(3, "c", "c3")), event("e", "price", stored(4, "c", "c4")), event(stored(5, "d", "d5"))))).isTrue();
    standsAt("e", 5);
    assertThat(contents()).containsExactly("a@1 a1", "b@2 b2", "c@3 c3", "d@5 d5");
  }

  // Feed

  @Test
  void appliesPagesOfTheFeed() {
    projection.beginCatchUp();
    assertThat(projection.catchingUp()).isTrue();
    projection.applyPage(page("e", 7, true, stored(2, "a", "a2"), stored(7, "b", "b7")));
    assertThat(projection.catchingUp()).isTrue();
    standsAt("e", 7);
    projection.applyPage(page("e", 12, false, deleted(9, "a"), stored(12, "c", "c12")));
    assertThat(projection.catchingUp()).isFalse();
    standsAt("e", 12);
    assertThat(contents()).containsExactly("b@7 b7", "c@12 c12");
  }

  /** The name of product a changed at 3, and its price at 7, where the feed has it since: the event of 7 alone is not enough. */
  @Test
  void appliesNoEventInTheMidstOfTheFeed() {
    begun();
    projection.beginCatchUp();
    projection.applyPage(page("e", 5, true, stored(5, "c", "c5")));
    projection.feedUnavailable("it is away");
    IndexEvent prices = event("e", "price", stored(6, "b", "b6"), stored(7, "a", "a3"));
    assertThat(projection.applyEvent(prices)).isFalse();
    assertThat(projection.applyEvents(List.of(prices, event(stored(8, "d", "d8"))))).isFalse();
    standsAt("e", 5);
    projection.applyPage(page("e", 7, false, stored(6, "b", "b6"), stored(7, "a", "a3")));
    assertThat(projection.applyEvents(List.of(prices, event(stored(8, "d", "d8"))))).isTrue();
    assertThat(contents()).containsExactly("a@7 a3", "b@6 b6", "c@5 c5", "d@8 d8");
  }

  /** The last commit may have been made in the midst of the feed. */
  @Test
  void appliesNoEventBeforeItHasReadTheFeedAgain() {
    begun();
    closeProjection();
    openProjection();
    assertThat(projection.applyEvent(event(stored(3, "a", "a3")))).isFalse();
    standsAt("e", 2);
    projection.applyPage(page("e", 2, false));
    assertThat(projection.applyEvent(event(stored(3, "a", "a3")))).isTrue();
    standsAt("e", 3);
  }

  private boolean readsTheFeedWhenReminded() {
    projection.beginCatchUpUnlessEventsCome();
    boolean reads = projection.catchingUp();
    projection.feedUnavailable("it is away");
    return reads;
  }

  @Test
  void readsNoFeedWhenRemindedWhileEventsComeEachWithoutAGap() {
    assertThat(readsTheFeedWhenReminded()).isTrue();
    begun();
    assertThat(projection.applyEvent(event(stored(3, "a", "a3")))).isTrue();
    assertThat(projection.applyEvents(List.of())).isTrue();
    assertThat(readsTheFeedWhenReminded()).isFalse();
    assertThat(readsTheFeedWhenReminded()).as("none came since").isTrue();
    assertThat(projection.applyEvents(List.of(event(stored(4, "a", "a4")), event(stored(6, "b", "b6"))))).isFalse();
    assertThat(readsTheFeedWhenReminded()).as("5 is missing").isTrue();
  }

  @Test
  void isCompleteUpToTheLastSequenceOfAPage() {
    begun();
    projection.applyPage(page("e", 5, false, stored(5, "c", "c5")));
    assertThat(projection.applyEvent(event(stored(3, "a", "late"), stored(4, "b", "late")))).isTrue();
    assertThat(projection.applyEvent(event(stored(6, "d", "d6")))).isTrue();
    standsAt("e", 6);
    assertThat(contents()).containsExactly("a@1 a1", "b@2 b2", "c@5 c5", "d@6 d6");
  }

  @Test
  void takesTheEpochOfThePage() {
    begun();
    projection.applyPage(page("f", 2, false));
    standsAt("f", 2);
    assertThat(projection.applyEvent(event("f", "*", stored(3, "c", "c3")))).isTrue();
    assertThat(contents()).containsExactly("a@1 a1", "b@2 b2", "c@3 c3");
    standsAt("f", 3);
  }

  @Test
  void ignoresInAPageWhatItHas() {
    begun();
    projection.applyEvent(event(deleted(3, "a")));
    projection.applyPage(page("e", 4, false, stored(1, "a", "late"), stored(4, "c", "c4")));
    assertThat(contents()).containsExactly("b@2 b2", "c@4 c4");
  }

  @Test
  void asksTheFeedFromItsCheckpoint() {
    assertThat(projection.feedQuery(100)).isEqualTo("since=0&limit=100");
    begun();
    assertThat(projection.feedQuery(100)).isEqualTo("since=2&limit=100&epoch=e");
  }

  @Test
  void givesUpCatchingUpUntilTheNextTimeWhenTheFeedIsNotAvailable() {
    begun();
    projection.beginCatchUp();
    projection.feedUnavailable("connection refused");
    assertThat(projection.catchingUp()).isFalse();
    standsAt("e", 2);
    projection.beginCatchUp();
    assertThat(projection.catchingUp()).isTrue();
    projection.applyPage(page("e", 3, false, stored(3, "c", "c3")));
    assertThat(contents()).containsExactly("a@1 a1", "b@2 b2", "c@3 c3");
  }

  @Test
  void beginsAnewAfterAReset() {
    begun();
    projection.beginCatchUp();
    projection.reset();
    assertThat(projection.catchingUp()).as("goes on with the first page").isTrue();
    assertThat(projection.index().checkpoint()).isEqualTo(Checkpoint.NONE);
    assertThat(projection.feedQuery(10)).isEqualTo("since=0&limit=10");
    projection.applyPage(page("f", 1, false, stored(1, "z", "z1")));
    assertThat(contents()).containsExactly("z@1 z1");
    standsAt("f", 1);
  }

  // Lag and commits

  @Test
  void saysHowFarItIsBehindWhatItHeardOf() {
    assertThat(projection.lag()).isZero();
    begun();
    assertThat(projection.lag()).isZero();
    projection.applyEvent(event(stored(6, "c", "c6"), stored(7, "d", "d7")));
    assertThat(projection.lag()).isEqualTo(5);
    projection.applyPage(page("e", 4, true, stored(4, "c", "c4")));
    assertThat(projection.lag()).isEqualTo(3);
    projection.applyPage(page("e", 9, false, stored(9, "c", "c9")));
    assertThat(projection.lag()).isZero();
    projection.applyEvent(event(stored(1, "a", "late")));
    assertThat(projection.lag()).isZero();
    projection.reset();
    assertThat(projection.lag()).isZero();
  }

  @Test
  void isNotBehindWhenItReadTheFeedToItsEndWhateverItHeardBefore() {
    begun();
    projection.applyEvent(event(stored(6, "c", "lost"), stored(7, "d", "lost")));
    // The store was put back from a copy that it made at sequence 2.
    projection.applyPage(page("f", 2, false));
    assertThat(projection.lag()).isZero();
  }

  @Test
  void commitsWhenTheLastCommitIsOlderThanItMayBe() {
    begun();
    projection.commitIfOlderThan(60_000);
    assertThat(projection.index()).as("nothing yet").satisfies(index -> assertThat(committed()).isEqualTo(Checkpoint.NONE));
    projection.commitIfOlderThan(0);
    assertThat(committed()).isEqualTo(new Checkpoint("e", 2));
    projection.applyEvent(event(stored(3, "c", "c3")));
    projection.commitIfOlderThan(60_000);
    assertThat(committed()).isEqualTo(new Checkpoint("e", 2));
  }

  /** The checkpoint on disk. */
  private Checkpoint committed() {
    return CommittedCheckpoint.of(temporary.resolve("index-t"));
  }
}
