package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.h2.util.DateTimeUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How products that the database no longer has are found and deleted, and what keeps a wrong database from emptying the shop. */
@Timeout(90)
class SweepTest {

  private static final int PRODUCTS = 100;

  @TempDir
  private Path folder;

  private final ProductDataApi api = new ProductDataApi();
  private Backend backend;
  private Source source;

  @BeforeEach
  void startsBrokerAndServices() throws Exception {
    String url = "jdbc:h2:mem:" + folder.getFileName() + ";DB_CLOSE_DELAY=-1";
    backend = new Backend(folder.resolve("kv"))
        .with("source.url", url).with("sample.url", url).with("sample.products", PRODUCTS)
        .with("queue.chunk-size", 7).with("startup.retry-ms", 100).with("ack.retry-delay-ms", 50);
    source = new Source(url);
    backend.start("broker");
  }

  @AfterEach
  void stops() throws Exception {
    backend.close();
    api.close();
    source.execute("shutdown");
    source.close();
  }

  private Path queue(String id) {
    return folder.resolve("kv/queue").resolve(id);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private long sequence() {
    return backend.json("/status").at("/products/sequence").longValue();
  }

  private int count() {
    return backend.json("/status").at("/products/count").intValue();
  }

  /** All tombstones. */
  private List<String> deleted() {
    List<String> deleted = new ArrayList<>();
    JsonNode page = backend.json("/products/changes?limit=10000");
    page.path("changes").forEach(change -> {
      if (change.path("deleted").booleanValue()) {
        deleted.add(change.path("id").textValue());
      }
    });
    return deleted;
  }

  private Backend.Ended succeeds(String command, Object... keysAndValues) {
    Backend.Ended ended = backend.index(command, keysAndValues);
    assertThat(ended.status()).as("%s", ended.log().lines()).isZero();
    assertThat(ended.log().complaints()).isEmpty();
    return ended;
  }

  /** Checks that a run ended with that status, and said so in one line, and in another how to go on. */
  private static void ended(Backend.Ended ended, int status, String... reason) {
    assertThat(ended.status()).as("%s", ended.log().lines()).isEqualTo(status);
    assertThat(ended.log().stackTraces()).isEmpty();
    assertThat(ended.log().complaints()).hasSizeBetween(1, 2);
    assertThat(ended.log().complaints().get(0)).contains(reason).doesNotContain("\n").hasSizeLessThan(600);
  }

  // The sweep

  @Test
  void aFullIndexDeletesWhatTheDatabaseNoLongerListsAndOthersDoNot() throws Exception {
    backend.start("services");
    succeeds("fullIndex");
    source.update("delete from sample.product where id in (17, 18, 42)");

    succeeds("priceIndex");
    succeeds("fullIndex", "product.ids", "1,2,3");
    assertThat(count()).as("as before").isEqualTo(PRODUCTS);

    Backend.Ended full = succeeds("fullIndex", "queue.id", "FULL");
    assertThat(full.log().lines()).anyMatch(line -> line.contains("3 more products, which the database did not list"))
        .anyMatch(line -> line.matches("fullIndex: 100 products in .*, 3 deleted, 0 outdated, 0 rejected, 0 failed"));
    assertThat(deleted()).containsExactlyInAnyOrder("17", "18", "42");
    assertThat(queue("FULL")).doesNotExist();
    backend.awaitIndexes();
    for (String index : List.of("index-a", "index-b")) {
      assertThat(backend.documents(index)).as(index).hasSize(PRODUCTS - 3).doesNotContainKeys("17", "18", "42");
    }

    long before = sequence();
    Backend.Ended again = succeeds("fullIndex");
    assertThat(again.log().lines()).anyMatch(line -> line.matches("fullIndex: 97 products in .*, 0 deleted, .*"));
    assertThat(sequence()).as("nothing is swept twice").isEqualTo(before + PRODUCTS - 3);
  }

  @Test
  void aSweptProductThatTheDatabaseHasIsReadAgain() {
    backend.start("services");
    succeeds("fullIndex", "product-data.url", api.has(PRODUCTS).lists("5", "6").url());
    assertThat(sequence()).isEqualTo(PRODUCTS + 2);
    assertThat(count()).isEqualTo(PRODUCTS);
    assertThat(api.requests()).hasSize(2).last().asString().matches("/products/ids\\?fullReadBefore=\\d{16}&after=");
  }

  @Test
  void aLongSweepIsReadPageByPage() throws Exception {
    backend.with("sample.products", 2_300).with("queue.chunk-size", 500).with("delete.max-percent", 50).start("services");
    succeeds("fullIndex");
    source.update("delete from sample.product where id > 1200");
    Backend.Ended full = succeeds("fullIndex");
    assertThat(full.log().lines()).anyMatch(line -> line.matches("fullIndex: 2,300 products in .*, 1,100 deleted, .*"));
    assertThat(deleted()).hasSize(1_100).doesNotHaveDuplicates();
  }

  @Test
  void nothingIsSweptWhileAProductFailsAndTheSameQueueSweepsWhenItIsMended() throws Exception {
    backend.start("services");
    succeeds("fullIndex");
    source.execute("delete from sample.product where id = 17; create table stock as select 7 as id, 'seven' as amount");
    Path sql = file("bad-row.sql", """
        select p.id, p.name, cast(coalesce(s.amount, '1') as integer) as stock
        from sample.product p left join stock s on s.id = p.id""");

    Backend.Ended failed = backend.index("fullIndex", "queue.id", "Q", "index.sql", sql);
    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.log().lines(Level.ERROR).get(1)).contains("QUEUE_ID=Q", "then look for products to delete");
    assertThat(deleted()).isEmpty();
    assertThat(backend.index("fullIndex", "queue.id", "Q", "index.sql", sql).status()).as("still bad").isEqualTo(1);
    assertThat(deleted()).isEmpty();

    source.execute("update stock set amount = '7'");
    Backend.Ended mended = succeeds("fullIndex", "queue.id", "Q", "index.sql", sql);
    assertThat(mended.log().lines()).anyMatch(line -> line.contains("1 product in the queue Q"))
        .anyMatch(line -> line.matches("fullIndex: 2 products in .*, 1 deleted, .*"));
    assertThat(deleted()).containsExactly("17");
    assertThat(queue("Q")).doesNotExist();
  }

  @Test
  void aSweepThatCouldNotBeMadeIsMadeWhenTheQueueIsResumed() throws Exception {
    backend.start("services");
    succeeds("fullIndex");
    source.update("delete from sample.product where id = 17");

    ended(backend.index("fullIndex", "queue.id", "Q", "ack.patience-ms", 300,
        "product-data.url", api.has(PRODUCTS).answersIdsWith(503).url()),
        2, "the product data service did not answer at " + api.url(), "503", "is product-data.url right?");
    assertThat(api.requests()).as("patiently").hasSizeGreaterThan(3);
    assertThat(deleted()).isEmpty();
    assertThat(queue("Q").resolve("run.json")).content().contains("\"stage\" : \"index\"");

    long before = sequence();
    Backend.Ended resumed = succeeds("fullIndex", "queue.id", "Q");
    assertThat(resumed.log().lines()).anyMatch(line -> line.contains("0 products in the queue Q"));
    assertThat(sequence()).as("only the sweep").isEqualTo(before + 1);
    assertThat(deleted()).containsExactly("17");
    assertThat(queue("Q")).doesNotExist();
  }

  @Test
  void aSweepThatWasInterruptedGoesOnWithItsChunks() throws Exception {
    backend.start("services");
    succeeds("fullIndex");
    source.update("delete from sample.product where id between 11 and 30");
    // Acknowledges what is listed, and then no more, so that the sweep's chunks stay.
    try (Peer updates = Peer.subscriber(backend.brokerPort(), "update")) {
      Backend.Process indexer = backend.launch("fullIndex", "queue.id", "Q", "delete.max-percent", 25, "index.sql",
          file("slow.sql", "select p.id, p.name from sample.product p"), "publish.window", 1);
      await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(2))
          .until(() -> Files.exists(queue("Q").resolve("chunks/sweep-0000003-6.json")) || indexer.ended());
      indexer.stop();
      assertThat(updates.waiting()).isNotEmpty();
    }
    if (Files.exists(queue("Q"))) {
      assertThat(queue("Q").resolve("run.json")).content().contains("\"stage\" : \"sweep\"");
      succeeds("fullIndex", "queue.id", "Q", "delete.max-percent", 25);
    }
    assertThat(deleted()).containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(11, 30).mapToObj(Integer::toString).toList());
    assertThat(sequence()).as("nothing is done twice but a window").isBetween(200L, 214L);
  }

  @Test
  void aProductDataServiceWithoutApiIsNamedAtTheStartAndNothingIsLost() {
    backend.start("services");
    String nowhere = "http://127.0.0.1:" + Backend.freePorts(1)[0];
    ended(backend.index("priceIndex", "queue.id", "Q", "product-data.url", nowhere, "startup.patience-ms", 300),
        2, "the product data service did not answer at " + nowhere, "refused", "product-data.url");
    ended(backend.index("fullIndex", "product-data.url", "http://127.0.0.1:" + backend.brokerPort(), "startup.patience-ms", 300),
        2, "product-data.url");
    assertThat(sequence()).isZero();
    assertThat(queue("Q")).exists();
  }

  // The guard

  @Test
  void anEmptyDatabaseDoesNotEmptyTheShop() throws Exception {
    backend.start("services");
    succeeds("fullIndex");
    source.update("delete from sample.product");

    Backend.Ended stopped = backend.index("fullIndex", "queue.id", "Q");
    ended(stopped, 1, "would delete 100 of 100 products", "delete.max-percent = 20", "So far it has deleted 0");
    assertThat(stopped.log().complaints().get(1)).contains("The sweep is left in the queue", "QUEUE_ID=Q");
    assertThat(deleted()).as("not one").isEmpty();
    ended(backend.index("fullIndex", "queue.id", "Q", "delete.max-percent", 99), 1, "delete.max-percent = 99");
    assertThat(deleted()).isEmpty();

    succeeds("fullIndex", "queue.id", "Q", "delete.max-percent", 100);
    assertThat(count()).isZero();
  }

  @Test
  void aWrongDatabaseWithManyProductsOfItsOwnDoesNotEmptyTheShop() throws Exception {
    backend.start("services");
    succeeds("fullIndex");
    source.execute("""
        update sample.product set name = 'gone' where id <= 25;
        insert into sample.product (id, name) select x, 'other' from system_range(1001, 1900)""");
    Path ids = file("others.sql", "select p.id from sample.product p where p.name <> 'gone'");
    // Of the thousand products that there are then, 25 would be few.
    ended(backend.index("fullIndex", "source.ids-sql", ids), 1, "would delete 25 of 100 products");
    assertThat(count()).isEqualTo(1_000);
  }

  @Test
  void deletionsAreCountedOverResumes() throws Exception {
    backend.index("fullIndex", "queue.id", "Q", "startup.patience-ms", 200);
    source.update("delete from sample.product where id <= 14");
    api.has(PRODUCTS);
    try (Peer updates = Peer.subscriber(backend.brokerPort(), "update");
        Peer acks = Peer.publisher(backend.brokerPort(), "ack")) {
      Backend.Process indexer = backend.launch("fullIndex", "queue.id", "Q", "publish.window", 1, "ack.timeout-ms", 100,
          "ack.patience-ms", 500, "product-data.url", api.url());
      int deletions = 0;
      while (deletions < 14) {
        JsonNode update = Backend.parse(updates.next());
        deletions += update.at("/data/deleted").size();
        acks.send(Events.ack("a", update.path("id").textValue(), 0).toString());
      }
      assertThat(indexer.awaitEnd()).isEqualTo(2);
    }
    assertThat(Backend.parse(Files.readString(queue("Q").resolve("run.json"))).path("deleted").intValue()).isEqualTo(14);

    source.update("delete from sample.product where id <= 28");
    backend.start("services");
    ended(backend.index("fullIndex", "queue.id", "Q", "publish.window", 1), 1, "would delete 21 of 100 products",
        "So far it has deleted 14");
    assertThat(deleted()).isEmpty();

    succeeds("fullIndex", "queue.id", "Q", "delete.max-percent", 28);
    assertThat(deleted()).hasSize(14);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "20, 0"})
  void aRunOverOneProductMayDeleteItUnlessNoneMayBe(int maxPercent, int status) throws Exception {
    backend.with("sample.products", 3).start("services");
    succeeds("fullIndex");
    source.update("delete from sample.product where id = 2");
    assertThat(backend.index("fullIndex", "product.ids", "2", "delete.max-percent", maxPercent).status()).isEqualTo(status);
    assertThat(deleted()).hasSize(1 - status);
  }

  // Some products

  @Test
  void productIdsLimitEveryCommandToTheseProducts() throws Exception {
    backend.start("services");
    succeeds("fullIndex");
    source.execute("update sample.price set amount = 4711; update sample.product set name = 'new' where id < 50;"
        + "delete from sample.product where id = 4");
    long before = sequence();

    Backend.Ended prices = succeeds("priceIndex", "product.ids", " 1, 2,4 ");
    assertThat(prices.log().lines()).anyMatch(line -> line.matches("priceIndex: 3 products in .*, 1 deleted, .*"));
    assertThat(sequence()).isEqualTo(before + 3);
    assertThat(backend.json("/products/1").path("price").intValue()).isEqualTo(4711);
    assertThat(backend.json("/products/3").path("price").intValue()).isNotEqualTo(4711);
    assertThat(backend.json("/products/1").path("name").textValue()).isNotEqualTo("new");
    assertThat(deleted()).containsExactly("4");

    Path ids = file("ids.txt", String.join("\n", IntStream.rangeClosed(1, 20).mapToObj(Integer::toString).toList()) + "\n");
    Backend.Ended full = succeeds("fullIndex", "product.ids", "@" + ids);
    assertThat(full.log().lines()).anyMatch(line -> line.matches("fullIndex: 20 products in .*, 1 deleted, .*"));
    assertThat(sequence()).isEqualTo(before + 23);
    assertThat(backend.json("/products/20").path("name").textValue()).isEqualTo("new");
    assertThat(backend.json("/products/21").path("name").textValue()).isNotEqualTo("new");
  }

  @Test
  void idsThatTheDatabaseCannotHaveAreDeletedLikeOthersThatItLacks() {
    backend.start("services");
    succeeds("fullIndex");
    String strange = "abc,007,1.5,99999999999,-3,12345678901234567890,1E+5,1e999999999,5";
    Backend.Ended ended = succeeds("fullIndex", "product.ids", strange);
    assertThat(ended.log().lines()).anyMatch(line -> line.matches("fullIndex: 9 products in .*, 8 deleted, .*"));
    assertThat(deleted()).containsExactlyInAnyOrder("abc", "007", "1.5", "99999999999", "-3", "12345678901234567890", "1E+5",
        "1e999999999");
    assertThat(count()).isEqualTo(PRODUCTS);
    // All of them at once, so that nothing is left to ask the database.
    succeeds("priceIndex", "product.ids", "abc,def");
  }

  @Test
  void textIdsAreGivenAsTheyAre() throws Exception {
    backend.start("services");
    source.execute("create table item (id varchar(20) primary key, name varchar(20));"
        + "insert into item values ('17', 'a'), ('017', 'b'), ('x y', 'c'), ('a,b', 'd'), (' z', 'e')");
    Path list = file("list.sql", "select id from item");
    Path group = file("group.sql", "select id, name from item");
    succeeds("fullIndex", "source.ids-sql", list, "index.sql", group, "product.ids", "17, 017");
    assertThat(backend.json("/products/017").path("name").textValue()).isEqualTo("b");
    assertThat(count()).isEqualTo(2);
    succeeds("fullIndex", "source.ids-sql", list, "index.sql", group, "product.ids", "@" + file("ids.txt", "x y\r\na,b\n z"));
    assertThat(count()).isEqualTo(5);
    assertThat(backend.json("/products/a,b").path("name").textValue()).isEqualTo("d");
    assertThat(deleted()).isEmpty();
  }

  @Test
  void aQueueOfOtherProductIdsIsRefused() throws Exception {
    backend.index("fullIndex", "queue.id", "Q", "startup.patience-ms", 200, "product.ids", "1,2,3");
    for (String other : List.of("", "1,2", "3,2,1")) {
      ended(backend.index("fullIndex", "queue.id", "Q", "product.ids", other), 2,
          "the queue Q belongs to a run over other product.ids");
    }
    backend.index("fullIndex", "queue.id", "ALL", "startup.patience-ms", 200);
    ended(backend.index("fullIndex", "queue.id", "ALL", "product.ids", "1"), 2,
        "the queue ALL belongs to a run over all products");
    backend.start("services");
    succeeds("fullIndex", "queue.id", "Q", "product.ids", "@" + file("the-same.txt", "1\n2\n3\n"));
    assertThat(count()).isEqualTo(3);
  }

  @Test
  void wrongProductIdsAreToldInOneLine() throws Exception {
    for (String wrong : List.of("1,,2", ",", "1,", "@" + file("gap.txt", "1\n\n2\n"), "@" + folder.resolve("nowhere.txt"),
        "@" + file("empty.txt", ""), "@", "@" + folder)) {
      Backend.Ended ended = backend.index("fullIndex", "product.ids", wrong, "queue.id", "Q");
      ended(ended, 2, "Could not start: product.ids");
      assertThat(queue("Q")).doesNotExist();
    }
  }

  // Bad ids

  @Test
  void aProductWithAnEmptyOrTooLongIdFailsAlone() throws Exception {
    backend.start("services");
    source.execute("create table item (id varchar(1000) primary key, name varchar(20));"
        + "insert into item values ('a', 'a'), ('', 'b'), (repeat('x', 513), 'c'), (repeat('y', 512), 'd')");
    backend.with("source.ids-sql", file("list.sql", "select id from item"))
        .with("index.sql", file("group.sql", "select id, name from item"));
    Backend.Ended ended = backend.index("fullIndex", "queue.id", "Q");
    assertThat(ended.status()).as("%s", ended.log().lines()).isEqualTo(1);
    assertThat(ended.log().lines()).anyMatch(line -> line.matches("fullIndex: 4 products in .*, 2 failed"))
        .contains("  product '': id must have 1 to 512 characters, but has 0",
            "  product " + "x".repeat(80) + "…: id must have 1 to 512 characters, but has 513");
    assertThat(count()).isEqualTo(2);
    assertThat(Files.readString(queue("Q").resolve("failed/chunk-0000001-2.json"))).contains("\"\"", "x".repeat(513));

    assertThat(backend.index("fullIndex", "queue.id", "Q").status()).as("again, and just these").isEqualTo(1);
    assertThat(sequence()).isEqualTo(2);
    source.execute("update item set id = name where name in ('b', 'c')");
    succeeds("fullIndex");
    assertThat(count()).isEqualTo(4);
  }

  // Reading

  /** A function of the database, which hides a product from the first look at it. */
  public static final class FirstLook {
    private static final AtomicInteger LOOKS = new AtomicInteger();

    private FirstLook() {}

    public static boolean hidden(int id) {
      return id == 42 && LOOKS.incrementAndGet() == 1;
    }
  }

  @Test
  void aProductThatIsCreatedBetweenTheTwoLooksIsReadAgain() throws Exception {
    backend.start("services");
    source.execute("create alias hidden for '" + FirstLook.class.getName() + ".hidden'");
    succeeds("fullIndex", "index.sql", file("late.sql", "select p.id, p.name from sample.product p where not hidden(p.id)"));
    assertThat(FirstLook.LOOKS.get()).isGreaterThanOrEqualTo(2);
    assertThat(backend.json("/products/42").path("name").textValue()).isNotEmpty();
    assertThat(count()).isEqualTo(PRODUCTS);
  }

  @Test
  void timesWithoutZoneStayAsTheyAreWhereverTheIndexerRuns() throws Exception {
    backend.start("services");
    source.execute("""
        create table item (id integer primary key, at timestamp(6), at_zone timestamp(6) with time zone);
        insert into item values (1, '2026-01-02 03:04:00', '2026-01-02 03:04:00+01'), (2, '2026-07-02 03:04:05.123456', null),
          (3, null, '2026-07-02 03:04:05.5+00')""");
    Path list = file("list.sql", "select id from item");
    Path group = file("group.sql", "select id, at, at as \"At2\", at_zone from item");
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : List.of("America/New_York", "Asia/Kolkata", "UTC")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        DateTimeUtils.resetCalendar();
        succeeds("fullIndex", "source.ids-sql", list, "index.sql", group);
        assertThat(backend.get("/products/1").body()).as(zone).isEqualTo(
            "{\"id\":1,\"at\":\"2026-01-02T03:04:00\",\"at2\":\"2026-01-02T03:04:00\",\"at_zone\":\"2026-01-02T03:04+01:00\"}");
        assertThat(backend.json("/products/2").path("at").textValue()).as(zone).isEqualTo("2026-07-02T03:04:05.123456");
        assertThat(backend.json("/products/3").get("at").isNull()).isTrue();
      }
    } finally {
      TimeZone.setDefault(before);
      DateTimeUtils.resetCalendar();
    }
  }

  // Damaged files

  @ParameterizedTest
  @CsvSource({"run.json, the record", "chunks/chunk-0000003-7.json, the chunk"})
  void aDamagedQueueIsRefusedWithWhatToDo(String file, String what) throws Exception {
    backend.index("fullIndex", "queue.id", "Q", "startup.patience-ms", 200);
    Files.writeString(queue("Q").resolve(file), "{\"ids\":[1,");
    backend.start("services");
    ended(backend.index("fullIndex", "queue.id", "Q"), 2, what, file, "delete " + queue("Q"), "run the command again");
    assertThat(queue("Q").resolve("chunks")).isNotEmptyDirectory();
  }
}
