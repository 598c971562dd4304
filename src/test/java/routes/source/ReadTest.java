package routes.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import event.Limits;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import product.Product;
import product.Rejection;
import queue.Chunk;
import routes.support.ConfigurationException;

class ReadTest {

  private static final Set<String> COLUMNS = new LinkedHashSet<>(List.of("ID", "NAME", "PRICE"));

  private static Chunk chunk(int... ids) {
    return new Chunk(IntStream.of(ids).<JsonNode>mapToObj(IntNode::valueOf).toList());
  }

  private static Map<String, Object> row(Object id, Object name, Object price) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("ID", id);
    row.put("NAME", name);
    row.put("PRICE", price);
    return row;
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private static Read read(Chunk chunk, Map<String, Object>... rows) {
    return Read.of(chunk, 7, COLUMNS, List.of(rows));
  }

  private static List<String> json(List<Product> products) {
    return products.stream().map(Product::json).toList();
  }

  private static List<String> text(List<JsonNode> ids) {
    return ids.stream().map(JsonNode::asText).toList();
  }

  // Rows

  @Test
  void makesAProductOfEachRowInTheOrderOfTheChunk() {
    Read read = read(chunk(1, 2), row(2L, "Bag", new BigDecimal("12.50")), row(1L, null, null));
    assertThat(json(read.products()))
        .containsExactly("{\"id\":1,\"name\":null,\"price\":null}", "{\"id\":2,\"name\":\"Bag\",\"price\":12.50}");
    assertThat(read.readAt()).isEqualTo(7);
    assertThat(read.isMissingSome()).isFalse();
    assertThat(read.deleted()).isEmpty();
    assertThat(read.failed()).isEmpty();
  }

  @Test
  void saysWhichIdsHaveNoRow() {
    Read read = read(chunk(1, 2, 3), row(2, "Bag", 1));
    assertThat(read.isMissingSome()).isTrue();
    assertThat(text(read.missing())).containsExactly("1", "3");
    assertThat(read.missingIds()).isEqualTo(chunk(1, 3));
    assertThat(json(read.products())).hasSize(1);
  }

  @Test
  void leavesRowsAloneThatItDidNotAskFor() {
    // As a database does that compares without regard to case.
    Read read = read(chunk(1), row(1, "Bag", 1), row(9, "Watch", 1));
    assertThat(json(read.products())).containsExactly("{\"id\":1,\"name\":\"Bag\",\"price\":1}");
    assertThat(read.isMissingSome()).isFalse();
  }

  @Test
  void refusesRowsUnderOtherIdsInPlaceOfThoseThatItAskedFor() {
    Read read = read(chunk(1, 2), row(1, "Bag", 1), row(9, "Watch", 1));
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> Read.tellMissing(read, List.of(Map.of("ID", 2))))
        .withMessageContaining("the id '9', which was not asked for, and nothing for '2'");
  }

  @Test
  void deletesAProductWhoseIdIsWrittenInAnotherWayNow() {
    Read read = read(chunk(1, 2), row(1, "Bag", 1), row("2.0", "Watch", 1));
    assertThat(Read.tellMissing(read, List.of(Map.of("ID", "2.0"))).deleted()).containsExactly("2");
  }

  @Test
  void failsAProductWhoseIdIsTooShortOrTooLong() {
    String tooLong = "x".repeat(513);
    Chunk chunk = new Chunk(List.of(TextNode.valueOf(""), TextNode.valueOf("a"), TextNode.valueOf(tooLong)));
    Read read = read(chunk, row("a", "Bag", 1), row("", "Nothing", 1));
    assertThat(json(read.products())).containsExactly("{\"id\":\"a\",\"name\":\"Bag\",\"price\":1}");
    assertThat(read.failed()).containsExactly(new Rejection("", "id must have 1 to 512 characters, but has 0"),
        new Rejection(tooLong, "id must have 1 to 512 characters, but has 513"));
    assertThat(read.isMissingSome()).isFalse();
  }

  @Test
  void takesAnIdThatIsListedTwiceForOne() {
    Read read = read(chunk(1, 2, 1), row(1, "Bag", 1), row(2, "Watch", 1));
    assertThat(read.isMissingSome()).as("its nulls would win").isFalse();
    assertThat(json(read.products()))
        .contains("{\"id\":1,\"name\":\"Bag\",\"price\":1}", "{\"id\":2,\"name\":\"Watch\",\"price\":1}");
  }

  @Test
  void failsAProductThatHasSeveralRowsAndReadsTheOthers() {
    Read read = read(chunk(1, 2), row(1, "Bag", 1), row(1, "Bag", 2), row(2, "Watch", 1));
    assertThat(read.failed()).containsExactly(new Rejection("1", "the SELECT gives 2 rows for it: it must give one"));
    assertThat(json(read.products())).containsExactly("{\"id\":2,\"name\":\"Watch\",\"price\":1}");
    assertThat(read.isMissingSome()).isFalse();
  }

  @Test
  void failsAProductThatDoesNotFitIntoAnEventAndReadsTheOthers() {
    Read read = read(chunk(1, 2, 3), row(1, "x".repeat(Limits.PRODUCT_BYTES), 1), row(2, "ë".repeat(Limits.PRODUCT_BYTES / 5), 1),
        row(3, "ë".repeat(Limits.PRODUCT_BYTES / 7), 1));
    assertThat(read.failed()).extracting(Rejection::id).containsExactly("1", "2");
    assertThat(read.failed()).allSatisfy(failed -> assertThat(failed.reason()).contains("at most " + Limits.PRODUCT_BYTES));
    assertThat(read.products()).extracting(product -> product.attribute("id").asText()).containsExactly("3");
  }

  @Test
  void failsAProductWithAColumnThatCannotBeSentAndReadsTheOthers() {
    Read read = read(chunk(1, 2), row(1, new byte[] {1}, 1), row(2, "Watch", 1));
    assertThat(read.failed()).singleElement().satisfies(failed -> {
      assertThat(failed.id()).isEqualTo("1");
      assertThat(failed.reason()).contains("column NAME").contains("cast it to a text");
    });
    assertThat(read.products()).hasSize(1);
  }

  @Test
  void refusesRowsWithoutId() {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> read(chunk(1), Map.of("SKU", 1)));
  }

  // What has no row

  @Test
  void sendsNullsForAProductThatIsThereAndDeletesOneThatIsNot() {
    Read read = read(chunk(1, 2, 3), row(1, "Bag", 1));
    Read told = Read.tellMissing(read, List.of(Map.of("ID", 3L)));
    assertThat(told.products()).hasSize(1);
    assertThat(told.deleted()).containsExactly("2");
    assertThat(told.livingIds()).isEqualTo(chunk(3));
    Read again = Read.readAgain(told, List.of());
    assertThat(again.products()).hasSize(2);
    assertThat(again.products().get(1)).isEqualTo(Product.ofJson("{\"id\":3,\"name\":null,\"price\":null}"));
  }

  @Test
  void takesTheRowOfAProductThatWasCreatedJustNow() {
    Read told = Read.tellMissing(read(chunk(1, 2)), List.of(Map.of("ID", 1), Map.of("ID", 2)));
    Read again = Read.readAgain(told, List.of(row(2, "Watch", 1)));
    assertThat(json(again.products())).containsExactlyInAnyOrder("{\"id\":2,\"name\":\"Watch\",\"price\":1}",
        "{\"id\":1,\"name\":null,\"price\":null}");
    assertThat(again.readAt()).as("no later than the first look").isEqualTo(7);
    assertThat(again.deleted()).isEmpty();
  }

  @Test
  void deletesAllThatTheDatabaseNoLongerLists() {
    Read told = Read.tellMissing(read(chunk(1, 2)), List.of());
    assertThat(told.products()).isEmpty();
    assertThat(told.deleted()).containsExactly("1", "2");
  }

  @Test
  void failsEveryProductOfAChunkWhoseRowsCannotBeRead() {
    Exchange failed = exchange(null);
    failed.setProperty(Exchange.EXCEPTION_CAUGHT, new RuntimeException(new SQLException("Data conversion error\nat line 1")));
    Read read = Read.unreadable(chunk(4), failed);
    assertThat(read.failed()).singleElement().satisfies(each -> {
      assertThat(each.id()).isEqualTo("4");
      assertThat(each.reason()).isEqualTo("its row cannot be read: Data conversion error");
    });
    assertThat(read.products()).isEmpty();
    assertThat(read.deleted()).isEmpty();
  }

  // Joining

  private static Exchange exchange(Object body) {
    Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    exchange.getMessage().setBody(body);
    return exchange;
  }

  private static Read joined(Read... parts) {
    Exchange joined = null;
    for (Read part : parts) {
      joined = Read.join(joined, exchange(part));
    }
    return joined.getMessage().getBody(Read.class);
  }

  private static Read part(long readAt, String deleted) {
    Read read = new Read(readAt, COLUMNS);
    read.deleted().add(deleted);
    return read;
  }

  @Test
  void joinsWhatWasReadProductByProduct() {
    Read failed = Read.unreadable(chunk(3), exchangeWith(new SQLException("bad row")));
    Read read = joined(read(chunk(1), row(1, "Bag", 1)), part(8, "2"), failed);
    assertThat(json(read.products())).containsExactly("{\"id\":1,\"name\":\"Bag\",\"price\":1}");
    assertThat(read.deleted()).containsExactly("2");
    assertThat(read.failed()).extracting(Rejection::id).containsExactly("3");
  }

  private static Exchange exchangeWith(Exception caught) {
    Exchange exchange = exchange(null);
    exchange.setProperty(Exchange.EXCEPTION_CAUGHT, caught);
    return exchange;
  }

  @Test
  void isAsOldAsItsOldestPart() {
    assertThat(joined(part(5, "a"), part(6, "b"), part(7, "c")).readAt()).isEqualTo(5);
    assertThat(joined(part(7, "a"), part(5, "b"), part(6, "c")).readAt()).as("when the clock was put back").isEqualTo(5);
  }

  @Test
  void takesNoAgeFromAPartThatCouldNotBeRead() {
    Read failed = Read.unreadable(chunk(3), exchangeWith(new SQLException("bad row")));
    assertThat(joined(failed, part(5, "a")).readAt()).isEqualTo(5);
    assertThat(joined(part(5, "a"), failed).readAt()).isEqualTo(5);
    assertThat(joined(failed, failed).readAt()).isZero();
  }
}
