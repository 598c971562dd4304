package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.processor.errorhandler.DefaultErrorHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What becomes of a run that is interrupted, refused, or meets what it cannot read. */
@Timeout(90)
class QueueTest {

  @TempDir
  private Path folder;

  private final ProductDataApi api = new ProductDataApi();
  private Backend backend;
  private Source source;

  @BeforeEach
  void startsTheBroker() throws Exception {
    String url = "jdbc:h2:mem:" + folder.getFileName() + ";DB_CLOSE_DELAY=-1";
    backend = new Backend(folder.resolve("kv"))
        .with("source.url", url).with("sample.url", url).with("sample.products", 300)
        .with("queue.chunk-size", 10).with("publish.window", 2)
        .with("startup.retry-ms", 100).with("ack.retry-delay-ms", 50);
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

  /** All ids in the chunk files of a folder. */
  private static List<String> ids(Path chunks) throws IOException {
    List<String> ids = new ArrayList<>();
    if (Files.exists(chunks)) {
      try (Stream<Path> files = Files.list(chunks)) {
        for (Path file : files.sorted().toList()) {
          Backend.parse(Files.readString(file)).path("ids").forEach(id -> ids.add(id.asText()));
        }
      }
    }
    return ids;
  }

  /** Checks that a run could not go on, said so in readable lines, and gave that reason. */
  private static void couldNotRun(Backend.Ended ended, String... reason) {
    assertThat(ended.status()).as("%s", ended.log().lines()).isEqualTo(2);
    assertThat(ended.log().stackTraces()).isEmpty();
    List<String> errors = ended.log().lines(Level.ERROR);
    assertThat(errors).as("%s", ended.log().lines()).isNotEmpty().hasSizeLessThanOrEqualTo(2);
    assertThat(errors.get(0)).contains(reason).doesNotContain("\n", "\tat ").hasSizeLessThan(600);
    // One line says what is wrong; the other, if any, how to go on.
    if (errors.size() == 2) {
      assertThat(errors.get(1)).contains("left in the queue", "QUEUE_ID=");
    }
  }

  private static void succeeded(Backend.Ended ended) {
    assertThat(ended.status()).as("%s", ended.log().lines()).isZero();
  }

  /** Plays the product data service: acknowledges so many updates, and then is silent. */
  private List<String> acknowledge(Peer updates, int count) {
    List<String> acknowledged = new ArrayList<>();
    try (Peer acks = Peer.publisher(backend.brokerPort(), "ack")) {
      int left = count;
      while (left > 0) {
        JsonNode update = Backend.parse(updates.next());
        JsonNode products = update.at("/data/products");
        acks.send(Events.ack("ack", update.path("id").textValue(), products.size()).toString());
        if (!products.isEmpty()) {
          left--;
          products.forEach(product -> acknowledged.add(product.path("id").asText()));
        }
      }
      // The indexer has taken the last one off when its file is gone.
      await().atMost(20, TimeUnit.SECONDS).pollInterval(Duration.ofMillis(10))
          .until(() -> ids(queue("Q").resolve("chunks")).size() == 300 - acknowledged.size());
    }
    return acknowledged;
  }

  @Test
  void theSameQueueIdProcessesOnlyWhatIsLeftAfterTheIndexerWasStopped() throws Exception {
    List<String> acknowledged;
    try (Peer updates = Peer.subscriber(backend.brokerPort(), "update")) {
      Backend.Process indexer = backend.launch("fullIndex", "queue.id", "Q", "camel.main.shutdownTimeout", 1,
          "product-data.url", api.url());
      acknowledged = acknowledge(updates, 12);
      indexer.stop();
      assertThat(indexer.awaitEnd()).isEqualTo(2);
    }
    List<String> left = ids(queue("Q").resolve("chunks"));
    assertThat(acknowledged).hasSize(120);
    assertThat(left).hasSize(180).doesNotContainAnyElementsOf(acknowledged);

    backend.start("services");
    Backend.Ended resumed = backend.index("fullIndex", "queue.id", "Q");

    succeeded(resumed);
    assertThat(resumed.log().lines()).anyMatch(line -> line.contains("180 products in the queue Q"))
        .anyMatch(line -> line.matches("fullIndex: 180 products in .*"));
    assertThat(sequence()).isEqualTo(180);
    assertThat(acknowledged).allMatch(id -> backend.get("/products/" + id).statusCode() == 404);
    assertThat(left).allMatch(id -> backend.get("/products/" + id).statusCode() == 200);
    assertThat(queue("Q")).doesNotExist();

    Backend.Ended anew = backend.index("fullIndex", "queue.id", "Q");
    succeeded(anew);
    assertThat(anew.log().lines()).anyMatch(line -> line.contains("300 products in the queue Q"));
  }

  @Test
  void aRunWithoutAcknowledgementsEndsWhenItsPatienceDoesAndKeepsWhatIsLeft() throws Exception {
    List<String> acknowledged;
    Backend.Process indexer;
    Logger attempts = (Logger) LoggerFactory.getLogger(DefaultErrorHandler.class);
    attempts.setLevel(Level.DEBUG);
    try (Peer updates = Peer.subscriber(backend.brokerPort(), "update"); LogCapture log = new LogCapture()) {
      indexer = backend.launch("fullIndex", "queue.id", "Q", "ack.timeout-ms", 100, "ack.patience-ms", 600,
          "product-data.url", api.url());
      acknowledged = acknowledge(updates, 3);
      couldNotRun(new Backend.Ended(indexer.awaitEnd(), log), "product data service did not answer", "-Pservices");
      assertThat(log.lines(Level.ERROR).get(1)).contains("270 products are left in the queue", "QUEUE_ID=Q");
      assertThat(updates.waiting().size()).as("what was sent again and again meanwhile").isBetween(2, 30);
      // At debug level they would be harmless, if concurrent attempts did not change that level under each other.
      assertThat(log.lines()).as("attempts").noneMatch(line -> line.contains("Failed delivery"));
    } finally {
      attempts.setLevel(null);
    }
    assertThat(ids(queue("Q").resolve("chunks"))).hasSize(270).doesNotContainAnyElementsOf(acknowledged);
  }

  @Test
  void anAcknowledgementOfAnyAttemptSettlesTheChunk() throws Exception {
    try (Peer updates = Peer.subscriber(backend.brokerPort(), "update");
        Peer acks = Peer.publisher(backend.brokerPort(), "ack")) {
      Backend.Process indexer = backend.launch("fullIndex", "queue.id", "Q", "ack.timeout-ms", 100, "queue.chunk-size", 300,
          "product-data.url", api.url());
      JsonNode greeting = Backend.parse(updates.next());
      acks.send(Events.ack("a", greeting.path("id").textValue(), 0).toString());
      JsonNode first = Backend.parse(updates.next());
      while (first.at("/data/products").isEmpty()) {
        first = Backend.parse(updates.next());
      }
      JsonNode second = Backend.parse(updates.next());

      assertThat(second.path("id")).as("the same event, sent again").isEqualTo(first.path("id"));
      assertThat(second.at("/data/readAt")).isEqualTo(first.at("/data/readAt"));
      acks.send(Events.ack("b", first.path("id").textValue(), 300).toString());
      assertThat(indexer.awaitEnd()).isZero();
    }
  }

  @Test
  void badAcknowledgementsAreDroppedWithTheirReasonAndTheRunGoesOn() {
    try (Peer acks = Peer.publisher(backend.brokerPort(), "ack");
        Peer updates = Peer.subscriber(backend.brokerPort(), "update")) {
      backend.start("services");
      List<String> bad = List.of("{", Events.ack("a", "nobody's", 1).toString(),
          Events.with(Events.ack("a", "e", 1), "/data/stored", "-1"),
          Events.with(Events.ack("a", "e", 1), "/data/rejected", null),
          Events.with(Events.ack("a", "e", 1), "/data/rejected", "[{\"id\":\"1\"}]"));
      try (LogCapture log = new LogCapture()) {
        Backend.Process indexer = backend.launch("fullIndex");
        updates.next();
        bad.forEach(acks::send);
        assertThat(indexer.awaitEnd()).isZero();
        assertThat(log.stackTraces()).isEmpty();
        assertThat(log.complaints()).allMatch(line -> line.contains("indexer-receive-acknowledgement dropped a frame"));
      }
    }
    assertThat(backend.json("/status").at("/products/count").intValue()).isEqualTo(300);
  }

  @Test
  void aSecondIndexerOnTheSameQueueIsRefused() {
    Backend.Process first = backend.launch("fullIndex", "queue.id", "Q");
    await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(queue("Q").resolve("chunks")));

    couldNotRun(backend.index("fullIndex", "queue.id", "Q"), "another indexer works on the queue Q");

    backend.start("services");
    assertThat(first.awaitEnd()).isZero();
    assertThat(backend.json("/status").at("/products/count").intValue()).isEqualTo(300);
  }

  @Test
  void anotherCommandOrDatabaseOnTheSameQueueIsRefused() throws Exception {
    couldNotRun(backend.index("fullIndex", "queue.id", "Q", "startup.patience-ms", 200), "product data service");
    List<String> left = ids(queue("Q").resolve("chunks"));

    Backend.Ended price = backend.index("priceIndex", "queue.id", "Q");
    couldNotRun(price, "the queue Q belongs to fullIndex", "not to priceIndex");
    assertThat(price.log().lines(Level.ERROR)).as("what is left is another command's").hasSize(1);
    assertThat(queue("Q").resolve("stopped.json")).content().contains("product data service").doesNotContain("priceIndex");
    couldNotRun(backend.index("fullIndex", "queue.id", "Q", "product.ids", "1"), "the queue Q belongs to a run over all products");
    String other = "jdbc:h2:mem:other-" + folder.getFileName() + ";DB_CLOSE_DELAY=-1";
    couldNotRun(backend.index("fullIndex", "queue.id", "Q", "source.url", other, "sample.url", other), "the queue Q belongs to",
        "other-");

    assertThat(ids(queue("Q").resolve("chunks"))).hasSize(300).isEqualTo(left);
    backend.start("services");
    succeeded(backend.index("fullIndex", "queue.id", "Q"));
  }

  @Test
  void aPartialUpdateOfUnknownProductsIsRejectedByIdAndTriedAgainAfterAFullIndex() throws Exception {
    backend.start("services");
    source.execute("create schema if not exists sample");
    Backend.Ended rejected = backend.index("priceIndex", "queue.id", "PRICES");

    assertThat(rejected.status()).isEqualTo(1);
    assertThat(rejected.log().lines(Level.INFO))
        .anyMatch(line -> line.matches("priceIndex: 300 products in .* 300 rejected, 0 failed"));
    assertThat(rejected.log().lines(Level.ERROR)).anyMatch(line -> line.contains("run a full index first"))
        .anyMatch(line -> line.contains(queue("PRICES").resolve("failed").toString()) && line.contains("QUEUE_ID=PRICES"))
        .hasSizeLessThanOrEqualTo(22);
    assertThat(ids(queue("PRICES").resolve("chunks"))).isEmpty();
    assertThat(ids(queue("PRICES").resolve("failed"))).hasSize(300).doesNotHaveDuplicates();
    try (Stream<Path> files = Files.list(queue("PRICES").resolve("failed"))) {
      assertThat(files).hasSize(30).allSatisfy(file -> {
        JsonNode failed = Backend.parse(Files.readString(file));
        assertThat(failed.path("reasons")).hasSize(10);
        failed.path("ids").forEach(id -> assertThat(failed.path("reasons").path(id.asText()).textValue()).contains("full index"));
      });
    }
    JsonNode status = backend.json("/status").path("queues");
    assertThat(status).isEqualTo(Backend.parse(
        "[{\"id\":\"PRICES\",\"command\":\"priceIndex\",\"stage\":\"failed\",\"remaining\":0,\"failed\":300,\"total\":300}]"));

    succeeded(backend.index("fullIndex", "queue.id", "FULL"));
    long sequence = sequence();
    Backend.Ended again = backend.index("priceIndex", "queue.id", "PRICES");

    succeeded(again);
    assertThat(again.log().lines()).anyMatch(line -> line.contains("300 products in the queue PRICES"));
    assertThat(sequence()).isEqualTo(sequence + 300);
    assertThat(queue("PRICES")).doesNotExist();
  }

  @Test
  void aRowThatCannotBeReadFailsItsProductAlone() throws Exception {
    backend.start("services");
    source.execute("create table stock as select 7 as id, 'seven' as amount");
    Path sql = file("bad-row.sql", """
        select p.id, p.name, cast(coalesce(s.amount, '1') as integer) as stock
        from sample.product p left join stock s on s.id = p.id""");

    Backend.Ended ended = backend.index("fullIndex", "queue.id", "Q", "index.sql", sql);

    assertThat(ended.status()).as("%s", ended.log().lines()).isEqualTo(1);
    assertThat(ended.log().stackTraces()).isEmpty();
    assertThat(ended.log().lines()).anyMatch(line -> line.matches("fullIndex: 300 products in .* 0 rejected, 1 failed"));
    assertThat(ended.log().lines(Level.ERROR).get(0)).contains("product 7: its row cannot be read: ").contains("seven")
        .doesNotContain("\n");
    assertThat(ids(queue("Q").resolve("failed"))).containsExactly("7");
    assertThat(backend.get("/products/7").statusCode()).isEqualTo(404);
    assertThat(backend.json("/status").at("/products/count").intValue()).isEqualTo(299);
    assertThat(backend.json("/products/8").path("stock").intValue()).isEqualTo(1);

    // Mended, the same queue tries just that one.
    source.execute("update stock set amount = '7'");
    Backend.Ended again = backend.index("fullIndex", "queue.id", "Q", "index.sql", sql);
    succeeded(again);
    assertThat(again.log().lines()).anyMatch(line -> line.contains("1 product in the queue Q"));
    assertThat(backend.json("/products/7").path("stock").intValue()).isEqualTo(7);
    assertThat(sequence()).isEqualTo(300);
  }

  @Test
  void failedProductsAreTriedAgainWithTheSqlThatWasMendedForThem() throws Exception {
    backend.start("services");
    Path sql = file("group.sql", "select p.id, case p.id when 11 then x'00ff' end as picture from sample.product p");
    assertThat(backend.index("fullIndex", "queue.id", "Q", "index.sql", sql).status()).isEqualTo(1);

    file("group.sql", "select p.id, case p.id when 11 then '00ff' end as picture from sample.product p");
    Backend.Ended again = backend.index("fullIndex", "queue.id", "Q", "index.sql", sql);

    succeeded(again);
    assertThat(again.log().lines()).anyMatch(line -> line.contains("1 product in the queue Q"));
    assertThat(backend.json("/products/11").path("picture").textValue()).isEqualTo("00ff");
  }

  @Test
  void aDatabaseThatLostManyProductsDoesNotEmptyTheShop() throws Exception {
    backend.start("services");
    succeeded(backend.index("fullIndex"));
    couldNotRun(backend.index("fullIndex", "queue.id", "Q", "broker.port", Backend.freePorts(1)[0], "startup.patience-ms", 200),
        "no broker");
    source.update("delete from sample.product where id > 100");

    Backend.Ended stopped = backend.index("fullIndex", "queue.id", "Q");

    assertThat(stopped.status()).as("%s", stopped.log().lines()).isEqualTo(1);
    assertThat(stopped.log().lines(Level.ERROR).get(0)).contains("delete.max-percent = 20").doesNotContain("\n");
    assertThat(stopped.log().stackTraces()).isEmpty();
    assertThat(backend.json("/status").at("/products/count").intValue()).isBetween(240, 300);

    succeeded(backend.index("fullIndex", "queue.id", "Q", "delete.max-percent", 100));
    assertThat(backend.json("/status").at("/products/count").intValue()).isEqualTo(100);
    assertThat(backend.get("/products/101").statusCode()).isEqualTo(404);
  }

  @Test
  void aProductWithTwoRowsFailsAloneAndSoDoesOneWithAColumnThatCannotBeSent() throws Exception {
    backend.start("services");
    Path sql = file("two-rows.sql", """
        select p.id, p.name from sample.product p
        union all select 9, 'second' from sample.product p where p.id = 9""");
    Backend.Ended two = backend.index("fullIndex", "queue.id", "TWO", "index.sql", sql);
    assertThat(two.status()).isEqualTo(1);
    assertThat(two.log().lines(Level.ERROR).get(0)).contains("product 9: ", "2 rows");
    assertThat(ids(queue("TWO").resolve("failed"))).containsExactly("9");
    assertThat(backend.get("/products/9").statusCode()).isEqualTo(404);

    Path binary = file("binary.sql", "select p.id, case p.id when 11 then x'00ff' end as picture from sample.product p");
    Backend.Ended unsendable = backend.index("fullIndex", "queue.id", "BINARY", "index.sql", binary);
    assertThat(unsendable.status()).isEqualTo(1);
    assertThat(unsendable.log().lines(Level.ERROR).get(0)).contains("product 11: ", "PICTURE", "cast it");
    assertThat(ids(queue("BINARY").resolve("failed"))).containsExactly("11");

    Path large = file("large.sql", "select p.id, case p.id when 12 then repeat('x', 1100000) end as text from sample.product p");
    Backend.Ended tooLarge = backend.index("fullIndex", "queue.id", "LARGE", "index.sql", large);
    assertThat(tooLarge.status()).isEqualTo(1);
    assertThat(tooLarge.log().lines(Level.ERROR).get(0)).contains("product 12: ", "bytes");
  }

  @Test
  void largeProductsOfOneChunkTravelInSeveralEvents() throws Exception {
    backend.start("services");
    Path sql = file("large.sql", "select p.id, repeat(char(233), 100000) as text from sample.product p");
    // Ten products of 200 kB make a chunk of 2 MB.
    succeeded(backend.index("fullIndex", "index.sql", sql, "sample.products", 100));
    assertThat(backend.json("/products/100").path("text").textValue()).hasSize(100_000);
    assertThat(sequence()).isEqualTo(100);
  }

  @Test
  void aWrongConfigurationOrDatabaseIsToldInOneLine() throws Exception {
    backend.start("services");
    couldNotRun(backend.index("fullIndex", "source.url", "jdbc:h2:tcp://127.0.0.1:" + Backend.freePorts(1)[0] + "/x"),
        "source database jdbc:h2:tcp:", "cannot be reached", "source.url");
    couldNotRun(backend.index("fullIndex", "source.url", "jdbc:nosuch:x;password=s3cret"), "jdbc:nosuch:x;password=***",
        "cannot be reached");
    couldNotRun(backend.index("fullIndex", "source.url", "jdbc:postgresql://127.0.0.1:" + Backend.freePorts(1)[0] + "/x"),
        "cannot be reached", "refused");
    couldNotRun(backend.index("fullIndex", "source.password", "wrong"), "cannot be reached", "user name or password");
    couldNotRun(backend.index("fullIndex", "source.ids-sql", folder.resolve("nowhere.sql")), "source.ids-sql", "nowhere.sql",
        "cannot be read");
    couldNotRun(backend.index("fullIndex", "source.ids-sql", file("ids.sql", "select id from nowhere")), "source database",
        "NOWHERE");
    couldNotRun(backend.index("fullIndex", "index.sql", file("syntax.sql", "selct 1")), "source database", "SELCT");
    couldNotRun(backend.index("fullIndex", "index.sql", file("column.sql", "select p.id, p.nosuch from sample.product p")),
        "source database", "NOSUCH");
    couldNotRun(backend.index("fullIndex", "source.ids-sql", file("noid.sql", "select p.sku from sample.product p")),
        "column id");
    couldNotRun(backend.index("fullIndex", "index.sql", file("noid2.sql", "select p.sku from sample.product p")), "ID");
    couldNotRun(backend.index("fullIndex", "source.clock-sql", "select 1"), "source.clock-sql");
    couldNotRun(backend.index("fullIndex", "source.ids-sql", file("null.sql", "select cast(null as integer) as id")), "bad id");
    assertThat(sequence()).isZero();
    assertThat(backend.json("/status").path("queues")).as("only queues with something left").isNotEmpty()
        .allMatch(queue -> queue.path("remaining").intValue() == 300);
  }

  @Test
  void aStartThatFailsLeavesNoQueueBehind() throws Exception {
    couldNotRun(backend.index("fullIndex", "queue.id", "Q", "camel.main.javaRoutesIncludePattern",
        "routes/indexer/*,routes/source/*,routes/support/*"), "Could not start: ");
    assertThat(queue("Q")).doesNotExist();
    couldNotRun(backend.index("fullIndex", "queue.id", "Q", "source.ids-sql", file("ids.sql", "selct 1")), "selct 1");
    assertThat(queue("Q")).doesNotExist();
  }

  @Test
  void aWrongQueueNameIsRefusedAndNoPathEscapes() {
    for (String id : List.of("../escaped", "a/b", ".hidden", "a b", "-x", "ä", "x".repeat(101), "..")) {
      couldNotRun(backend.index("fullIndex", "queue.id", id, "startup.patience-ms", 200), "queue.id must be", "'" + id + "'");
    }
    assertThat(folder.resolve("kv/escaped")).doesNotExist();
    assertThat(folder.resolve("kv/queue/a")).doesNotExist();
  }

  @Test
  void aMissingBrokerOrProductDataServiceIsNamed() {
    couldNotRun(backend.index("fullIndex", "broker.port", Backend.freePorts(1)[0], "startup.patience-ms", 300),
        "no broker at 127.0.0.1:", "-Pbroker");
    couldNotRun(backend.index("fullIndex", "startup.patience-ms", 300), "product data service did not answer", "-Pservices");
  }

  @Test
  void aProductDataServiceThatCannotBeAskedAtTheStartIsNamedWhenThePatienceForStartsEnds() throws Exception {
    backend.start("services");
    String nobody = "http://127.0.0.1:" + Backend.freePorts(1)[0];
    // This one takes connections, and never answers.
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      for (String url : List.of(nobody, "http://127.0.0.1:" + silent.getLocalPort())) {
        long before = System.nanoTime();
        couldNotRun(backend.index("fullIndex", "product-data.url", url, "startup.patience-ms", 500),
            "the product data service did not answer at " + url, "product-data.url");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
      }
    }
  }

  @Test
  void theServicesOfAnotherCheckoutAreNamed() {
    backend.start("services");
    Backend.Ended own = backend.index("fullIndex");
    assertThat(own.log().complaints()).isEmpty();

    Path other = folder.resolve("other");
    Backend.Ended foreign = backend.index("fullIndex", "kv.folder", other);
    assertThat(foreign.log().complaints()).singleElement().asString().contains(
        "the product data service at " + backend.property("product-data.url") + " keeps its products in " + folder.resolve("kv"),
        "while the queue is in " + other, "broker.port");
  }

  @Test
  void aRunSurvivesTheRestartOfTheBrokerAndOfTheServices() {
    backend.with("sample.products", 12_000).with("ack.timeout-ms", 300);
    int port = Backend.freePorts(1)[0];
    Backend.Process broker = backend.start("broker", "broker.port", port);
    backend.with("broker.port", port);
    Backend.Process services = backend.start("services");
    Backend.Process indexer = backend.launch("fullIndex", "publish.window", 1);
    await().atMost(20, TimeUnit.SECONDS).pollInterval(Duration.ofMillis(10)).until(() -> sequence() >= 100);
    broker.stop();
    long before = sequence();
    await("the broker's port").atMost(20, TimeUnit.SECONDS).until(() -> isFree(port));
    backend.start("broker");
    await().atMost(20, TimeUnit.SECONDS).pollInterval(Duration.ofMillis(10)).until(() -> sequence() >= before + 100);
    services.stop();
    assertThat(indexer.ended()).as("the run is still going on").isFalse();
    backend.start("services");

    assertThat(indexer.awaitEnd()).isZero();
    backend.awaitIndexes();
    assertThat(backend.json("/status").at("/products/count").intValue()).isEqualTo(12_000);
    assertThat(backend.documents("index-a")).hasSize(12_000);
    assertThat(backend.documents("index-b")).hasSize(12_000);
  }

  @Test
  void theOrderInWhichProcessesStartDoesNotMatter() {
    int port = Backend.freePorts(1)[0];
    try (LogCapture log = new LogCapture()) {
      Backend.Process indexer = backend.launch("fullIndex", "broker.port", port);
      Backend.Process services = backend.launch("services", "broker.port", port);
      await().atMost(20, TimeUnit.SECONDS)
          .until(() -> log.lines().stream().anyMatch(line -> line.startsWith("Listening on") && line.endsWith("(rest)")));
      backend.start("broker", "broker.port", port);

      assertThat(indexer.awaitEnd()).as("%s", log.lines()).isZero();
      backend.awaitIndexes();
      assertThat(backend.documents("index-b")).hasSize(300);
      assertThat(services.ended()).isFalse();
      assertThat(log.stackTraces()).isEmpty();
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void anEmptyCatalogueIsIndexedAtOnce() throws Exception {
    backend.start("services");
    Backend.Ended ended = backend.index("fullIndex", "source.ids-sql",
        file("none.sql", "select p.id from sample.product p where 1 = 0"));
    succeeded(ended);
    assertThat(ended.log().lines()).anyMatch(line -> line.matches("fullIndex: 0 products in .*"));
  }
}
