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

/** A store, an index, and a bus between them that loses, repeats and reorders. */
class ProjectionConvergenceTest {

  private static final int MANY = 1_000_000;
  private static final int PRODUCTS = 8;

  @Property(tries = 25)
  void everyLossRepetitionAndReorderingEndsInTheStateOfTheStore(@ForAll Random random) throws IOException {
    Path folder = Files.createTempDirectory("projection");
    try (World world = new World(folder, random)) {
      for (int step = 0; step < 45; step++) {
        world.step();
      }
      world.catchUp();
      assertThat(world.projection.lag()).isZero();
      assertThat(world.indexed()).isEqualTo(world.stored());
      assertThat(world.projection.index().checkpoint()).isEqualTo(new Checkpoint(world.store.epoch(), world.store.sequence()));
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
    private Projection projection;
    private int indexes;
    private long clock = 10;

    World(Path folder, Random random) {
      this.folder = folder;
      this.random = random;
      store = new MvProductStore(folder.resolve("products"), MANY);
      openIndex("index-0");
    }

    private void openIndex(String name) {
      LuceneSearchIndex index = new LuceneSearchIndex(folder.resolve(name), Schema.of(Schema.decimal("price")));
      projection = new Projection("index", index, Set.of("*", "price"), ProjectionConvergenceTest::priceOf);
    }

    void step() throws IOException {
      switch (random.nextInt(30)) {
        case 0 -> restartStore();
        case 1 -> restartIndex();
        case 2 -> killIndex();
        case 3 -> backUpStore();
        case 4 -> restoreStore();
        case 5, 6 -> catchUp();
        case 7 -> projection.commitIfOlderThan(0);
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
      if (!projection.applyEvents(arriving) && random.nextBoolean()) {
        catchUp();
      }
    }

    /** Reads the feed to its end, as the routes do. */
    void catchUp() {
      projection.beginCatchUp();
      for (int pages = 0; projection.catchingUp(); pages++) {
        assertThat(pages).as("pages").isLessThan(1_000);
        Checkpoint from = projection.index().checkpoint();
        if (!from.epoch().isEmpty() && !store.remembers(from.epoch(), from.sequence())) {
          projection.reset();
        } else {
          ChangePage page = store.changes(from.sequence(), 1 + random.nextInt(3), MANY);
          projection.applyPage(EventCodec.decodePage(EventCodec.encodePage(page)));
        }
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
      projection.close();
      openIndex("index-" + indexes);
    }

    /** The index loses what it did not commit. */
    private void killIndex() throws IOException {
      Path killed = folder.resolve("index-" + indexes++);
      Path left = Files.createDirectory(folder.resolve("index-" + indexes));
      try (Stream<Path> files = Files.list(killed)) {
        for (Path file : files.filter(each -> !each.endsWith("write.lock")).toList()) {
          Files.copy(file, left.resolve(file.getFileName()));
        }
      }
      projection.close();
      openIndex("index-" + indexes);
    }

    /** The documents as texts, by id; of an index that was opened again, which shows all that was written. */
    TreeMap<String, String> indexed() {
      restartIndex();
      TreeMap<String, String> documents = new TreeMap<>();
      for (Document document : projection.index().documents("", MANY)) {
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
      projection.close();
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
