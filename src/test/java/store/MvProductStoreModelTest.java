package store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import product.Change;
import product.Json;
import product.Product;
import product.ProductState;
import product.ProductState.Merged;
import product.ProductState.Outcome;
import store.ProductStore.Update;

/** The store on disk against the rules in memory: what it keeps of a product must be all that the rules need. */
class MvProductStoreModelTest {

  private static final int MANY = 1_000_000;

  /** An update, after which the store may be closed and opened. */
  private record Step(Update update, boolean reopen) {}

  /** What the store should hold. */
  private static final class Model {
    private final Map<String, ProductState> states = new HashMap<>();
    private final TreeMap<Long, String> feed = new TreeMap<>();
    private long sequence;

    void apply(Update update) {
      for (Product product : update.products()) {
        ObjectNode read = product.tree();
        ProductState state = state(product.attribute("id").asText());
        keep(read.get("id").asText(), update.full() ? state.mergeFull(read, update.readAt()) : state.mergePartial(read,
            update.readAt()));
      }
      update.deleted().forEach(id -> keep(id, state(id).mergeDeletion(update.readAt())));
    }

    private ProductState state(String id) {
      return states.getOrDefault(id, ProductState.unknown(TextNode.valueOf(id)));
    }

    private void keep(String id, Merged merged) {
      if (merged.outcome() != Outcome.REJECTED) {
        states.put(id, merged.state());
        feed.values().remove(id);
        feed.put(++sequence, id);
      }
    }

    List<String> feed() {
      List<String> texts = new ArrayList<>();
      feed.forEach((number, id) -> texts.add(number + " " + id + " " + states.get(id).product()));
      return texts;
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<String> attribute = Combinators.combine(Arbitraries.of("a", "b", "ë"),
        Arbitraries.of("1", "2.50", "2.5", "null", "\"ë\""))
        .as((name, value) -> "\"" + name + "\":" + value);
    Arbitrary<Product> product = Combinators.combine(Arbitraries.integers().between(1, 3), attribute.set().ofMaxSize(2))
        .as((id, attributes) -> {
          StringBuilder json = new StringBuilder("{\"id\":" + id);
          attributes.forEach(each -> json.append(',').append(each));
          return Product.of((ObjectNode) Json.parse(json.append('}').toString()));
        });
    Arbitrary<Update> update = Combinators.combine(
        Arbitraries.of(true, false), Arbitraries.longs().between(1, 8), product.list().ofMaxSize(3),
        Arbitraries.of("1", "2", "3").list().ofMaxSize(1)).as(Update::new);
    return Combinators.combine(update, Arbitraries.integers().between(0, 4)).as((each, chance) -> new Step(each, chance == 0))
        .list().ofMinSize(1).ofMaxSize(20);
  }

  @Property(tries = 60)
  void holdsWhatTheRulesSayWhateverComesAndWheneverItIsOpenedAgain(@ForAll("steps") List<Step> steps) throws IOException {
    Path folder = Files.createTempDirectory("products");
    Model model = new Model();
    MvProductStore store = new MvProductStore(folder, MANY);
    try {
      for (Step step : steps) {
        store.apply(step.update());
        model.apply(step.update());
        if (step.reopen()) {
          store.close();
          store = new MvProductStore(folder, MANY);
        }
        assertThat(texts(store.changes(0, MANY, MANY).changes())).isEqualTo(model.feed());
        assertThat(store.sequence()).isEqualTo(model.sequence);
        assertThat(store.count()).isEqualTo(model.states.values().stream().filter(ProductState::exists).count());
        assertThat(store.idsFullReadBefore(5, "", MANY)).containsExactlyInAnyOrderElementsOf(model.states.entrySet().stream()
            .filter(each -> each.getValue().exists() && each.getValue().fullReadAt() < 5).map(Map.Entry::getKey).toList());
      }
    } finally {
      store.close();
      delete(folder);
    }
  }

  private static List<String> texts(List<Change> changes) {
    return changes.stream().map(each -> each.sequence() + " " + each.id() + " " + each.product()).toList();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
