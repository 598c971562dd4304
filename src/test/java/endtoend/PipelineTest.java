package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Broker, services and indexers, each a process of its own, on the sample catalogue as it comes. Every test minds its own
 * products.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PipelineTest {

  @TempDir
  private static Path folder;

  private Backend backend;
  private Backend.Process services;
  private Source source;

  @BeforeAll
  void indexesTheSampleCatalogue() throws Exception {
    // Only by events: a look at the feed takes in changes of every group, whose events are still on their way.
    backend = new Backend(folder.resolve("kv")).with("catch-up.interval-ms", 3_600_000);
    backend.start("broker");
    services = backend.start("services");
    Backend.Ended full = backend.index("fullIndex");
    assertThat(full.status()).as("%s", full.log().lines()).isZero();
    assertThat(full.log().lines())
        .anyMatch(line -> line.matches("fullIndex: 1,000 products in .* 0 outdated, 0 rejected, 0 failed"));
    assertThat(full.log().complaints()).isEmpty();
    source = new Source("jdbc:h2:file:" + folder.resolve("kv/source/shop") + ";AUTO_SERVER=TRUE");
    backend.awaitIndexes();
  }

  @AfterAll
  void stops() throws Exception {
    if (source != null) {
      source.close();
    }
    backend.close();
  }

  private JsonNode product(Object id) {
    return backend.json("/products/" + id);
  }

  private Map<String, Long> versions(String index) {
    Map<String, Long> versions = new TreeMap<>();
    backend.documents(index).forEach((id, document) -> versions.put(id, document.path("version").longValue()));
    return versions;
  }

  private static ObjectNode only(JsonNode object, String... fields) {
    ObjectNode part = Backend.JSON.createObjectNode();
    for (String field : fields) {
      part.set(field, object.get(field));
    }
    return part;
  }

  /** Runs an index command that is expected to succeed, and waits until the indexes have all of it. */
  private Backend.Ended index(String command, Object... keysAndValues) {
    Backend.Ended ended = backend.index(command, keysAndValues);
    assertThat(ended.status()).as("%s", ended.log().lines()).isZero();
    backend.awaitIndexes();
    return ended;
  }

  /** Holds the product data service and both indexes against the database, product by product. */
  private void everythingEqualsTheDatabase() throws Exception {
    Map<String, ObjectNode> expected = source.products();
    Map<String, JsonNode> a = backend.documents("index-a");
    Map<String, JsonNode> b = backend.documents("index-b");
    assertThat(a.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    assertThat(b.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach((id, row) -> {
      assertThat(product(id)).isEqualTo(row);
      assertThat(only(a.get(id), "name", "description")).isEqualTo(only(row, "name", "description"));
      assertThat(only(b.get(id), "name", "price")).isEqualTo(only(row, "name", "price"));
    });
  }

  @Test
  void everyProductOfTheDatabaseIsServedAndIndexedWithoutAChange() throws Exception {
    assertThat(source.products()).hasSizeGreaterThanOrEqualTo(999);
    index("fullIndex");
    everythingEqualsTheDatabase();
  }

  @Test
  void aProductIsServedWithItsVersionAndOnlyOnceToWhoHasItAlready() {
    HttpResponse<String> first = backend.get("/products/17");
    String tag = first.headers().firstValue("ETag").orElseThrow();
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(tag).matches("\"[1-9][0-9]*\"");

    for (String known : List.of(tag, "W/" + tag, "\"0\", " + tag, "*")) {
      HttpResponse<String> again = backend.get("/products/17", "If-None-Match", known);
      assertThat(again.statusCode()).as(known).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(again.headers().firstValue("ETag")).hasValue(tag);
    }
    assertThat(backend.get("/products/17", "If-None-Match", "\"0\"").statusCode()).isEqualTo(200);
  }

  @Test
  void aPriceIndexChangesPricesInIndexBAndLeavesIndexAAlone() throws Exception {
    JsonNode before = product(21);
    Map<String, JsonNode> documentsOfA = backend.documents("index-a");
    long versionOfB = versions("index-b").get("21");
    source.update("update sample.price set amount = 1234567.89 where product_id = 21");
    // Another group's change, which a price index has no business with.
    source.update("update sample.product set name = 'Not read yet' where id = 21");
    try {
      index("priceIndex");

      assertThat(product(21)).isEqualTo(((ObjectNode) before.deepCopy()).put("price", new BigDecimal("1234567.89")));
      assertThat(backend.documents("index-a")).isEqualTo(documentsOfA);
      assertThat(backend.documents("index-b").get("21").path("price").decimalValue()).isEqualTo("1234567.89");
      assertThat(backend.documents("index-b").get("21").path("name")).isEqualTo(before.path("name"));
      assertThat(versions("index-b").get("21")).isGreaterThan(versionOfB);
      JsonNode found = backend.json("/index-b/search?minPrice=1234567.89&maxPrice=1234567.89");
      assertThat(found.path("total").intValue()).isEqualTo(1);
      assertThat(found.at("/hits/0/id").textValue()).isEqualTo("21");
    } finally {
      source.update("update sample.product set name = ? where id = 21", before.path("name").textValue());
    }
  }

  @Test
  void aDescriptionIndexChangesDescriptionsInIndexAAndLeavesIndexBAlone() throws Exception {
    JsonNode before = product(22);
    Map<String, JsonNode> documentsOfB = backend.documents("index-b");
    long versionOfA = versions("index-a").get("22");
    String text = "<p>Zwölf Boxkämpfer &amp; \"Eichhörnchen\" jagen\tViktor 🥊\\ quer\r\nüber den Sylter Deich</p>";
    source.update("update sample.description set text = ? where product_id = 22", text);

    index("descriptionIndex");

    assertThat(product(22)).isEqualTo(((ObjectNode) before.deepCopy()).put("description", text));
    assertThat(backend.documents("index-b")).isEqualTo(documentsOfB);
    assertThat(backend.documents("index-a").get("22").path("description").textValue()).isEqualTo(text);
    assertThat(versions("index-a").get("22")).isGreaterThan(versionOfA);
    JsonNode found = backend.json("/index-a/search?q=" + Backend.encode("boxkämpfer eichhörnchen"));
    assertThat(found.at("/hits/0/id").textValue()).isEqualTo("22");
  }

  @Test
  void aPriceThatIsNullIsNullEverywhereAndFoundInNoRange() throws Exception {
    source.update("update sample.price set amount = null where product_id = 23");

    index("priceIndex");

    assertThat(product(23).get("price").isNull()).isTrue();
    assertThat(product(23).path("currency").isTextual()).isTrue();
    assertThat(backend.documents("index-b").get("23").get("price").isNull()).isTrue();
    assertThat(idsFound("/index-b/search?minPrice=0&size=100&sort=price")).doesNotContain("23");
  }

  @Test
  void aLivingProductWithoutARowInTheGroupGetsNullsForTheGroupAlone() throws Exception {
    Path sql = Files.writeString(folder.resolve("inner.sql"),
        "select product_id as id, amount as price, currency from sample.price;\n");
    JsonNode before = product(24);
    source.update("delete from sample.price where product_id = 24");

    index("priceIndex", "index.sql", sql);

    assertThat(product(24)).isEqualTo(((ObjectNode) before.deepCopy()).putNull("price").putNull("currency"));
    assertThat(backend.documents("index-b").get("24").get("price").isNull()).isTrue();
  }

  @Test
  void textsAndNumbersArriveDigitByDigitAndCharacterByCharacter() throws Exception {
    String text = "<b class=\"x\">\u0001 A&amp;B &lt;3 'q' \"q\" \\ / \t\r\n \u2028 é e\u0301 ￿ 木漏れ日 👩‍👩‍👧‍👦 𝒳 \uFEFF</b>";
    source.update("insert into sample.product (id, sku, name, brand, colour) values (5001, null, ?, '', ' ')", text);
    source.update("insert into sample.price (product_id, amount, currency) values (5001, 0.10, null)");
    Path sql = Files.writeString(folder.resolve("exact.sql"), """
        select p.id, p.name, p.brand, p.colour, c.amount as price, c.currency,
          cast(12345678901234567890.1234567890 as decimal(40, 10)) as exact,
          cast(9007199254740993 as bigint) as beyond_double,
          cast(-0.00 as decimal(5, 2)) as zero,
          cast(1E+10 as decimal(20)) as whole
        from sample.product p left join sample.price c on c.product_id = p.id
        -- a comment at the end""");

    index("fullIndex", "index.sql", sql);

    String raw = backend.get("/products/5001").body();
    assertThat(product(5001).path("name").textValue()).isEqualTo(text);
    assertThat(product(5001).path("brand").textValue()).isEmpty();
    assertThat(product(5001).path("colour").textValue()).isEqualTo(" ");
    assertThat(product(5001).get("currency").isNull()).isTrue();
    assertThat(raw)
        .contains("\"price\":0.10,")
        .contains("\"exact\":12345678901234567890.1234567890,")
        .contains("\"beyond_double\":9007199254740993,")
        .contains("\"zero\":0.00}")
        .contains("\"whole\":10000000000,");
    assertThat(backend.documents("index-a").get("5001").path("name").textValue()).isEqualTo(text);
    assertThat(backend.documents("index-b").get("5001").path("price").decimalValue()).isEqualTo("0.10");

    // The group of these columns is no more: a full index with the usual one removes them.
    index("fullIndex");
    assertThat(product(5001).has("exact")).isFalse();
    everythingEqualsTheDatabase();
  }

  @Test
  void aProductThatIsDeletedBetweenListingAndReadingIsGoneEverywhere() throws Exception {
    source.update("insert into sample.product (id, name) values (6001, 'Ephemera')");
    index("fullIndex");
    assertThat(idsFound("/index-a/search?q=ephemera")).containsExactly("6001");
    Backend.Ended listed = backend.index("fullIndex", "queue.id", "LISTED", "product.ids", "25,26,6001",
        "broker.port", Backend.freePorts(1)[0], "startup.patience-ms", 200);
    assertThat(listed.status()).isEqualTo(2);
    source.update("delete from sample.product where id = 6001");

    Backend.Ended ended = index("fullIndex", "queue.id", "LISTED", "product.ids", "25,26,6001");

    assertThat(ended.log().lines()).anyMatch(line -> line.contains("3 products in the queue LISTED"));
    assertThat(backend.get("/products/6001").statusCode()).isEqualTo(404);
    assertThat(product(25).path("id").intValue()).isEqualTo(25);
    assertThat(backend.documents("index-a")).containsKeys("25", "26").doesNotContainKey("6001");
    assertThat(backend.documents("index-b")).containsKeys("25", "26").doesNotContainKey("6001");
    JsonNode last = backend.json("/products/changes?since=" + (backend.json("/status").at("/products/sequence").longValue() - 1));
    assertThat(last.at("/changes/0/id").textValue()).isEqualTo("6001");
    assertThat(last.at("/changes/0/deleted").booleanValue()).isTrue();
    assertThat(last.at("/changes/0").has("product")).isFalse();
    assertThat(folder.resolve("kv/queue/LISTED")).doesNotExist();
  }

  @Test
  void thePagesOfTheFeedJoinToEveryProductOnceInTheOrderOfTheirNumbers() {
    List<JsonNode> joined = new ArrayList<>();
    long since = 0;
    boolean more = true;
    while (more) {
      JsonNode page = backend.json("/products/changes?limit=93&since=" + since);
      page.path("changes").forEach(joined::add);
      assertThat(page.path("changes").size()).isBetween(1, 93);
      assertThat(page.path("lastSequence").longValue()).isEqualTo(joined.get(joined.size() - 1).path("sequence").longValue());
      since = page.path("lastSequence").longValue();
      more = page.path("more").booleanValue();
    }

    JsonNode status = backend.json("/status");
    assertThat(since).isEqualTo(status.at("/products/sequence").longValue());
    assertThat(joined.stream().map(change -> change.path("sequence").longValue())).isSorted().doesNotHaveDuplicates();
    assertThat(joined.stream().map(change -> change.path("id").textValue())).doesNotHaveDuplicates();
    List<JsonNode> living = joined.stream().filter(change -> !change.path("deleted").booleanValue()).toList();
    assertThat(living).hasSize(status.at("/products/count").intValue());
    living.stream().limit(50).forEach(change -> {
      HttpResponse<String> served = backend.get("/products/" + change.path("id").textValue());
      assertThat(Backend.parse(served.body())).isEqualTo(change.path("product"));
      assertThat(served.headers().firstValue("ETag")).hasValue("\"" + change.path("sequence") + "\"");
    });

    JsonNode end = backend.json("/products/changes?since=" + since);
    assertThat(end.path("changes")).isEmpty();
    assertThat(end.path("lastSequence").longValue()).isEqualTo(since);
    assertThat(end.path("more").booleanValue()).isFalse();
  }

  @Test
  void theStatusCountsProductsDocumentsAndQueues() throws Exception {
    JsonNode status = backend.json("/status");
    int count = source.rows("select id from sample.product").size();
    assertThat(status.at("/products/count").intValue()).isBetween(count - 2, count);
    assertThat(status.at("/products/epoch").textValue()).isNotEmpty();
    Map<String, Integer> documents = new TreeMap<>();
    status.path("indexes").forEach(index -> documents.put(index.path("name").textValue(), index.path("documents").intValue()));
    assertThat(documents).isEqualTo(Map.of(
        "index-a", status.at("/products/count").intValue(), "index-b", status.at("/products/count").intValue()));
    assertThat(status.path("queues").isArray()).isTrue();
  }

  @Test
  void productsAreRankedByTheirNamesBeforeTheirDescriptions() throws Exception {
    source.update("insert into sample.product (id, name) values (7001, 'Plain thing'), (7002, 'Quokka lamp')");
    source.update("insert into sample.description (product_id, text)"
        + " values (7001, '<p>Shaped like a quokka.</p>'), (7002, '<p>A lamp.</p>')");
    index("fullIndex");

    JsonNode found = backend.json("/index-a/search?q=QUOKKA");

    assertThat(found.path("total").intValue()).isEqualTo(2);
    assertThat(ids(found)).containsExactly("7002", "7001");
    assertThat(found.at("/hits/0/score").doubleValue()).isGreaterThan(found.at("/hits/1/score").doubleValue());
    assertThat(found.at("/hits/0/name").textValue()).isEqualTo("Quokka lamp");
  }

  @Test
  void markupIsNotFoundAsWords() {
    assertThat(idsFound("/index-a/search?q=p+")).isEmpty();
    assertThat(idsFound("/index-a/search?q=li+ul+")).isEmpty();
    assertThat(idsFound("/index-a/search?q=nbsp+")).isEmpty();
  }

  @Test
  void indexBSortsByExactPriceAndPages() throws Exception {
    Map<String, ObjectNode> rows = source.rows("select product_id as id, amount from sample.price where amount is not null");
    List<String> prices = new ArrayList<>();
    for (int page = 1; page <= 3; page++) {
      JsonNode found = backend.json("/index-b/search?minPrice=20&maxPrice=70.5&sort=-price&size=40&page=" + page);
      found.path("hits").forEach(hit -> prices.add(hit.path("price").asText()));
      assertThat(found.path("page").intValue()).isEqualTo(page);
    }
    List<BigDecimal> expected = rows.values().stream().map(row -> row.path("amount").decimalValue())
        .filter(price -> price.compareTo(new BigDecimal("20")) >= 0 && price.compareTo(new BigDecimal("70.5")) <= 0)
        .sorted(Comparator.reverseOrder()).limit(120).toList();
    assertThat(prices).hasSize(120).isEqualTo(expected.stream().map(BigDecimal::toPlainString).toList());
  }

  @Test
  void restartedServicesGoOnFromWhatTheyHad() {
    JsonNode before = backend.json("/status");
    Map<String, JsonNode> documentsOfA = backend.documents("index-a");
    String product = backend.get("/products/30").body();

    services.stop();
    // Alone, and with nobody to read a feed from: what it has is what it kept.
    int[] port = Backend.freePorts(2);
    String nowhere = "http://127.0.0.1:" + port[1];
    try (Backend.Process alone = backend.start("indexA", "rest.port", port[0], "product-data.url", nowhere)) {
      JsonNode kept = backend.json(port[0], "/status");
      assertThat(kept.at("/indexes/0/checkpoint")).isEqualTo(before.at("/products/sequence"));
      assertThat(backend.documents(port[0], "index-a")).isEqualTo(documentsOfA);
      assertThat(kept.has("products")).isFalse();
      assertThat(alone.ended()).isFalse();
    }
    try (LogCapture log = new LogCapture()) {
      // More than once, because nothing changes in between.
      for (int restart = 1; restart <= 3; restart++) {
        services = backend.start("services");
        backend.awaitIndexes();
        assertThat(backend.documents("index-b")).as("restart %d", restart).hasSize(documentsOfA.size());
        if (restart < 3) {
          services.stop();
        }
      }
      assertThat(log.complaints()).isEmpty();
    }

    JsonNode after = backend.json("/status");
    assertThat(after.at("/products/sequence")).isEqualTo(before.at("/products/sequence"));
    assertThat(after.at("/products/epoch")).isNotEqualTo(before.at("/products/epoch"));
    assertThat(backend.get("/products/30").body()).isEqualTo(product);
    assertThat(backend.documents("index-a")).isEqualTo(documentsOfA);
  }

  @Test
  void anIndexThatComesLaterCatchesUpWithoutTheDatabase() throws Exception {
    int port = Backend.freePorts(1)[0];
    Path elsewhere = folder.resolve("elsewhere");
    try (Backend.Process late = backend.start("indexA", "rest.port", port, "kv.folder", elsewhere, "catch-up.page-size", 77)) {
      long sequence = backend.json("/status").at("/products/sequence").longValue();
      await().atMost(Duration.ofSeconds(20))
          .until(() -> backend.json(port, "/status").at("/indexes/0/checkpoint").longValue() >= sequence);
      backend.awaitSearchers();
      assertThat(backend.documents(port, "index-a")).isEqualTo(backend.documents("index-a"));
      assertThat(elsewhere.resolve("source")).doesNotExist();
      assertThat(late.context().getRoutes().stream().map(route -> route.getId()))
          .contains("index-a-catch-up").noneMatch(id -> id.startsWith("index-b") || id.startsWith("product-data"));
    }
  }

  private List<String> idsFound(String path) {
    return ids(backend.json(path));
  }

  private static List<String> ids(JsonNode found) {
    List<String> ids = new ArrayList<>();
    found.path("hits").forEach(hit -> ids.add(hit.path("id").textValue()));
    return ids;
  }
}
