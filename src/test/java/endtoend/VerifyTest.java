package endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import search.Generations;
import search.SearchIndex.Document;

/** Verify finds every difference that somebody made in any place, repairs it, and finds none where there is none. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class VerifyTest {

  /** Ids that databases, Java and Lucene sort differently, that mean something in a path, or look like another. */
  private static final List<String> IDS = List.of(
      "1", "01", "1.0", "10", "9", "a", "A", "ä", "a\u0308", "Z", "z z", " ", "SKU/1", "SKU%2F1", "a+b", "a;b", "a&b=c", "?", "#", "'",
      "\"x\"", "{{x}}", "木漏れ日", "🍂", "\uFFFD", "-1", "null", "changes", "ids", ".", "..", "x".repeat(512), "木".repeat(150));
  private static final int PRODUCTS = IDS.size() + 100;

  @TempDir
  private static Path folder;

  private Backend backend;
  private Backend.Process services;
  private Source source;

  @BeforeAll
  void indexesProducts() throws Exception {
    String url = "jdbc:h2:mem:verify-" + folder.getFileName() + ";DB_CLOSE_DELAY=-1";
    source = new Source(url);
    source.execute("""
        create table item (sku varchar(600) primary key, name varchar(100), description varchar(100), price decimal(12, 3),
          weight double, made timestamp);
        create table detail (sku varchar(600), size varchar(10))""");
    for (String id : IDS) {
      insert(id);
    }
    for (int i = 0; i < 100; i++) {
      insert("item-" + i);
    }
    backend = new Backend(folder.resolve("kv")).with("source.url", url)
        .with("source.ids-sql", file("ids.sql", "select sku as id from item"))
        .with("index.sql", file("full.sql", "select sku as id, name, description, price, weight, made from item"))
        .with("queue.chunk-size", 20).with("catch-up.page-size", 7).with("catch-up.interval-ms", 100)
        .with("delete.max-percent", 100).with("verify.recheck-delay-ms", 1);
    backend.start("broker");
    services = backend.start("services");
    assertThat(backend.index("fullIndex").status()).isZero();
  }

  @AfterAll
  void stops() throws Exception {
    backend.close();
    source.execute("shutdown");
    source.close();
  }

  private void insert(String id) throws Exception {
    source.update("insert into item values (?, ?, 'Nice', 12.500, 0.1, timestamp '2026-01-01 10:00:00')", id,
        "Item " + id.length());
  }

  private static Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Backend.Ended verify(Object... keysAndValues) {
    Backend.Ended ended = backend.index("verify", keysAndValues);
    assertThat(ended.log().stackTraces()).isEmpty();
    try (Stream<Path> files = Files.list(folder.resolve("kv/verify"))) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith("partition"))).isEmpty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return ended;
  }

  private void isEqual(int products, Object... keysAndValues) {
    Backend.Ended ended = verify(keysAndValues);
    assertThat(ended.status()).as("%s", ended.log().lines()).isZero();
    for (String place : List.of("product data", "index-a", "index-b")) {
      assertThat(ended.log().lines())
          .contains("verify: " + place + ": " + products + " equal, 0 missing, 0 stale, 0 orphaned");
    }
    assertThat(ended.log().lines()).anyMatch(line -> line.matches("verify: equal: " + products + " products? in [0-9.]+ s"));
    assertThat(ended.log().complaints()).isEmpty();
  }

  /** Checks that just that is found, and that indexing the product again mends it. */
  private void isFoundAndMended(String place, String verdict, String id) {
    isFound(place, verdict, id);
    assertThat(backend.index("fullIndex", "product.ids", id).status()).isZero();
    assertThat(verify("product.ids", id).status()).isZero();
  }

  /** Checks that just that is found. */
  private void isFound(String place, String verdict, String id) {
    Backend.Ended found = verify();
    assertThat(found.status()).as("%s", found.log().lines()).isEqualTo(1);
    List<String> places =
        found.log().lines().stream().filter(line -> line.matches("verify: (product data|index-.): .*")).toList();
    assertThat(places).hasSize(3).allSatisfy(line -> {
      String differing = line.startsWith("verify: " + place + ":") ? verdict : "none";
      for (String each : List.of("missing", "stale", "orphaned")) {
        assertThat(line).contains(each.equals(differing) ? "1 " + each + " (" + id + ")" : "0 " + each);
      }
    });
    assertThat(found.log().lines(Level.ERROR)).singleElement().asString()
        .matches("verify: drift: 1 of [0-9]+ products in .* s; .*drifted-[0-9-]+\\.txt lists it, -Dverify.repair=true indexes it again");
  }

  /** Checks that just that is found, and that verify repairs it. */
  private void isFoundAndRepaired(String place, String verdict, String id) {
    isFound(place, verdict, id);
    Backend.Ended repaired = verify("verify.repair", true);
    assertThat(repaired.status()).as("%s", repaired.log().lines()).isZero();
    assertThat(repaired.log().lines()).contains("fullIndex: 1 product in the queue " + queue(repaired))
        .anyMatch(line -> line.startsWith("verify: equal: "));
  }

  private static String queue(Backend.Ended ended) {
    return ended.log().lines().stream().filter(line -> line.contains(" in the queue ")).findFirst().orElse("")
        .replaceFirst(".* in the queue ", "");
  }

  @BeforeEach
  void isComplete() {
    backend.awaitIndexes();
  }

  @Test
  void everyPlaceEqualsItsSourceWhateverTheIds() {
    isEqual(PRODUCTS);
  }

  @Test
  void aDocumentOfALowerVersionWithEqualContentIsEqual() {
    JsonNode document = backend.documents("index-a").get("SKU/1");
    plant("index-a", List.of(new Document("SKU/1", document.path("version").longValue() - 1, content(document))), List.of());
    isEqual(PRODUCTS);
  }

  // Drift in the product data service

  private void update(ObjectNode event) {
    try (Peer updates = Peer.publisher(backend.brokerPort(), "update");
        Peer acks = Peer.subscriber(backend.brokerPort(), "ack")) {
      updates.send(event.toString());
      assertThat(Backend.parse(acks.next()).at("/data/stored").intValue()).isEqualTo(1);
    }
    backend.awaitIndexes();
  }

  private static long now() {
    return System.currentTimeMillis() * 1_000;
  }

  private JsonNode productInFeed(String id) {
    return backend.products().get(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"木漏れ日", "changes", ".."})
  void aProductThatTheProductDataServiceLostIsMissing(String id) {
    update(Events.deletion("lost", now(), id));
    isFoundAndRepaired("product data", "missing", id);
    assertThat(productInFeed(id)).isNotNull();
  }

  @Test
  void aProductThatOtherwiseNobodyKnowsIsOrphaned() {
    update(Events.update("orphan", "*", now(), "{\"id\":\"not in the source\",\"name\":\"x\"}"));
    isFoundAndMended("product data", "orphaned", "not in the source");
    assertThat(backend.documents("index-a")).doesNotContainKey("not in the source");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "price  | {\"id\":\"9\",\"price\":12.5}", "name   | {\"id\":\"9\",\"name\":null}", "colour | {\"id\":\"9\",\"colour\":null}"
  })
  void aProductOfWhichAnAttributeDiffersIsStale(String tag, String product) {
    update(Events.update("stale", tag, now(), product));
    isFoundAndMended("product data", "stale", "9");
  }

  // Drift in an index

  /** Writes into an index behind the back of its service. */
  private void plant(String index, List<Document> documents, List<String> deleted) {
    services.context().getRegistry().lookupByNameAndType(index, Generations.class).read(engine -> {
      engine.write(documents, deleted, engine.checkpoint());
      return null;
    });
    backend.awaitSearchers();
  }

  private static ObjectNode content(JsonNode document) {
    ObjectNode content = document.deepCopy();
    content.remove(List.of("id", "version"));
    return content;
  }

  @ParameterizedTest
  @CsvSource({"index-a, SKU/1", "index-b, ' '"})
  void aDocumentThatAnIndexLostIsMissing(String index, String id) {
    plant(index, List.of(), List.of(id));
    isFoundAndMended(index, "missing", id);
  }

  @ParameterizedTest
  @CsvSource({"index-a, description", "index-b, price"})
  void aDocumentWithOtherContentIsStale(String index, String field) {
    JsonNode document = backend.documents(index).get("🍂");
    ObjectNode other = content(document);
    other.set(field, Backend.parse(field.equals("price") ? "12.50" : "\"other\""));
    plant(index, List.of(new Document("🍂", document.path("version").longValue(), other)), List.of());
    isFoundAndRepaired(index, "stale", "🍂");
  }

  @ParameterizedTest
  @ValueSource(strings = {"index-a", "index-b"})
  void aDocumentOfAVersionThatThereIsNotYetIsStale(String index) {
    plant(index, List.of(new Document("item-1", 1_000_000, content(backend.documents(index).get("item-1")))), List.of());
    isFoundAndMended(index, "stale", "item-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"index-a", "index-b"})
  void aDocumentOfNoProductIsOrphaned(String index) {
    plant(index, List.of(new Document("nobody's", 1, content(backend.documents(index).get("item-1")))), List.of());
    isFoundAndRepaired(index, "orphaned", "nobody's");
  }

  @Test
  void anIndexThatLostEverythingIsRepaired() throws Exception {
    plant("index-a", List.of(), new ArrayList<>(backend.documents("index-a").keySet()));
    Backend.Ended ended = verify("verify.repair", true);
    assertThat(ended.status()).as("%s", ended.log().lines()).isZero();
    assertThat(ended.log().lines()).anyMatch(line -> line.startsWith("verify: index-a: 0 equal, " + PRODUCTS + " missing ("));
    assertThat(backend.documents("index-a")).hasSize(PRODUCTS);
  }

  // What the source has

  @Test
  void aChangeThatNoCommandHasReadYetIsDrift() throws Exception {
    source.update("update item set weight = 0.2 where sku = 'item-2'");
    isFoundAndMended("product data", "stale", "item-2");
    source.update("insert into item values ('new', 'New', null, null, null, null)");
    isFoundAndMended("product data", "missing", "new");
    source.update("delete from item where sku = 'new'");
    isFoundAndMended("product data", "orphaned", "new");
  }

  @Test
  void aProductThatIsListedButHasNoRowHasNulls() throws Exception {
    Path sql = file("joined.sql", "select i.sku as id, d.size from item i join detail d on d.sku = i.sku");
    source.execute("insert into detail select sku, 'L' from item where sku <> 'item-3'");
    try {
      assertThat(backend.index("fullIndex", "index.sql", sql).status()).isZero();
      assertThat(productInFeed("item-3").path("size").isNull()).isTrue();
      isEqual(PRODUCTS, "index.sql", sql);
    } finally {
      source.execute("delete from detail");
      assertThat(backend.index("fullIndex").status()).isZero();
    }
  }

  @Test
  void aProductThatTheSourceGivesTwiceDiffersWhateverIsDone() throws Exception {
    Path sql = file("twice.sql", "select sku as id, name, description, price, weight, made from item"
        + " union all select sku, name, description, price, weight, made from item where sku = 'item-4'");
    Backend.Ended ended = verify("index.sql", sql, "verify.repair", true);
    assertThat(ended.status()).as("%s", ended.log().lines()).isEqualTo(1);
    assertThat(ended.log().lines())
        .contains("verify: product data: " + (PRODUCTS - 1) + " equal, 0 missing, 1 stale (item-4), 0 orphaned")
        .anyMatch(line -> line.contains("product item-4: the SELECT gives 2 rows for it"));
  }

  @Test
  void attributesThatOtherCommandsBringCanBeLeftOut() {
    update(Events.update("stock", "stock", now(), "{\"id\":\"item-5\",\"stock\":3}"));
    assertThat(verify().status()).isEqualTo(1);
    isEqual(PRODUCTS, "verify.ignored-attributes", "colour, stock");
    assertThat(verify("verify.repair", true).status()).isZero();
  }

  @Test
  void numbersAreIdsAsTextsAre() throws Exception {
    source.execute("create table number (id decimal(20, 2) primary key, name varchar(10))");
    source.execute("insert into number values (1, 'one'), (-2.50, 'two'), (12345678901234567.89, 'three')");
    try (Backend other = new Backend(folder.resolve("numbers")).with("source.url", backend.property("source.url"))
        .with("source.ids-sql", file("number-ids.sql", "select id from number"))
        .with("index.sql", file("numbers.sql", "select id, name from number")).with("verify.recheck-delay-ms", 1)
        .with("delete.max-percent", 100)) {
      other.start("broker");
      other.start("services");
      assertThat(other.index("fullIndex").status()).isZero();
      assertThat(other.index("verify").status()).isZero();
      source.execute("update number set name = '2' where id = -2.50; delete from number where id = 1");
      Backend.Ended drift = other.index("verify");
      assertThat(drift.status()).isEqualTo(1);
      assertThat(drift.log().lines()).contains("verify: product data: 1 equal, 0 missing, 1 stale (-2.50), 1 orphaned (1.00)");
      assertThat(other.index("verify", "verify.repair", true).status()).isZero();
    }
  }

  // Some products

  @Test
  void itCanBeLimitedToSomeProducts() throws Exception {
    isEqual(3, "product.ids", "item-1,SKU/1, item-2");
    isEqual(2, "product.ids", "@" + file("some.txt", "木漏れ日\n \n"));

    plant("index-b", List.of(), List.of("item-6"));
    isEqual(1, "product.ids", "item-1");
    assertThat(verify("product.ids", "item-1,item-6").status()).isEqualTo(1);
    assertThat(verify("product.ids", "item-1,item-6", "verify.repair", true).status()).isZero();

    Backend.Ended unknown = verify("product.ids", "item-1,no such,neither");
    assertThat(unknown.status()).isZero();
    assertThat(unknown.log().complaints()).containsExactly("verify: 2 of the ids in product.ids are in no place");
  }

  // What cannot be compared

  private void couldNotCompare(String reason, Object... keysAndValues) {
    Object[] all = Stream.concat(Stream.of("verify.patience-ms", 300, "verify.repair", true), Stream.of(keysAndValues)).toArray();
    Backend.Ended ended = backend.index("verify", all);
    assertThat(ended.status()).as("%s", ended.log().lines()).isEqualTo(2);
    assertThat(ended.log().stackTraces()).isEmpty();
    assertThat(ended.log().lines(Level.WARN)).singleElement().asString()
        .contains(reason).doesNotContain("\n").hasSizeLessThan(400);
    assertThat(ended.log().lines()).noneMatch(line -> line.contains("fullIndex"));
  }

  @Test
  void aPlaceThatIsNotThereIsNamed() {
    String nowhere = "http://127.0.0.1:" + Backend.freePorts(1)[0];
    couldNotCompare("product data at " + nowhere + " cannot be reached", "product-data.url", nowhere);
    couldNotCompare("index-b at " + nowhere + " cannot be reached", "index-b.url", nowhere);
    couldNotCompare("the source database jdbc:h2:tcp:", "source.url", "jdbc:h2:tcp://" + nowhere.substring(7) + "/x");
    String broker = "http://127.0.0.1:" + backend.brokerPort();
    couldNotCompare("what is at " + broker + " does not answer as index-a should", "index-a.url", broker);
  }

  @Test
  void settingsThatDifferFromThoseOfTheServicesAreNamed() {
    couldNotCompare("index-b.facets is '' in the service at " + backend.property("index-b.url")
        + ", but 'brand,colour' here: verify needs the same", "index-b.facets", "brand,colour");
    couldNotCompare("index-a.document is 'routes.services.indexa.IndexADocument' in the service", "index-a.document",
        "routes.services.indexb.IndexBDocument");
  }

  @Test
  void anIndexThatLagsIsNamed() throws Exception {
    services.context().getRouteController().stopRoute("index-a-remind-of-catch-up");
    services.context().getRouteController().stopRoute("index-a-subscribe-changes");
    try {
      assertThat(backend.index("fullIndex", "product.ids", "item-1").status()).isZero();
      couldNotCompare("index-a has changes up to number");
    } finally {
      services.context().getRouteController().startRoute("index-a-subscribe-changes");
      services.context().getRouteController().startRoute("index-a-remind-of-catch-up");
    }
    backend.awaitIndexes();
    isEqual(PRODUCTS);
  }

  @Test
  void whatItCannotReadIsNamed() throws Exception {
    couldNotCompare("index-c.document", "verify.indexes", "index-a,index-c");
    couldNotCompare("index-c.url", "verify.indexes", "index-c", "index-c.document", "routes.services.indexa.IndexADocument");
    couldNotCompare("verify.sql must name a file with a SELECT", "index.sql", folder.resolve("none.sql"));
    couldNotCompare("the source database refused", "index.sql", file("bad.sql", "select sku as id, no_such_column from item"));
    couldNotCompare("product.ids", "product.ids", "@" + folder.resolve("none.txt"));
  }
}
