package routes.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import event.AckEvent;
import event.EventCodec;
import event.Limits;
import event.UpdateEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import product.Product;
import product.Rejection;
import queue.Chunk;
import routes.source.Read;

class UpdatesTest {

  private static final Set<String> COLUMNS = new LinkedHashSet<>(List.of("ID", "NAME", "PRICE"));

  private final Updates updates = new Updates("q1", List.of("price", "stock"));

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

  // Events

  @Test
  void carriesProductsAndDeletionsInEventsOfTheRun() {
    Read read = Read.tellMissing(read(chunk(1, 2), row(1, "Bag", 1)), List.of());
    List<UpdateEvent> events = updates.events(read);
    assertThat(events).allSatisfy(event -> {
      assertThat(event.queueId()).isEqualTo("q1");
      assertThat(event.tags()).containsExactly("price", "stock");
      assertThat(event.readAt()).isEqualTo(7);
    });
    assertThat(events).extracting(UpdateEvent::id).doesNotHaveDuplicates();
    assertThat(events.stream().flatMap(event -> json(event.products()).stream()))
        .containsExactly("{\"id\":1,\"name\":\"Bag\",\"price\":1}");
    assertThat(events.stream().flatMap(event -> event.deleted().stream())).containsExactly("2");
  }

  @Test
  void makesNoEventOfNothing() {
    assertThat(updates.events(new Read(7, COLUMNS))).isEmpty();
  }

  @Test
  void makesNoEventLargerThanItMayBe() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(row(i, "ë".repeat(10_000), 1));
    }
    Read read = Read.of(chunk(IntStream.range(0, 60).toArray()), 7, COLUMNS, rows);
    List<UpdateEvent> events = updates.events(read);
    assertThat(events).hasSizeBetween(4, 6);
    assertThat(events).allSatisfy(event -> assertThat(EventCodec.encodeUpdate(event).length()).isLessThanOrEqualTo(Limits.BYTES));
    assertThat(events.stream().flatMap(event -> event.products().stream()).toList()).isEqualTo(read.products()).hasSize(60);
  }

  @Test
  void addsWhatWasRejectedToWhatFailed() {
    Read read = read(chunk(1, 2), row(1, "Bag", 1), row(1, "Bag", 2), row(2, "Watch", 1));
    updates.takeRejected(read, new AckEvent("a", "e", 0, 0, List.of(new Rejection("2", "run a full index first"))));
    assertThat(read.failed()).extracting(Rejection::id).containsExactly("1", "2");
  }

  @Test
  void greetsWithAnUpdateOfNothing() {
    UpdateEvent greeting = updates.greeting();
    assertThat(EventCodec.decodeUpdate(EventCodec.encodeUpdate(greeting))).isEqualTo(greeting);
    assertThat(greeting.products()).isEmpty();
    assertThat(greeting.deleted()).isEmpty();
    assertThat(greeting.queueId()).isEqualTo("q1");
  }
}
