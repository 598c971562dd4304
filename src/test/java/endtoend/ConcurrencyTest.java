package endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many indexers at once on a source that does not hold still. */
class ConcurrencyTest {

  private static final int PRODUCTS = 2_000;
  private static final int RUNS_OF_EACH = 3;
  private static final List<String> COMMANDS = List.of("fullIndex", "priceIndex", "descriptionIndex");
  /** Fewer than the deletion guard minds. */
  private static final int MOST_DELETED = PRODUCTS / 10;

  private final long seed = Long.getLong("concurrency.seed", new Random().nextInt(1_000_000));

  @Test
  void afterOneLastRunOfEachCommandEverythingEqualsASourceThatChangedUnderManyRunsAtOnce(@TempDir Path folder) throws Exception {
    try (Backend backend = new Backend(folder)
        .with("sample.products", PRODUCTS).with("queue.chunk-size", 100).with("progress.interval-ms", 60_000)) {
      backend.start("broker");
      backend.start("services");
      assertThat(backend.index("fullIndex").status()).isZero();
      LogCapture log = new LogCapture();
      String url = "jdbc:h2:file:" + folder.resolve("source/shop") + ";AUTO_SERVER=TRUE";
      try (Source source = new Source(url); Source changed = new Source(url)) {
        Shop shop = new Shop(changed, new Random(seed));
        CompletableFuture<Void> shopkeeper = CompletableFuture.runAsync(shop);
        List<Backend.Process> indexers = new ArrayList<>();
        for (int run = 1; run <= RUNS_OF_EACH; run++) {
          for (String command : COMMANDS) {
            indexers.add(backend.launch(command, "queue.id", command + "-" + run));
          }
        }
        for (Backend.Process indexer : indexers) {
          // Prices and descriptions of products that no full index has brought yet are rejected.
          assertThat(indexer.awaitEnd()).as("exit status").isIn(0, 1);
        }
        log.close();
        // Indexers end while acknowledgements for others come.
        assertThat(log.stackTraces()).isEmpty();
        shop.close();
        shopkeeper.get(10, TimeUnit.SECONDS);
        assertThat(shop.changes).as("changes meanwhile").isGreaterThan(100);

        for (String command : COMMANDS) {
          Backend.Ended last = backend.index(command);
          assertThat(last.status()).as("%s", last.log().lines()).isZero();
        }
        backend.awaitIndexes();
        Map<String, ObjectNode> expected = source.products();
        assertThat(Differences.ofProducts(expected, backend.products())
            + Differences.ofIndexA(expected, backend.documents("index-a"))
            + Differences.ofIndexB(expected, backend.documents("index-b"))).as("differences, seed %d", seed).isEmpty();
        Backend.Ended verify = backend.index("verify");
        assertThat(verify.status()).as("%s", verify.log().lines()).isZero();
      }
    }
  }

  /** Changes, deletes, adds and brings back single products, one after the other, until it is closed. */
  private static final class Shop implements Runnable {
    private final Source source;
    private final Random random;
    private volatile boolean open = true;
    private volatile int changes;
    private int deleted;

    Shop(Source source, Random random) {
      this.source = source;
      this.random = random;
    }

    void close() {
      open = false;
    }

    @Override
    public void run() {
      try {
        while (open) {
          change(1 + random.nextInt(PRODUCTS + PRODUCTS / 10), random.nextInt(100));
          changes++;
        }
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }

    private void change(int id, int kind) throws SQLException {
      if (kind < 40) {
        source.update("update sample.price set amount = ? where product_id = ?", random.nextInt(1_000_000), id);
      } else if (kind < 60) {
        source.update("update sample.product set name = ? where id = ?", "Product " + random.nextInt(), id);
      } else if (kind < 80) {
        source.update("update sample.description set text = ? where product_id = ?", "Text " + random.nextInt(), id);
      } else if (kind < 82 && deleted < MOST_DELETED) {
        deleted += source.update("delete from sample.product where id = ?", id);
      } else if (source.update("insert into sample.product (id, name) select ?, ?"
          + " where not exists (select * from sample.product where id = ?)", id, "New " + id, id) == 1) {
        source.update("insert into sample.price (product_id, amount) values (?, ?)", id, random.nextInt(1_000_000));
      }
    }
  }
}
