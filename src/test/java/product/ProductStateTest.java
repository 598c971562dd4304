package product;

import static org.assertj.core.api.Assertions.assertThat;
import static product.ProductState.Outcome.OUTDATED;
import static product.ProductState.Outcome.REJECTED;
import static product.ProductState.Outcome.STORED;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import product.ProductState.Merged;

class ProductStateTest {

  /** A product and what becomes of it, update by update. */
  private static final class Story {
    private ProductState state = ProductState.unknown(IntNode.valueOf(1));
    private ProductState.Outcome outcome;

    Story full(long readAt, String attributes) {
      return take(state.mergeFull(read(attributes), readAt));
    }

    Story partial(long readAt, String attributes) {
      return take(state.mergePartial(read(attributes), readAt));
    }

    Story deleted(long readAt) {
      return take(state.mergeDeletion(readAt));
    }

    private Story take(Merged merged) {
      state = merged.state();
      outcome = merged.outcome();
      return this;
    }

    /** Checks the outcome of the last update, and the attributes; null: there is no product. */
    void endsAs(ProductState.Outcome expected, String attributes) {
      assertThat(outcome).isEqualTo(expected);
      assertThat(json(state)).isEqualTo(attributes == null ? null : Json.write(read(attributes)));
      assertThat(state.exists()).isEqualTo(attributes != null);
    }
  }

  private static ObjectNode read(String attributes) {
    return (ObjectNode) Json.parse("{\"id\":1" + (attributes.isEmpty() ? "" : "," + attributes) + "}");
  }

  private static String json(ProductState state) {
    return state.product() == null ? null : Json.write(state.product().tree());
  }

  private static Story story() {
    return new Story();
  }

  @Test
  void isNotThereUntilItWasReadInFull() {
    assertThat(ProductState.unknown(IntNode.valueOf(1)).exists()).isFalse();
    assertThat(ProductState.unknown(IntNode.valueOf(1)).product()).isNull();
  }

  @Test
  void isWhatAFullReadSays() {
    story().full(5, "'price':12.50,'name':null".replace('\'', '"')).endsAs(STORED, "\"name\":null,\"price\":12.50");
  }

  @Test
  void listsItsIdFirstAndThenItsAttributesByName() {
    ProductState state = story().full(5, "\"b\":1,\"a\":2,\"zz\":3,\"Z\":4").state;
    assertThat(json(state)).isEqualTo("{\"id\":1,\"Z\":4,\"a\":2,\"b\":1,\"zz\":3}");
  }

  @Test
  void keepsTheIdInTheTypeOfTheDatabase() {
    ObjectNode read = (ObjectNode) Json.parse("{\"id\":\"007\",\"a\":1}");
    ProductState state = ProductState.unknown(read.get("id")).mergeFull(read, 5).state();
    assertThat(json(state)).isEqualTo("{\"id\":\"007\",\"a\":1}");
    assertThat(state.attributes()).containsOnlyKeys("a");
  }

  @Test
  void takesTheIdOfTheNewestFullReadInPlaceOfThatOfADeletion() {
    ProductState deleted = ProductState.unknown(Json.parse("\"1\"")).mergeDeletion(3).state();
    assertThat(json(deleted.mergeFull(read("\"a\":1"), 5).state())).isEqualTo("{\"id\":1,\"a\":1}");
  }

  @Test
  void replacesAnAttributeByANewerRead() {
    story().full(5, "\"a\":1").full(6, "\"a\":2").endsAs(STORED, "\"a\":2");
    story().full(5, "\"a\":1").partial(6, "\"a\":2").endsAs(STORED, "\"a\":2");
  }

  @Test
  void neverReplacesAnAttributeByAnOlderRead() {
    story().full(5, "\"a\":1").full(4, "\"a\":2").endsAs(OUTDATED, "\"a\":1");
    story().full(5, "\"a\":1").partial(4, "\"a\":2").endsAs(OUTDATED, "\"a\":1");
    story().full(5, "\"a\":1").partial(8, "\"a\":2").full(7, "\"a\":3").endsAs(STORED, "\"a\":2");
    story().full(5, "\"a\":1").partial(8, "\"a\":2").partial(7, "\"a\":3").endsAs(OUTDATED, "\"a\":2");
  }

  @Test
  void doesNotTakeAnAttributeThatANewerFullReadLacked() {
    story().full(5, "\"a\":1").full(4, "\"b\":2").endsAs(OUTDATED, "\"a\":1");
    story().full(5, "\"a\":1").partial(4, "\"b\":2").endsAs(OUTDATED, "\"a\":1");
    story().full(5, "\"a\":1").partial(5, "\"b\":2").endsAs(OUTDATED, "\"a\":1");
  }

  @Test
  void addsAnAttributeThatAPartialReadHasFirst() {
    story().full(5, "\"a\":1").partial(6, "\"b\":2").endsAs(STORED, "\"a\":1,\"b\":2");
  }

  @Test
  void leavesWhatAPartialReadLacksAsItIs() {
    story().full(5, "\"a\":1,\"b\":1").partial(6, "\"b\":2").endsAs(STORED, "\"a\":1,\"b\":2");
  }

  @Test
  void removesTheAttributesThatANewerFullReadLacks() {
    story().full(5, "\"a\":1,\"b\":1").full(6, "\"a\":2").endsAs(STORED, "\"a\":2");
    story().full(5, "\"a\":1").partial(6, "\"b\":1").full(7, "\"a\":2").endsAs(STORED, "\"a\":2");
  }

  @Test
  void keepsTheAttributesThatAreNewerThanAFullReadThatLacksThem() {
    story().full(5, "\"a\":1").partial(8, "\"b\":1").full(7, "\"a\":2").endsAs(STORED, "\"a\":2,\"b\":1");
  }

  @Test
  void takesFromAPartialReadOnlyWhatIsNewer() {
    story().full(5, "\"a\":1").partial(8, "\"b\":8").partial(7, "\"a\":7,\"b\":7").endsAs(STORED, "\"a\":7,\"b\":8");
  }

  @Test
  void takesNullAsAValueAndAbsenceAsNone() {
    story().full(5, "\"a\":1,\"b\":1").full(6, "\"a\":null").endsAs(STORED, "\"a\":null");
    story().full(5, "\"a\":1,\"b\":1").partial(6, "\"a\":null").endsAs(STORED, "\"a\":null,\"b\":1");
    story().full(5, "\"a\":1").partial(6, "\"a\":null").partial(5, "\"a\":1").endsAs(OUTDATED, "\"a\":null");
    story().full(5, "\"a\":null").full(5, "\"a\":null").endsAs(STORED, "\"a\":null");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "1       | 2",
      "10      | 9",
      "null    | 1",
      "\"b\"   | \"a\"",
      "\"ë\"   | \"z\"",
      "\"a\"   | 1",
      "{\"x\":2,\"a\":1} | {\"a\":1,\"x\":1}",
      "12.5    | 12.50",
      "[12.5]  | [12.50]",
      "1       | 1.0"})
  void letsTheGreaterOfTwoValuesOfOneTimeWinWhateverTheOrder(String one, String other) {
    byte[] first = Json.canonical(Json.parse(one));
    byte[] second = Json.canonical(Json.parse(other));
    String winner = Arrays.compareUnsigned(first, second) > 0 ? one : other;
    String a = "\"a\":" + one;
    String b = "\"a\":" + other;
    String expected = Json.write(read("\"a\":" + winner));
    assertThat(json(story().full(5, a).full(5, b).state)).as("full, full").isEqualTo(expected);
    assertThat(json(story().full(5, b).full(5, a).state)).as("full, full, exchanged").isEqualTo(expected);
    assertThat(json(story().full(5, a).partial(5, b).state)).as("full, partial").isEqualTo(expected);
    assertThat(json(story().full(5, b).partial(5, a).state)).as("full, partial, exchanged").isEqualTo(expected);
    assertThat(json(story().full(4, "").partial(5, a).partial(5, b).state)).as("partial, partial").isEqualTo(expected);
    assertThat(json(story().full(4, "").partial(5, b).full(5, a).state)).as("partial, full").isEqualTo(expected);
  }

  @Test
  void treatsObjectsThatDifferInTheOrderOfTheirFieldsAsEqual() {
    Story story = story().full(5, "\"a\":{\"x\":1,\"y\":2}").full(5, "\"a\":{\"y\":2,\"x\":1}");
    story.endsAs(STORED, "\"a\":{\"x\":1,\"y\":2}");
  }

  @Test
  void isGoneAfterANewerDeletion() {
    story().full(5, "\"a\":1").deleted(6).endsAs(STORED, null);
  }

  @Test
  void isGoneWhenItWasReadAndFoundMissingAtTheSameTimeWhateverTheOrder() {
    story().full(5, "\"a\":1").deleted(5).endsAs(STORED, null);
    story().deleted(5).full(5, "\"a\":1").endsAs(OUTDATED, null);
  }

  @Test
  void staysWhenADeletionIsOlderThanTheFullRead() {
    story().full(5, "\"a\":1").deleted(4).endsAs(OUTDATED, "\"a\":1");
  }

  @Test
  void remembersAnOlderDeletionForReadsThatAreOlderStill() {
    assertThat(story().full(5, "\"a\":1").deleted(4).state.deletedAt()).isEqualTo(4);
    story().full(5, "\"a\":1").deleted(4).deleted(3).endsAs(OUTDATED, "\"a\":1");
    assertThat(story().full(5, "\"a\":1").deleted(4).deleted(3).state.deletedAt()).isEqualTo(4);
  }

  @Test
  void leavesATombstoneForAProductThatItNeverKnew() {
    Story story = story().deleted(5);
    story.endsAs(STORED, null);
    assertThat(story.state.deletedAt()).isEqualTo(5);
  }

  @Test
  void isNotRevivedByWhatIsOlderThanTheTombstone() {
    story().full(1, "\"a\":1").deleted(5).full(4, "\"a\":2").endsAs(OUTDATED, null);
    story().full(1, "\"a\":1").deleted(5).partial(4, "\"a\":2").endsAs(OUTDATED, null);
    story().full(1, "\"a\":1").deleted(5).partial(5, "\"a\":2").endsAs(OUTDATED, null);
    story().full(1, "\"a\":1").deleted(5).deleted(4).endsAs(OUTDATED, null);
  }

  @Test
  void keepsTheNewestTombstone() {
    assertThat(story().deleted(5).deleted(9).state.deletedAt()).isEqualTo(9);
    assertThat(story().deleted(9).deleted(5).state.deletedAt()).isEqualTo(9);
  }

  @Test
  void startsWithoutItsOldAttributesWhenItIsCreatedAgain() {
    story().full(1, "\"a\":1,\"b\":1").deleted(5).full(6, "\"a\":2").endsAs(STORED, "\"a\":2");
  }

  @Test
  void isGoneAgainAfterALaterDeletion() {
    story().full(1, "\"a\":1").deleted(5).full(6, "\"a\":2").deleted(7).endsAs(STORED, null);
  }

  @Test
  void isCreatedAgainWithWhatWasReadLaterThanThat() {
    story().full(1, "\"a\":1").partial(8, "\"b\":8").deleted(5).full(6, "\"a\":6").endsAs(STORED, "\"a\":6,\"b\":8");
  }

  @Test
  void doesNotShowWhatWasReadAfterTheDeletionUntilAFullReadFindsItAgain() {
    story().full(1, "\"a\":1").partial(8, "\"b\":8").deleted(5).endsAs(STORED, null);
  }

  @Test
  void rejectsAPartialReadOfAProductThatIsNotThere() {
    story().partial(5, "\"a\":1").endsAs(REJECTED, null);
    story().full(1, "\"a\":1").deleted(5).partial(6, "\"a\":2").endsAs(REJECTED, null);
  }

  @Test
  void keepsNothingOfARejectedRead() {
    story().partial(5, "\"b\":1").full(4, "\"a\":1").endsAs(STORED, "\"a\":1");
  }

  @Test
  void saysStoredAgainWhenAnUpdateIsRepeated() {
    story().full(5, "\"a\":1").full(5, "\"a\":1").endsAs(STORED, "\"a\":1");
    story().full(4, "\"a\":0").partial(5, "\"a\":1").partial(5, "\"a\":1").endsAs(STORED, "\"a\":1");
    story().full(4, "\"a\":0").deleted(5).deleted(5).endsAs(STORED, null);
  }

  @Test
  void doesNotChangeTheStateThatItMergesInto() {
    ProductState before = story().full(5, "\"a\":1,\"b\":1").state;
    before.mergeFull(read("\"a\":2"), 6);
    before.mergePartial(read("\"a\":3"), 6);
    before.mergeDeletion(6);
    assertThat(json(before)).isEqualTo("{\"id\":1,\"a\":1,\"b\":1}");
    assertThat(before.fullReadAt()).isEqualTo(5);
    assertThat(before.deletedAt()).isZero();
  }

  // Every order of arrival

  private enum Kind {
    FULL, PARTIAL, DELETION
  }

  /** An update; a deletion's attributes say nothing. */
  private record Update(Kind kind, long readAt, Map<String, String> attributes) {

    ObjectNode read() {
      ObjectNode read = Json.MAPPER.createObjectNode().put("id", 1);
      attributes.forEach((name, value) -> read.set(name, Json.parse(value)));
      return read;
    }

    Merged mergeInto(ProductState state) {
      return switch (kind) {
        case FULL -> state.mergeFull(read(), readAt);
        case PARTIAL -> state.mergePartial(read(), readAt);
        case DELETION -> state.mergeDeletion(readAt);
      };
    }
  }

  @Provide
  Arbitrary<List<Update>> updates() {
    Arbitrary<Kind> kind = Arbitraries.frequency(Tuple.of(3, Kind.FULL), Tuple.of(4, Kind.PARTIAL), Tuple.of(2, Kind.DELETION));
    Arbitrary<String> name = Arbitraries.of("a", "b", "c");
    Arbitrary<String> value = Arbitraries.of("1", "2", "null", "\"x\"", "12.5", "12.50", "{\"k\":1.0}", "{\"k\":1.00}");
    return Combinators.combine(kind, Arbitraries.longs().between(1, 6), Arbitraries.maps(name, value).ofMaxSize(3))
        .as(Update::new)
        .list().ofMinSize(1).ofMaxSize(7);
  }

  @Property(tries = 1_000)
  void everyOrderAndRepetitionOfUpdatesEndsInTheSameProduct(@ForAll("updates") List<Update> updates, @ForAll Random random) {
    String expected = whatTheRulesSay(updates);
    for (int order = 0; order < 8; order++) {
      List<Update> arriving = new ArrayList<>(updates);
      updates.stream().filter(any -> random.nextInt(3) == 0).forEach(arriving::add);
      Collections.shuffle(arriving, random);
      assertThat(json(merged(arriving))).as("in the order %s", arriving).isEqualTo(expected);
    }
  }

  /** Merges in this order, and tries rejected ones again, as an indexer would, until none of them is taken. */
  private static ProductState merged(List<Update> updates) {
    ProductState state = ProductState.unknown(IntNode.valueOf(1));
    List<Update> left = updates;
    int before;
    do {
      before = left.size();
      List<Update> rejected = new ArrayList<>();
      for (Update update : left) {
        Merged merged = update.mergeInto(state);
        state = merged.state();
        if (merged.outcome() == REJECTED) {
          rejected.add(update);
        }
      }
      left = rejected;
    } while (!left.isEmpty() && left.size() < before);
    return state;
  }

  /** The product as the rules define it from the set of updates, whatever their order; null if there is none. */
  private static String whatTheRulesSay(List<Update> updates) {
    long deletedAt = latest(updates, Kind.DELETION);
    long fullReadAt = latest(updates, Kind.FULL);
    if (fullReadAt <= deletedAt) {
      return null;
    }
    Set<String> names = new TreeSet<>(Set.of("a", "b", "c"));
    updates.stream().filter(update -> update.kind() == Kind.FULL && update.readAt() == fullReadAt)
        .forEach(update -> names.retainAll(update.attributes().keySet()));
    updates.stream().filter(update -> update.kind() == Kind.PARTIAL && update.readAt() > fullReadAt)
        .forEach(update -> names.addAll(update.attributes().keySet()));
    TreeMap<String, JsonNode> attributes = new TreeMap<>();
    for (String name : names) {
      Optional<Update> winner = readsOf(updates, name).max(
          Comparator.comparingLong(Update::readAt).thenComparing(update -> canonical(update, name), Arrays::compareUnsigned));
      attributes.put(name, Json.parse(winner.orElseThrow().attributes().get(name)));
    }
    ObjectNode product = Json.MAPPER.createObjectNode().put("id", 1);
    return Json.write(product.setAll(attributes));
  }

  private static long latest(List<Update> updates, Kind kind) {
    return updates.stream().filter(update -> update.kind() == kind).mapToLong(Update::readAt).max().orElse(0);
  }

  private static Stream<Update> readsOf(List<Update> updates, String name) {
    return updates.stream().filter(update -> update.kind() != Kind.DELETION && update.attributes().containsKey(name));
  }

  private static byte[] canonical(Update update, String name) {
    return Json.canonical(Json.parse(update.attributes().get(name)));
  }
}
