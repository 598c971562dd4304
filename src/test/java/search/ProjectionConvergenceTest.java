package search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import event.EventCodec;
import event.IndexEvent;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import product.Change;
import product.ChangePage;
import product.Json;
import product.Product;
import search.SearchIndex.Checkpoint;
import search.SearchIndex.Document;
import store.MvProductStore;
import store.ProductStore.Applied;
import store.ProductStore.Update;

/** A store, an index that is rebuilt and rolled back, and a bus between them that loses, repeats and reorders. */
class ProjectionConvergenceTest {

  private static final int MANY = 1_000_000;
  private static final int PRODUCTS = 8;

  @Property(tries = 40)
  void everyLossRepetitionAndReorderingEndsInTheStateOfTheStore(@ForAll Random random) throws IOException {
    Path folder = Files.createTempDirectory("projection");
    try (World world = new World(folder, random)) {
      for (int step = 0; step < 45; step++) {
        world.step();
      }
      for (String rebuilt : List.of("as it is", "when what grew took its place")) {
        world.settle();
        assertThat(world.index.state().progress()).as(rebuilt).isNull();
        assertThat(world.index.state().failure()).as(rebuilt).isEmpty();
        assertThat(world.index.lag()).as(rebuilt).isZero();
        assertThat(world.index.checkpoint()).as(rebuilt).isEqualTo(new Checkpoint(world.store.epoch(), world.store.sequence()));
        assertThat(world.indexed()).as(rebuilt).isEqualTo(world.stored());
        world.change();
      }
    } finally {
      delete(folder);
    }
  }

  /** Everything that may happen, by chance. */
  private static final class World implements AutoCloseable {
    private final Path folder;
    private final Random random;
    private final List<IndexEvent> underWay = new ArrayList<>();
    private MvProductStore store;
    private Generations index;
    private int indexes;
    private long clock = 10;

    World(Path folder, Random random) {
      this.folder = folder;
      this.random = random;
      store = new MvProductStore(folder.resolve("products"), MANY);
      openIndex("index-0");
    }

    private void openIndex(String name) {
      index = new Generations("index", folder.resolve(name), "format", generation -> new Projection("index",
          new LuceneSearchIndex("index", generation, Schema.of(Schema.decimal("price"))), Set.of("*", "price"),
          ProjectionConvergenceTest::priceOf));
    }

    void step() throws IOException {
      switch (random.nextInt(36)) {
        case 0 -> restartStore();
        case 1 -> restartIndex();
        case 2 -> killIndex();
        case 3 -> backUpStore();
        case 4 -> restoreStore();
        case 5 -> catchUp();
        case 6 -> catchUp(random.nextInt(3));
        case 7 -> index.commitIfOlderThan(0);
        case 30, 31 -> change();
        case 32, 33, 34 -> grow(1 + random.nextInt(3));
        case 35 -> grow(MANY);
        case 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 -> deliver();
        default -> update();
      }
    }

    private void update() {
      clock += random.nextInt(3);
      String tag = List.of("*", "*", "price", "text").get(random.nextInt(4));
      List<Product> products = IntStream.range(0, random.nextInt(4)).mapToObj(any -> product(tag)).toList();
      List<String> deleted = random.nextInt(3) == 0 ? List.of(Integer.toString(random.nextInt(PRODUCTS))) : List.of();
      // Now and then an older read that comes late.
      long readAt = random.nextInt(4) == 0 ? clock - 3 : clock;
      Applied applied = store.apply(new Update(tag.equals("*"), readAt, products, deleted));
      List<Change> changes = applied.changes();
      for (int from = 0; from < changes.size(); from += 2) {
        List<Change> part = changes.subList(from, Math.min(changes.size(), from + 2));
        long last = part.get(part.size() - 1).sequence();
        underWay.add(new IndexEvent("id", List.of(tag), store.epoch(), part.get(0).sequence(), last, part));
      }
    }

    private Product product(String tag) {
      ObjectNode product = Json.MAPPER.createObjectNode().put("id", random.nextInt(PRODUCTS));
      if (!tag.equals("text")) {
        product.put("price", random.nextInt(100));
      }
      if (!tag.equals("price")) {
        product.put("text", random.nextInt(100));
      }
      return Product.of(product);
    }

    /** What is under way arrives as one bulk, but some of it is lost, late, repeated, or out of order. */
    private void deliver() {
      if (random.nextInt(4) == 0) {
        Collections.shuffle(underWay, random);
      }
      List<IndexEvent> arriving = new ArrayList<>();
      for (IndexEvent event : List.copyOf(underWay)) {
        int fate = random.nextInt(20);
        if (fate > 1) {
          arriving.add(EventCodec.decodeIndex(EventCodec.encodeIndex(event)));
        }
        if (fate == 3) {
          arriving.add(event);
        }
        if (fate != 1 && fate != 2) {
          underWay.remove(event);
        }
      }
      if (!index.applyEvents(arriving) && random.nextBoolean()) {
        catchUp(random.nextInt(4));
      }
    }

    /** Begins a rebuild or a rollback, unless one is under way. */
    void change() {
      Checkpoint before = index.checkpoint();
      try {
        if (random.nextBoolean()) {
          index.rebuild();
        } else {
          index.rollback();
        }
      } catch (GenerationException e) {
        assertThat(index.state()).matches(state -> state.progress() != null || state.previous() == null);
      }
      assertThat(index.checkpoint()).as("what answers goes on").isEqualTo(before);
    }

    /** Everything that wants to read the feed does; what had joined from a past that the store lost once more. */
    void settle() {
      for (int i = 0; i < 2; i++) {
        grow(MANY);
        catchUp();
      }
    }

    /** Has what grows read some pages of the feed. */
    void grow(int pages) {
      Generations.Growing growing = index.growing();
      if (growing.wanted()) {
        growing.beginCatchUp();
      }
      for (int i = 0; i < pages && growing.catchingUp(); i++) {
        page(growing.feedQuery(1 + random.nextInt(3)), growing::reset, growing::applyPage);
      }
    }

    /** Reads the feed to its end, as the routes do. */
    void catchUp() {
      catchUp(1_000);
      assertThat(index.catchingUp()).as("has read the feed to its end").isFalse();
    }

    /** Reads some pages of the feed, as the routes do; then it is away. Products go on changing meanwhile. */
    private void catchUp(int pages) {
      index.beginCatchUp();
      for (int page = 0; index.catchingUp() && page < pages; page++) {
        page(index.feedQuery(1 + random.nextInt(3)), index::reset, index::applyPage);
        if (pages < 1_000 && random.nextBoolean()) {
          update();
        }
      }
      if (pages < 1_000 && index.catchingUp()) {
        index.feedUnavailable("it is away");
      }
    }

    private void page(String query, Runnable reset, Consumer<ChangePage> apply) {
      Matcher asked = Pattern.compile("since=(\\d+)&limit=(\\d+)(?:&epoch=(.*))?").matcher(query);
      assertThat(asked.matches()).as(query).isTrue();
      long since = Long.parseLong(asked.group(1));
      if (asked.group(3) != null && !store.remembers(asked.group(3), since)) {
        reset.run();
      } else {
        ChangePage page = store.changes(since, Integer.parseInt(asked.group(2)), MANY);
        apply.accept(EventCodec.decodePage(EventCodec.encodePage(page)));
      }
    }

    private void restartStore() {
      store.close();
      store = new MvProductStore(folder.resolve("products"), MANY);
    }

    private void backUpStore() throws IOException {
      Files.createDirectories(folder.resolve("backup"));
      Files.copy(folder.resolve("products/products.mv"), folder.resolve("backup/products.mv"),
          StandardCopyOption.REPLACE_EXISTING);
    }

    /** The store loses what came after the last backup, or everything if there was none. */
    private void restoreStore() throws IOException {
      store.close();
      if (Files.exists(folder.resolve("backup"))) {
        Files.copy(folder.resolve("backup/products.mv"), folder.resolve("products/products.mv"),
            StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.delete(folder.resolve("products/products.mv"));
      }
      store = new MvProductStore(folder.resolve("products"), MANY);
    }

    private void restartIndex() {
      index.close();
      openIndex("index-" + indexes);
    }

    /** The index loses what it did not commit. */
    private void killIndex() throws IOException {
      Path killed = folder.resolve("index-" + indexes++);
      Path left = folder.resolve("index-" + indexes);
      try (Stream<Path> files = Files.walk(killed)) {
        for (Path file : files.filter(each -> !each.endsWith("write.lock")).toList()) {
          Files.copy(file, left.resolve(killed.relativize(file)));
        }
      }
      index.close();
      openIndex("index-" + indexes);
    }

    /** The documents as texts, by id; of an index that was opened again, which shows all that was written. */
    TreeMap<String, String> indexed() {
      restartIndex();
      TreeMap<String, String> documents = new TreeMap<>();
      for (Document document : index.read(read -> read.documents("", MANY))) {
        documents.put(document.id(), document.content().toString());
      }
      return documents;
    }

    /** What the documents should be. */
    TreeMap<String, String> stored() {
      TreeMap<String, String> products = new TreeMap<>();
      for (Change change : store.changes(0, MANY, MANY).changes()) {
        if (!change.deleted()) {
          products.put(change.id(), priceOf(change.product()).toString());
        }
      }
      return products;
    }

    @Override
    public void close() {
      index.close();
      store.close();
    }
  }

  private static ObjectNode priceOf(Product product) {
    ObjectNode content = Json.MAPPER.createObjectNode();
    content.set("price", product.attribute("price"));
    return content;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
