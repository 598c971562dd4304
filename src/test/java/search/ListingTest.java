package search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import product.Json;
import product.Product;
import search.SearchIndex.Bucket;
import search.SearchIndex.Checkpoint;
import search.SearchIndex.Count;
import search.SearchIndex.Document;
import search.SearchIndex.Histogram;
import search.SearchIndex.Order;
import search.SearchIndex.Query;
import search.SearchIndex.Range;
import search.SearchIndex.Result;

/** What a listing needs: filters by attributes, counts, and pages however deep. */
@Timeout(60)
class ListingTest {

  private static final Schema SCHEMA =
      Schema.of(Schema.sortableName("name"), Schema.decimal("price"), Schema.keyword("brand"), Schema.keyword("colour"));

  @TempDir private Path folder;
  private LuceneSearchIndex index;

  @BeforeEach
  void openIndex() {
    index = new LuceneSearchIndex(folder.resolve("index-t"), SCHEMA);
  }

  @AfterEach
  void closeIndex() {
    index.close();
  }

  private static Document document(String id, String content) {
    return new Document(id, 1, (ObjectNode) Json.parse("{" + content.replace('\'', '"') + "}"));
  }

  private void indexed(Document... documents) {
    for (Document each : documents) {
      index.write(List.of(each), List.of(), new Checkpoint("e", index.checkpoint().sequence() + 1));
      index.commit();
    }
    index.close();
    index = new LuceneSearchIndex(folder.resolve("index-t"), SCHEMA);
  }

  private void priced(String... prices) {
    indexed(IntStream.range(0, prices.length)
        .mapToObj(i -> document(Integer.toString(i), "'price':" + prices[i])).toArray(Document[]::new));
  }

  private static List<String> ids(Result result) {
    return result.hits().stream().map(hit -> hit.document().id()).toList();
  }

  // Facets

  private void indexedShop() {
    indexed(document("1", "'name':'bag','brand':'Acme','colour':'red'"), document("2", "'name':'bag','brand':'Acme','colour':'blue'"),
        document("3", "'name':'bag','brand':'Brook & Vale','colour':['red','blue','red']"), document("4", "'name':'lamp','brand':'acme'"),
        document("5", "'name':'bag','brand':null,'colour':''"), document("6", "'name':'bag','brand':{'a':1},'colour':[7,true,null,[]]"));
  }

  @Test
  void filtersByAWholeValue() {
    indexedShop();
    assertThat(ids(index.search(Query.of("").having(Map.of("brand", "Acme"))))).containsExactly("1", "2");
    assertThat(ids(index.search(Query.of("").having(Map.of("brand", "Brook & Vale"))))).containsExactly("3");
    assertThat(ids(index.search(Query.of("").having(Map.of("brand", "Brook"))))).isEmpty();
    assertThat(ids(index.search(Query.of("").having(Map.of("colour", "red"))))).as("any of several values").containsExactly("1", "3");
    assertThat(ids(index.search(Query.of("").having(Map.of("brand", "Acme", "colour", "red"))))).containsExactly("1");
    assertThat(ids(index.search(Query.of("lamp").having(Map.of("brand", "Acme"))))).isEmpty();
  }

  @Test
  void countsTheValuesOfWhatMatches() {
    indexedShop();
    Result bags = index.search(Query.of("bag ").page(1, 1));
    assertThat(bags.facets().get("brand")).containsExactly(new Count("Acme", 2), new Count("Brook & Vale", 1));
    assertThat(bags.facets().get("colour"))
        .containsExactly(new Count("blue", 2), new Count("red", 2), new Count("7", 1), new Count("true", 1));
    assertThat(index.search(Query.of("zzz ")).facets()).isEqualTo(Map.of("brand", List.of(), "colour", List.of()));
  }

  @Test
  void countsWhatElseThereIsToChooseFrom() {
    indexedShop();
    Result acme = index.search(Query.of("bag ").having(Map.of("brand", "Acme")));
    assertThat(acme.total()).isEqualTo(2);
    assertThat(acme.facets().get("brand")).containsExactly(new Count("Acme", 2), new Count("Brook & Vale", 1));
    assertThat(acme.facets().get("colour")).containsExactly(new Count("blue", 1), new Count("red", 1));
  }

  @ParameterizedTest
  @CsvSource(nullValues = "none", value = {"none", "price"})
  void filtersNeverMakeWordsMeanLess(String sort) {
    indexed(document("1", "'name':'red bag','brand':'Acme','colour':'red','price':10"),
        document("2", "'name':'red bag','brand':'Brook','colour':'pink','price':20"),
        document("3", "'name':'red lamp','brand':'Vale','colour':'red','price':30"),
        document("4", "'name':'bag','brand':'Vale','colour':'pink','price':40"));
    Query query = Query.of("red bag ").by(new Order(sort, false));
    assertThat(ids(index.search(query))).containsExactly("1", "2");

    Result none = index.search(query.having(Map.of("brand", "Vale")).counting(new Histogram("price", 2)));
    assertThat(none.total()).as("Vale has nothing with both words").isZero();
    assertThat(none.next()).isNull();
    assertThat(none.histogram()).isEmpty();
    assertThat(none.facets().get("colour")).isEmpty();
    assertThat(none.facets().get("brand")).as("what one finds by them").containsExactly(new Count("Acme", 1), new Count("Brook", 1));
    assertThat(index.search(query.within(new Range("price", new BigDecimal("60"), null))).total()).isZero();
    assertThat(ids(index.search(query.having(Map.of("colour", "pink"))))).containsExactly("2");

    Query any = Query.of("red xyzzyx bag ").by(new Order(sort, false));
    assertThat(index.search(any).facets().get("brand")).as("any of the words").contains(new Count("Vale", 2));
    assertThat(ids(index.search(any.having(Map.of("brand", "Vale"))))).containsExactlyInAnyOrder("3", "4");
  }

  @Test
  void takesALongValueByItsBeginning() {
    String value = "x".repeat(40_000);
    indexed(document("1", "'brand':'" + value + "'"));
    assertThat(ids(index.search(Query.of("").having(Map.of("brand", value))))).containsExactly("1");
    assertThat(index.search(Query.of("")).facets().get("brand")).containsExactly(new Count("x".repeat(256), 1));
  }

  @Test
  void countsNoMoreThanTheHundredMostFrequent() {
    indexed(IntStream.range(0, 150).mapToObj(i -> document(Integer.toString(i), "'brand':['b%03d','all']".formatted(i)))
        .toArray(Document[]::new));
    List<Count> brands = index.search(Query.of("")).facets().get("brand");
    assertThat(brands).hasSize(100).startsWith(new Count("all", 150), new Count("b000", 1));
  }

  /** Each document is a segment of its own in {@link #indexed}; here there are a few large ones, with values in common. */
  @Test
  void countsManyDifferentValuesInSeveralSegments() {
    for (int segment = 0; segment < 5; segment++) {
      int first = segment * 4_000;
      index.write(IntStream.range(first, first + 4_000).mapToObj(i -> document(Integer.toString(i),
          "'brand':['only %05d','shared %04d'],'price':%d.5".formatted(i, i % 1_000, i))).toList(), List.of(), new Checkpoint("e", first + 1));
      index.commit();
      index.refresh();
    }
    index.write(List.of(document("0", "'brand':'shared 0999'")), List.of("1"), new Checkpoint("e", 30_000));
    index.refresh();
    Result all = index.search(Query.of("").counting(new Histogram("price", 100)));
    assertThat(all.facets().get("brand")).hasSize(100)
        .startsWith(new Count("shared 0999", 21), new Count("shared 0002", 20), new Count("shared 0003", 20))
        .endsWith(new Count("shared 0100", 20));
    assertThat(all.histogram()).hasSize(100).startsWith(bucket("2.50", "202.47", 200));
    assertThat(all.histogram().stream().mapToInt(Bucket::count).sum()).isEqualTo(19_998);
    Result few = index.search(Query.of("").within(new Range("price", new BigDecimal("19990"), null)));
    assertThat(few.facets().get("brand")).hasSize(20).startsWith(new Count("only 19990", 1)).endsWith(new Count("shared 0999", 1));
  }

  @Test
  void keepsFurtherAttributesOfAProduct() {
    DocumentType names = new DocumentType() {
      @Override
      public Schema schema() {
        return Schema.of(Schema.name("name", 1));
      }

      @Override
      public ObjectNode content(Product product) {
        return Json.MAPPER.createObjectNode().set("name", product.attribute("name"));
      }
    };
    FacetedDocument faceted = new FacetedDocument(names, List.of("brand", "colour"));
    assertThat(faceted.schema()).isEqualTo(Schema.of(Schema.name("name", 1), Schema.keyword("brand"), Schema.keyword("colour")));
    assertThat(faceted.content(Product.ofJson("{\"id\":1,\"name\":\"n\",\"brand\":null,\"size\":3}")))
        .hasToString("{\"name\":\"n\",\"brand\":null}");
  }

  // Histogram

  private List<Bucket> buckets(int number, String min, String max) {
    Range range = min == null && max == null ? null : new Range("price", decimal(min), decimal(max));
    return index.search(Query.of("").within(range).counting(new Histogram("price", number)).page(1, 1)).histogram();
  }

  private static BigDecimal decimal(String number) {
    return number == null ? null : new BigDecimal(number);
  }

  private static Bucket bucket(String from, String to, int count) {
    return new Bucket(new BigDecimal(from), new BigDecimal(to), count);
  }

  @Test
  void dividesPricesIntoBuckets() {
    priced("10", "19.99", "20", "20.00", "29.99", "30", "40", "'none'", "null");
    assertThat(buckets(3, null, null)).containsExactly(bucket("10.00", "20.00", 2), bucket("20.00", "30.00", 3), bucket("30.00", "40.00", 2));
    assertThat(buckets(1, null, null)).containsExactly(bucket("10.00", "40.00", 7));
    assertThat(buckets(2, "0", "40")).as("bounds as asked for").containsExactly(bucket("0.00", "20.00", 2), bucket("20.00", "40.00", 5));
    assertThat(buckets(2, "20", null)).containsExactly(bucket("20.00", "30.00", 3), bucket("30.00", "40.00", 2));
    assertThat(buckets(2, null, "20")).containsExactly(bucket("10.00", "15.00", 1), bucket("15.00", "20.00", 3));
    assertThat(buckets(5, "50", null)).isEmpty();
  }

  @Test
  void countsEachPriceOnceExactly() {
    priced("0.1", "0.100000000000000001", "0.3", "-3", "1e30", "9007199254740993", "9007199254740992", "0.2");
    for (int number : new int[] {1, 2, 3, 7, 100}) {
      List<Bucket> buckets = buckets(number, null, null);
      assertThat(buckets).hasSize(number);
      assertThat(buckets.stream().mapToInt(Bucket::count).sum()).isEqualTo(8);
    }
    assertThat(buckets(2, "0.1", "0.3")).extracting(Bucket::count).containsExactly(2, 2);
  }

  @Test
  void endsTheLastBucketAtTheGreatestPrice() {
    priced("0", "0.01", "0.02", "0.05", "10", "10.01");
    assertThat(buckets(4, null, "0.05")).as("as many as two digits allow")
        .containsExactly(bucket("0.00", "0.02", 2), bucket("0.02", "0.04", 1), bucket("0.04", "0.05", 1));
    assertThat(buckets(3, null, null)).containsExactly(bucket("0.00", "3.34", 4), bucket("3.34", "6.68", 0), bucket("6.68", "10.01", 2));
    assertThat(buckets(3, "1", "11")).containsExactly(bucket("1.00", "4.34", 0), bucket("4.34", "7.68", 0), bucket("7.68", "11.00", 2));
    assertThat(buckets(3, "0.02", "0.02")).containsExactly(bucket("0.02", "0.02", 1));
  }

  @Test
  void needsOneBucketForOnePrice() {
    priced("7.5", "7.50");
    assertThat(buckets(10, null, null)).containsExactly(bucket("7.50", "7.50", 2));
  }

  // Deep pages

  private static Query query(String sort, boolean descending) {
    return Query.of("bag").by(new Order(sort, descending)).page(1, 7);
  }

  @ParameterizedTest
  @CsvSource(nullValues = "none", value = {"none, false", "price, false", "price, true", "name, false", "name, true"})
  void goesOnAfterTheLastHitUntilThereIsNoMore(String sort, boolean descending) {
    indexed(IntStream.range(0, 40).mapToObj(i -> document("é" + i,
        "'name':'bag " + "x ".repeat(i % 3) + "'" + (i % 4 == 0 ? "" : ",'price':" + i % 5 + "." + i % 2))).toArray(Document[]::new));
    List<String> all = ids(index.search(query(sort, descending).page(1, 100)));
    assertThat(all).hasSize(40);
    List<String> seen = new ArrayList<>();
    String next = null;
    do {
      Result page = index.search(next == null ? query(sort, descending) : query(sort, descending).after(next));
      assertThat(page.total()).isEqualTo(40);
      seen.addAll(ids(page));
      next = page.next();
    } while (next != null && seen.size() < 100);
    assertThat(seen).isEqualTo(all);
  }

  @Test
  void goesOnFromAnyPageAndSize() {
    indexed(IntStream.range(0, 20).mapToObj(i -> document(Integer.toString(100 + i), "'name':'bag'")).toArray(Document[]::new));
    Result second = index.search(Query.of("bag").page(2, 5));
    Result rest = index.search(Query.of("bag").page(1, 100).after(second.next()));
    assertThat(ids(rest)).isEqualTo(IntStream.range(110, 120).mapToObj(Integer::toString).toList());
    assertThat(rest.next()).isNull();
    assertThat(index.search(Query.of("bag").page(4, 5)).next()).isNull();
  }

  @Test
  void isNotShiftedByWhatIsWrittenMeanwhile() {
    indexed(IntStream.range(10, 30).mapToObj(i -> document(Integer.toString(i), "'name':'bag','price':" + i)).toArray(Document[]::new));
    Result first = index.search(query("price", false));
    indexed(document("1", "'name':'bag','price':1"), document("99", "'name':'bag','price':29.5"));
    index.write(List.of(), List.of("12", "16", "20"), new Checkpoint("e", 99));
    indexed();
    assertThat(ids(index.search(query("price", false).after(first.next())))).containsExactly("17", "18", "19", "21", "22", "23", "24");
  }

  /** The ids on all pages; after the first one something happens. */
  private List<String> idsOnAllPages(Query query, Runnable afterTheFirst) {
    List<String> seen = new ArrayList<>();
    Result page = index.search(query);
    seen.addAll(ids(page));
    afterTheFirst.run();
    while (page.next() != null && seen.size() < 1_000) {
      page = index.search(query.after(page.next()));
      seen.addAll(ids(page));
    }
    return seen;
  }

  /** One third has one of the words, one third another; that both occur together later makes the words more frequent. */
  @ParameterizedTest
  @CsvSource(nullValues = "none", value = {"none", "price", "name"})
  void staysWithTheAttemptOfTheFirstPage(String sort) {
    indexed(IntStream.range(0, 90).mapToObj(i -> document(Integer.toString(100 + i),
        "'name':'%s thing','price':%d".formatted(List.of("red", "bag", "blue").get(i % 3), i % 7))).toArray(Document[]::new));
    Query query = Query.of("red bag").by(new Order(sort, false)).page(1, 7);
    List<String> all = ids(index.search(query.page(1, 100)));
    assertThat(all).as("any of the words").hasSize(60);
    List<String> seen = idsOnAllPages(query, () -> indexed(document("000", "'name':'a red bag','price':-1")));
    assertThat(seen).isEqualTo(all);
    assertThat(ids(index.search(query))).as("every word, for who begins anew").containsExactly("000");
  }

  @ParameterizedTest
  @CsvSource(nullValues = "none", value = {"none", "price"})
  void staysWithTyposWhenTheWordIsWrittenMeanwhile(String sort) {
    indexed(IntStream.range(0, 20).mapToObj(i -> document(Integer.toString(100 + i), "'name':'tent','price':" + i)).toArray(Document[]::new));
    Query query = Query.of("tetn ").by(new Order(sort, false)).page(1, 7);
    List<String> all = ids(index.search(query.page(1, 100)));
    assertThat(idsOnAllPages(query, () -> indexed(document("000", "'name':'tetn','price':0")))).isEqualTo(all).hasSize(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bag ", "bag", "ba", "bga bag thing "})
  void comesToEveryHitOnceByRelevanceWhileOthersAreWritten(String typed) {
    indexed(IntStream.range(0, 40).mapToObj(i -> document(Integer.toString(100 + i), "'name':'bag %s'".formatted("thing ".repeat(1 + i % 2))))
        .toArray(Document[]::new));
    Query query = Query.of(typed).page(1, 7);
    List<String> all = ids(index.search(query.page(1, 100)));
    assertThat(idsOnAllPages(query, () -> indexed(IntStream.range(0, 30)
        .mapToObj(i -> document(Integer.toString(200 + i), "'name':'lamp " + "x ".repeat(i) + "'")).toArray(Document[]::new))))
        .isEqualTo(all).hasSize(40);
  }

  @Test
  void refusesACursorOfAnotherSearch() {
    indexed(IntStream.range(0, 20).mapToObj(i -> document(Integer.toString(i), "'name':'bag','price':1,'brand':'b'")).toArray(Document[]::new));
    String next = index.search(query("price", false)).next();
    for (Query other : List.of(query("price", true), query("name", false), query(null, false), query("price", false).having(Map.of("brand", "b")),
        query("price", false).within(new Range("price", null, BigDecimal.TEN)), Query.of("bags").by(new Order("price", false)))) {
      assertThatIllegalArgumentException().isThrownBy(() -> index.search(other.after(next)))
          .withMessage("after belongs to another search: give what an answer to this one gave as next");
    }
    assertThat(new HashSet<>(ids(index.search(query("price", false).page(1, 3).after(next))))).as("another size").hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a.b", "a.b.c.d", "1.2.3", "...", "%s.", "%s.x", "%s.0.x.",
      "%s.0.-.x", "%s.0.é.MTA", "%s.0.MTA.=", "%s.0.-.-"})
  void refusesWhatIsNoCursor(String cursor) {
    indexed(IntStream.range(0, 20).mapToObj(i -> document(Integer.toString(i), "'name':'bag','price':1")).toArray(Document[]::new));
    for (String sort : new String[] {"price", null}) {
      String search = index.search(query(sort, false)).next().split("\\.")[0];
      assertThatIllegalArgumentException().isThrownBy(() -> index.search(query(sort, false).after(cursor.formatted(search))))
          .withMessageStartingWith("after ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "-1", "3", "x", "99999999999"})
  void refusesTheNumberOfAnAttemptThatIsNone(String number) {
    indexed(IntStream.range(0, 20).mapToObj(i -> document(Integer.toString(i), "'name':'bag','price':1")).toArray(Document[]::new));
    for (String sort : new String[] {"price", null}) {
      String next = index.search(query(sort, false)).next();
      assertThat(index.search(query(sort, false).after(next)).hits()).hasSize(7);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> index.search(query(sort, false).after(next.replaceFirst("\\.0\\.", "." + number + "."))))
          .withMessage("after must be what an answer gave as next");
    }
  }
}
