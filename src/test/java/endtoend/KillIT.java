package endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills one process after another while the source changes, and holds everything against the source each time. Every five
 * rounds kill each of broker, product data service, index A, index B and indexer once, in random order:
 *
 * <pre>
 *   mvn verify                                              five rounds
 *   mvn test -Dtest=KillIT -Drounds=50                      fifty
 *   mvn test -Dtest=KillIT -Drounds=7 -Dkill.seed=123       what another run did
 * </pre>
 *
 * A seed decides how the source changes, what is killed, how much of which queue is left then, and how long it stays down. What
 * was under way at that moment is not decided by it. State and logs are kept when a round fails.
 */
class KillIT {

  /** What can be read while it runs: the test's own output is kept back until it ends. */
  private static final Path RECORD = Path.of("target", "kill-test.txt");

  private static final int PRODUCTS = 20_000;
  private static final int CHUNK_SIZE = 250;
  private static final int LONGEST_DOWN_MS = 1_000;
  private static final int MOST_RUNS = 3;

  private final long seed = Long.getLong("kill.seed", new Random().nextInt(1_000_000));
  private final int rounds = Integer.getInteger("rounds", 5);
  private Deployment deployment;
  private Shop shop;

  private static void record(String format, Object... values) throws IOException {
    Files.createDirectories(RECORD.getParent());
    Files.writeString(RECORD, String.format(Locale.ROOT, format, values), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Test
  void nothingIsLostWhicheverProcessIsKilled(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
    try (Deployment processes = new Deployment(folder, PRODUCTS, "queue.chunk-size", CHUNK_SIZE)) {
      deployment = processes;
      Files.deleteIfExists(RECORD);
      record("%d rounds of seed %d%n", rounds, seed);
      deployment.startServices();
      deployment.index("fullIndex");
      shop = new Shop(deployment.source());
      deployment.servesTheSource();
      int counted = 0;
      for (int number = 1; counted < rounds; number++) {
        assertThat(number).as("rounds, of which %d count", counted).isLessThan(2 * rounds + 5);
        Round round = new Round(number, victim(counted));
        try {
          counted += round.play() ? 1 : 0;
        } catch (Exception | AssertionError e) {
          throw new AssertionError(round + " of seed " + seed + ", state and logs in " + folder + ": " + e.getMessage(), e);
        }
      }
    }
  }

  /** What is killed after so many rounds, by the order of a shuffle for every five of them. */
  private String victim(int counted) {
    List<String> victims = new ArrayList<>(Deployment.SERVICES);
    victims.add("indexer");
    Collections.shuffle(victims, new Random(seed + counted / victims.size()));
    return victims.get(counted % victims.size());
  }

  /** One command under its queue id, which may take several runs. */
  private final class Command {
    private final String name;
    private final String queueId;
    private JavaProcess running;
    private int runs;

    Command(String name, int round) throws Exception {
      this.name = name;
      queueId = name + "-" + round;
      run();
    }

    void run() throws Exception {
      running = deployment.launchIndexer(name, queueId);
      runs++;
    }

    /** Resumes the queue until everything in it is done. */
    void finish() throws Exception {
      while (running.awaitEnd() != 0) {
        assertThat(runs).as("runs of %s: %s", queueId, running.output()).isLessThan(MOST_RUNS);
        run();
      }
      assertThat(deployment.kv().resolve("queue").resolve(queueId)).doesNotExist();
    }
  }

  private final class Round {
    private final int number;
    private final String victim;
    private final Random random;
    private String killed = "nothing";
    private int left;

    Round(int number, String victim) {
      this.number = number;
      this.victim = victim;
      random = new Random(seed * 1_000 + number);
    }

    /** Returns whether the round counts: a kill proves nothing when nothing was left to do. */
    boolean play() throws Exception {
      long start = System.nanoTime();
      shop.change(number, random);
      boolean ofFull = random.nextBoolean();
      double share = 0.1 + 0.85 * random.nextDouble();
      int downMs = random.nextInt(LONGEST_DOWN_MS);

      Command full = new Command("fullIndex", number);
      Command price = new Command("priceIndex", number);
      Command watched = ofFull ? full : price;
      deployment.awaitChunksLeft(watched.running, watched.queueId, share);
      boolean indexer = victim.equals("indexer");
      killed = indexer ? watched.queueId : victim;
      (indexer ? watched.running : deployment.service(victim)).close();
      left = deployment.chunksLeft(watched.queueId);
      // Not to wait for something: this is how long it is down.
      TimeUnit.MILLISECONDS.sleep(downMs);
      if (indexer) {
        watched.run();
      } else {
        deployment.start(victim);
      }
      full.finish();
      assertThat(full.runs).as("runs of a full index that was not killed itself").isEqualTo(indexer && ofFull ? 2 : 1);
      // Prices of products that no full index had brought yet were rejected, and kept for another run.
      price.finish();
      JavaProcess verify = deployment.launchVerify();
      deployment.servesTheSource();
      Deployment.endsWithZero(verify);
      record("%s, down for %d ms; %d runs of the full index, %d of the price index; equal after %.1f s%s%n",
          this, downMs, full.runs, price.runs, (System.nanoTime() - start) / 1e9, left > 0 ? "" : "; does not count");
      return left > 0;
    }

    @Override
    public String toString() {
      return "round " + number + ": killed " + killed + " with " + left + " chunks left in a queue";
    }
  }

  /** What the legacy system does to its products meanwhile. */
  private static final class Shop {
    private final Source source;
    private final List<Integer> living = new ArrayList<>();
    private final List<Integer> deleted = new ArrayList<>();
    private int last;

    Shop(Source source) throws SQLException {
      this.source = source;
      source.rows("select id from sample.product order by id").values().forEach(row -> living.add(row.path("id").intValue()));
      last = living.get(living.size() - 1);
    }

    /** Changes every price and name, deletes 1 % of the products and adds 1 %, half of them under ids deleted before. */
    void change(int round, Random random) throws SQLException {
      source.connection().setAutoCommit(false);
      // Every 53rd price becomes null.
      source.update("update sample.price set amount ="
          + " case when mod(product_id + ?, 53) > 0 then mod(product_id, 4999) + cast(? as decimal(9, 2)) end",
          round, BigDecimal.valueOf(round, 2));
      source.update("update sample.product set name = regexp_replace(name, ' No\\. [0-9]+$', '') || ' No. ' || ?", round);
      int percent = living.size() / 100;
      Collections.shuffle(deleted, random);
      List<Integer> added = new ArrayList<>(deleted.subList(0, Math.min(percent / 2, deleted.size())));
      deleted.removeAll(added);
      Collections.shuffle(living, random);
      List<Integer> gone = living.subList(living.size() - percent, living.size());
      for (int id : gone) {
        source.update("delete from sample.product where id = ?", id);
      }
      deleted.addAll(gone);
      gone.clear();
      while (added.size() < percent) {
        added.add(++last);
      }
      for (int id : added) {
        source.update("insert into sample.product (id, name) values (?, ?)", id, "Product " + id + " No. " + round);
        source.update("insert into sample.price (product_id, amount, currency) values (?, ?, 'EUR')", id, round);
        source.update("insert into sample.description (product_id, text) values (?, ?)", id, "<p>Of round " + round + "</p>");
      }
      living.addAll(added);
      source.connection().commit();
      source.connection().setAutoCommit(true);
    }
  }
}
