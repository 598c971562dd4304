package search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import event.IndexEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import product.Change;
import product.ChangePage;
import product.Json;
import product.Product;
import search.Generations.Progress;
import search.SearchIndex.Checkpoint;
import search.SearchIndex.Document;

/** What becomes of the generations of an index, with a feed that this test keeps. */
@Timeout(60)
class GenerationsTest {

  private static final Schema SCHEMA = Schema.of(Schema.text("name", 1));
  private static final String FORMAT = "one";

  @TempDir private Path temporary;
  private final TreeMap<Long, Change> feed = new TreeMap<>();
  private long sequence;
  private Generations index;
  /** What happens just before the next product becomes a document. */
  private Runnable meanwhile;
  /** The generation that the disk has no room for. */
  private String unusable = "none";

  @BeforeEach
  void opens() {
    open("index-t", FORMAT);
  }

  private void open(String folder, String format) {
    index = new Generations("index-t", temporary.resolve(folder), format, generation -> {
      if (generation.endsWith(unusable)) {
        throw new SearchException("the index " + generation + " cannot be opened", null);
      }
      return new Projection("index-t", new LuceneSearchIndex("index-t", generation, SCHEMA), Set.of("*"), this::translate);
    });
  }

  private ObjectNode translate(Product product) {
    Runnable happens = meanwhile;
    meanwhile = null;
    if (happens != null) {
      happens.run();
    }
    ObjectNode content = Json.MAPPER.createObjectNode();
    content.set("name", product.attribute("name"));
    return content;
  }

  @AfterEach
  void closes() {
    index.close();
  }

  /** Adds a change to the feed; the event that tells of it may be delivered, or lost. */
  private IndexEvent change(String id, String name) {
    feed.values().removeIf(earlier -> earlier.id().equals(id));
    Product product = name == null ? null : Product.of(Json.MAPPER.createObjectNode().put("id", id).put("name", name));
    Change change = new Change(++sequence, id, product);
    feed.put(sequence, change);
    return new IndexEvent("id", List.of("*"), "e", sequence, sequence, List.of(change));
  }

  private ChangePage page(String query) {
    assertThat(query).matches("since=\\d+&limit=2(&epoch=e)?");
    long since = Long.parseLong(query.replaceAll("since=(\\d+).*", "$1"));
    List<Change> changes = feed.tailMap(since, false).values().stream().limit(2).toList();
    long last = changes.isEmpty() ? since : changes.get(changes.size() - 1).sequence();
    return new ChangePage("e", changes, last, !feed.tailMap(last, false).isEmpty());
  }

  private void catchUp() {
    index.beginCatchUp();
    while (index.catchingUp()) {
      index.applyPage(page(index.feedQuery(2)));
    }
  }

  /** Has what grows read a page of the feed; the first if it has not begun. */
  private void growOnePage() {
    if (!index.growing().catchingUp()) {
      index.growing().beginCatchUp();
    }
    index.growing().applyPage(page(index.growing().feedQuery(2)));
  }

  private void growToTheEnd() {
    while (index.growing().wanted()) {
      growOnePage();
    }
  }

  /** Products a to e, with two pages to read; all but the last are indexed. */
  private void begun() {
    for (String id : List.of("a", "b", "c", "d")) {
      change(id, id + "1");
    }
    catchUp();
    change("e", "e1");
  }

  /** What searches find, now. */
  private List<String> found() {
    return index.read(read -> {
      read.refresh();
      List<String> found = new ArrayList<>();
      for (Document document : read.documents("", 1_000)) {
        found.add(document.content().path("name").asText());
      }
      return found;
    });
  }

  private Set<String> folders() {
    return folders("index-t");
  }

  private Set<String> folders(String folder) {
    try (Stream<Path> files = Files.list(temporary.resolve(folder))) {
      Set<String> names = new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
      assertThat(names.remove("write.lock")).isTrue();
      assertThat(names.remove("current")).isTrue();
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aNewGenerationTakesThePlaceOfTheOldOneWhenItHasEqualCheckpointAndCount() {
    begun();
    assertThat(index.rebuild()).isEqualTo(2);
    growOnePage();
    assertThat(index.state().progress()).isEqualTo(new Progress(2, false, 2, 4));
    assertThat(index.applyEvent(change("f", "f1"))).as("e is missing").isFalse();
    catchUp();
    assertThat(index.state().generation()).as("what is not complete does not answer").isEqualTo(1);
    assertThat(found()).containsExactly("a1", "b1", "c1", "d1", "e1", "f1");

    growToTheEnd();
    assertThat(index.state().generation()).as("nor does what is, outside of the index's thread").isEqualTo(1);
    IndexEvent missedByBoth = change("a", null);
    change("g", "g1");
    catchUp();
    assertThat(index.state()).isEqualTo(new Generations.State(2, 1, null, ""));
    assertThat(found()).containsExactly("b1", "c1", "d1", "e1", "f1", "g1");
    assertThat(index.checkpoint()).isEqualTo(new Checkpoint("e", sequence));
    assertThat(index.applyEvent(missedByBoth)).isTrue();
    assertThat(index.applyEvent(change("b", "b2"))).isTrue();
    assertThat(found()).containsExactly("b2", "c1", "d1", "e1", "f1", "g1");
    assertThat(folders()).containsExactly("1", "2");
    // It was committed before anything said that it is the one.
    assertThat(CommittedCheckpoint.of(temporary.resolve("index-t/2")).sequence()).isEqualTo(sequence - 1);
  }

  @Test
  void anEventCompletesWhatHasJoined() {
    begun();
    catchUp();
    index.rebuild();
    growToTheEnd();
    assertThat(index.applyEvent(change("f", "f1"))).as("both are to read the feed, and be compared").isFalse();
    assertThat(index.state().progress().checkpoint()).as("events reach both").isEqualTo(sequence);
    catchUp();
    assertThat(index.state().generation()).isEqualTo(2);
    assertThat(found()).hasSize(6);
  }

  @Test
  void whatJoinsWhileAPageIsAppliedHasItsTurnAtTheNext() {
    begun();
    index.rebuild();
    meanwhile = () -> CompletableFuture.runAsync(this::growToTheEnd).join();
    catchUp();
    assertThat(meanwhile).as("joined in the midst").isNull();
    assertThat(index.state().generation()).isEqualTo(1);
    catchUp();
    assertThat(index.state()).isEqualTo(new Generations.State(2, 1, null, ""));
    assertThat(found()).hasSize(5);
  }

  @Test
  void onlyTheGenerationBeforeIsKept() {
    begun();
    for (int rebuilt = 2; rebuilt <= 4; rebuilt++) {
      assertThat(index.rebuild()).isEqualTo(rebuilt);
      growToTheEnd();
      catchUp();
      assertThat(folders()).containsExactly(Integer.toString(rebuilt - 1), Integer.toString(rebuilt));
    }
    index.close();
    opens();
    assertThat(index.state()).isEqualTo(new Generations.State(4, 3, null, ""));
    assertThat(found()).hasSize(5);
  }

  @Test
  void thePreviousGenerationCatchesUpBeforeItIsReturnedTo() {
    begun();
    index.rebuild();
    growToTheEnd();
    catchUp();
    change("a", "a2");
    change("b", null);
    catchUp();
    List<String> now = found();

    assertThat(index.rollback()).isEqualTo(1);
    assertThat(index.state().progress()).isEqualTo(new Progress(1, true, 5, 7));
    assertThat(found()).isEqualTo(now);
    growToTheEnd();
    change("f", "f1");
    catchUp();
    assertThat(index.state()).isEqualTo(new Generations.State(1, 2, null, ""));
    assertThat(found()).containsExactly("a2", "c1", "d1", "e1", "f1");
    assertThat(index.rollback()).as("and forth again").isEqualTo(2);
    growToTheEnd();
    catchUp();
    assertThat(found()).containsExactly("a2", "c1", "d1", "e1", "f1");
    assertThat(index.rebuild()).as("a number is never used again while it could be meant").isEqualTo(3);
  }

  @Test
  void oneGrowsAtATime() {
    begun();
    assertThatExceptionOfType(GenerationException.class).isThrownBy(index::rollback).withMessageContaining("index-t has no previous generation");
    index.rebuild();
    assertThatExceptionOfType(GenerationException.class).isThrownBy(index::rebuild)
        .withMessage("a rebuild of index-t is under way, to generation 2: wait for it");
    assertThatExceptionOfType(GenerationException.class).isThrownBy(index::rollback).withMessageStartingWith("a rebuild of index-t is under way");
    growToTheEnd();
    assertThatExceptionOfType(GenerationException.class).isThrownBy(index::rebuild);
    catchUp();
    index.rollback();
    assertThatExceptionOfType(GenerationException.class).isThrownBy(index::rebuild).withMessageStartingWith("a rollback of index-t is under way");
  }

  @Test
  void aGenerationWithAnotherCountDoesNotTakeThePlace() {
    begun();
    // The one that answers has lost a document.
    index.read(read -> {
      read.write(List.of(), List.of("a"), read.checkpoint());
      return null;
    });
    index.rebuild();
    growToTheEnd();
    catchUp();
    assertThat(index.state()).isEqualTo(new Generations.State(1, null, null,
        "generation 2 has 5 documents, but the one that answers has 4 at the same checkpoint, and so stays: -Pverify tells what is right"));
    assertThat(folders()).containsExactly("1");
    assertThat(found()).hasSize(4);
    assertThat(index.rebuild()).isEqualTo(2);
    assertThat(index.state().failure()).isEmpty();
  }

  @Test
  void whatGrowsBeginsAnewWhenTheStoreLostThePastThatItComesFrom() {
    begun();
    index.rebuild();
    growOnePage();
    index.growing().reset();
    assertThat(index.growing().feedQuery(2)).isEqualTo("since=0&limit=2");
    growToTheEnd();
    index.beginCatchUp();
    index.feedQuery(2);
    index.reset();
    assertThat(index.growing().wanted()).as("is on its own again").isTrue();
    catchUp();
    assertThat(found()).hasSize(5);
    growToTheEnd();
    catchUp();
    assertThat(index.state().generation()).isEqualTo(2);
    assertThat(found()).hasSize(5);
  }

  @Test
  void readsTheFeedWhenAReminderComesAfterWhichNoEventDid() {
    begun();
    catchUp();
    assertThat(index.applyEvent(change("a", "a2"))).isTrue();
    index.beginCatchUp();
    assertThat(index.catchingUp()).as("the event told what there is").isFalse();
    change("b", "b2");
    index.beginCatchUp();
    assertThat(index.catchingUp()).as("what was told of may have been lost").isTrue();
  }

  @Test
  void aGenerationThatHasJoinedTakesOverWhileEventsCome() {
    begun();
    catchUp();
    index.rebuild();
    growToTheEnd();
    index.applyEvent(change("a", "a2"));
    change("b", "b2");
    catchUp();
    assertThat(index.state().generation()).isEqualTo(2);
    assertThat(found()).hasSize(5);
  }

  @Test
  void aFeedThatIsAwayDelaysButHarmsNothing() {
    begun();
    index.rebuild();
    index.growing().beginCatchUp();
    index.growing().feedUnavailable("away");
    assertThat(index.growing().catchingUp()).isFalse();
    assertThat(index.growing().wanted()).isTrue();
    growToTheEnd();
    index.beginCatchUp();
    index.feedUnavailable("away");
    index.feedUnavailable("away");
    assertThat(index.catchingUp()).isFalse();
    assertThat(index.state().generation()).isEqualTo(1);
    catchUp();
    assertThat(index.state().generation()).isEqualTo(2);
  }

  @Test
  void aReaderThatComesJustWhenAGenerationClosesReadsItsSuccessor() {
    begun();
    index.rebuild();
    growToTheEnd();
    AtomicInteger attempts = new AtomicInteger();
    long documents = index.read(read -> {
      if (attempts.incrementAndGet() == 1) {
        catchUp();
      }
      return read.documents();
    });
    assertThat(attempts).hasValue(2);
    assertThat(documents).isEqualTo(5);
  }

  @Test
  void aRebuildDoesNotBeginFromLeftovers() {
    begun();
    try (LuceneSearchIndex left = new LuceneSearchIndex(temporary.resolve("index-t/2"), SCHEMA)) {
      left.write(List.of(new Document("x", 1, Json.MAPPER.createObjectNode())), List.of(), new Checkpoint("e", 3));
    }
    index.rebuild();
    assertThat(index.state().progress()).isEqualTo(new Progress(2, false, 0, 4));
    growToTheEnd();
    catchUp();
    assertThat(found()).containsExactly("a1", "b1", "c1", "d1", "e1");
  }

  @Test
  void whatCannotBeBegunIsRefusedAndSaid() {
    begun();
    unusable = "2";
    assertThatExceptionOfType(GenerationException.class).isThrownBy(index::rebuild).withMessageContaining("cannot be opened");
    assertThat(index.state()).isEqualTo(
        new Generations.State(1, null, null, "the index " + temporary.resolve("index-t/2") + " cannot be opened"));
    unusable = "none";
    assertThat(index.rebuild()).isEqualTo(2);
    assertThat(index.state().failure()).isEmpty();
  }

  @Test
  void whateverHappensToWhatGrowsIsNoHarmToWhatAnswers() {
    begun();
    index.rebuild();
    meanwhile = () -> {
      throw new IllegalStateException("no such attribute");
    };
    growOnePage();
    assertThat(index.state()).isEqualTo(
        new Generations.State(1, null, null, "generation 2 cannot be built: java.lang.IllegalStateException: no such attribute"));
    catchUp();
    assertThat(found()).hasSize(5);
    assertThat(index.rebuild()).isEqualTo(2);
  }

  @Test
  void aStopWhileAGenerationGrowsIsNoFaultOfTheDisk() {
    begun();
    index.rebuild();
    meanwhile = () -> Thread.currentThread().interrupt();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(this::growOnePage);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(index.state().failure()).isEmpty();
    catchUp();
    assertThat(found()).hasSize(5);
  }

  // Crashes

  /** Opens what a crash at this moment would leave. */
  private void crash(String left) throws IOException {
    try (Stream<Path> files = Files.walk(temporary.resolve("index-t"))) {
      for (Path file : files.filter(each -> !each.endsWith("write.lock")).toList()) {
        Files.copy(file, temporary.resolve(left).resolve(temporary.resolve("index-t").relativize(file)));
      }
    }
    index.close();
    open(left, FORMAT);
  }

  @Test
  void aGenerationThatWasHalfBuiltGoesAndTheOneBeforeAnswers() throws IOException {
    begun();
    index.commitIfOlderThan(0);
    index.rebuild();
    growOnePage();
    crash("left");
    assertThat(folders("left")).containsExactly("1");
    assertThat(index.state()).isEqualTo(new Generations.State(1, null, null, ""));
    assertThat(found()).containsExactly("a1", "b1", "c1", "d1");
    assertThat(index.rebuild()).isEqualTo(2);
    growToTheEnd();
    catchUp();
    assertThat(found()).hasSize(5);
  }

  @Test
  void aCrashJustAfterTheSwitchKeepsBoth() throws IOException {
    begun();
    index.rebuild();
    growToTheEnd();
    catchUp();
    crash("left");
    assertThat(index.state()).isEqualTo(new Generations.State(2, 1, null, ""));
    assertThat(found()).hasSize(5);
    assertThat(index.rollback()).isEqualTo(1);
  }

  @Test
  void aRollbackThatWasInterruptedKeepsBoth() throws IOException {
    begun();
    index.rebuild();
    growToTheEnd();
    catchUp();
    change("f", "f1");
    index.rollback();
    growOnePage();
    crash("left");
    assertThat(index.state()).isEqualTo(new Generations.State(2, 1, null, ""));
    assertThat(found()).hasSize(5);
    index.rollback();
    growToTheEnd();
    catchUp();
    assertThat(index.state().generation()).isEqualTo(1);
    assertThat(found()).hasSize(6);
  }

  @Test
  void nothingOrNonsenseAboutWhichGenerationAnswersMakesItBeginAnew() throws IOException {
    for (byte[] nonsense : List.of(new byte[0], "{\"generation\":0}".getBytes(StandardCharsets.UTF_8), new byte[] {-1, -2})) {
      begun();
      index.close();
      Files.write(temporary.resolve("index-t/current"), nonsense);
      opens();
      assertThat(found()).isEmpty();
      assertThat(folders()).containsExactly("1");
      catchUp();
      assertThat(found()).hasSize(5);
    }
  }

  @Test
  void anIndexWithoutGenerationsAsOnceThereWereBeginsAnew() throws IOException {
    Path old = temporary.resolve("old");
    try (LuceneSearchIndex without = new LuceneSearchIndex(old, SCHEMA)) {
      without.write(List.of(new Document("x", 1, Json.MAPPER.createObjectNode())), List.of(), new Checkpoint("e", 1));
    }
    index.close();
    open("old", FORMAT);
    assertThat(folders("old")).containsExactly("1");
    begun();
    catchUp();
    assertThat(found()).hasSize(5);
  }

  @Test
  void oneProcessHasItOpen() {
    assertThatExceptionOfType(SearchException.class).isThrownBy(() -> open("index-t", FORMAT))
        .withMessage("the index " + temporary.resolve("index-t") + " is in use by another process: stop that one first");
    index.close();
    opens();
  }

  // Formats

  @Test
  void anIndexOfAnotherFormatAnswersAsItIsUntilItHasRebuiltItself() {
    begun();
    index.close();
    open("index-t", "two");
    assertThat(index.state().progress()).isEqualTo(new Progress(2, false, 0, 4));
    assertThat(index.applyEvent(change("f", "f1"))).isTrue();
    catchUp();
    assertThat(found()).as("is not written any more").containsExactly("a1", "b1", "c1", "d1");
    growToTheEnd();
    assertThat(index.lag()).as("what it does not have").isEqualTo(2);
    change("a", null);
    catchUp();
    assertThat(index.state()).isEqualTo(new Generations.State(2, 1, null, ""));
    assertThat(found()).containsExactly("b1", "c1", "d1", "e1", "f1");
    assertThatExceptionOfType(GenerationException.class).isThrownBy(index::rollback)
        .withMessage("generation 1 of index-t was written in another format: rebuild it instead");
    assertThat(index.applyEvent(change("b", null))).isTrue();
    assertThat(found()).hasSize(4);
  }

  @Test
  void anIndexOfAnotherFormatAnswersWhereThereIsNoRoomForASecondGeneration() {
    begun();
    index.close();
    unusable = "2";
    open("index-t", "two");
    String reason = "the index " + temporary.resolve("index-t/2") + " cannot be opened"
        + " (until it is rebuilt, index-t answers as it is, and takes no changes)";
    assertThat(index.state()).isEqualTo(new Generations.State(1, null, null, reason));
    assertThat(index.applyEvent(change("f", "f1"))).isTrue();
    catchUp();
    assertThat(found()).hasSize(4);
    assertThat(index.lag()).as("what it does not have").isEqualTo(2);

    unusable = "none";
    index.rebuild();
    meanwhile = () -> {
      throw new SearchException("no space left", null);
    };
    growOnePage();
    assertThat(index.state().failure()).startsWith("no space left (until it is rebuilt");
    index.applyEvent(change("g", "g1"));
    catchUp();
    assertThat(found()).hasSize(4);

    index.close();
    open("index-t", "two");
    assertThat(index.state().progress()).as("the next start tries again").isEqualTo(new Progress(2, false, 0, 4));
    growToTheEnd();
    catchUp();
    assertThat(found()).hasSize(7);
    assertThat(index.lag()).isZero();
  }

  @Test
  void anInterruptedChangeOfFormatBeginsAgain() throws IOException {
    begun();
    index.close();
    open("index-t", "two");
    growOnePage();
    index.close();
    open("index-t", "two");
    assertThat(index.state().progress()).isEqualTo(new Progress(2, false, 0, 4));
    assertThat(found()).hasSize(4);
  }

  @Test
  void theFormatBeforeReturnsToTheGenerationBefore() {
    begun();
    index.close();
    open("index-t", "two");
    growToTheEnd();
    catchUp();
    index.close();
    opens();
    assertThat(index.state().progress()).isEqualTo(new Progress(1, true, 4, 5));
    growToTheEnd();
    catchUp();
    assertThat(index.state()).isEqualTo(new Generations.State(1, 2, null, ""));
    assertThat(found()).hasSize(5);
  }
}
