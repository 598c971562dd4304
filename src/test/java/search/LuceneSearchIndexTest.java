package search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import product.Json;
import search.SearchIndex.Checkpoint;
import search.SearchIndex.Document;
import search.SearchIndex.Histogram;
import search.SearchIndex.Hit;
import search.SearchIndex.Order;
import search.SearchIndex.Query;
import search.SearchIndex.Range;
import search.SearchIndex.Result;

@Timeout(60)
class LuceneSearchIndexTest {

  private static final Schema SCHEMA = Schema.of(
      Schema.name("name", 3), Schema.text("description", 1), Schema.decimal("price"), Schema.sortableName("brand"));

  @TempDir private Path temporary;
  private LuceneSearchIndex index;
  private long sequence;

  @BeforeEach
  void openIndex() {
    index = new LuceneSearchIndex(folder(), SCHEMA);
  }

  @AfterEach
  void closeIndex() {
    index.close();
  }

  private Path folder() {
    return temporary.resolve("index-t");
  }

  /** Closes and opens the index, which then shows all that was written. */
  private void reopen() {
    index.close();
    index = new LuceneSearchIndex(folder(), SCHEMA);
  }

  private static Document document(String id, String content) {
    return new Document(id, 1, (ObjectNode) Json.parse("{" + content.replace('\'', '"') + "}"));
  }

  private void write(Document... documents) {
    sequence += documents.length;
    index.write(List.of(documents), List.of(), new Checkpoint("e", sequence));
  }

  private void indexed(Document... documents) {
    write(documents);
    reopen();
  }

  private void priced(String... prices) {
    indexed(IntStream.range(0, prices.length)
        .mapToObj(i -> document(prices[i], prices[i].equals("missing") ? "" : "'price':" + prices[i])).toArray(Document[]::new));
  }

  private static Query words(String text) {
    return Query.of(text).page(1, 100);
  }

  private static Query range(String min, String max) {
    return Query.of("").within(new Range("price", decimal(min), decimal(max))).by(new Order("price", false)).page(1, 100);
  }

  private static BigDecimal decimal(String number) {
    return number == null ? null : new BigDecimal(number);
  }

  private static Query sorted(String field, boolean descending) {
    return Query.of("").by(new Order(field, descending)).page(1, 100);
  }

  private List<String> found(Query query) {
    Result result = index.search(query);
    List<String> ids = result.hits().stream().map(hit -> hit.document().id()).toList();
    assertThat(result.total()).as("total").isEqualTo(ids.size());
    return ids;
  }

  @Test
  void isEmptyAtFirst() {
    assertThat(index.search(words(""))).isEqualTo(new Result(0, List.of(), null, Map.of(), List.of()));
    assertThat(index.search(words("bag"))).isEqualTo(new Result(0, List.of(), null, Map.of(), List.of()));
    assertThat(index.suggest("bag", 5)).isEmpty();
    assertThat(index.documents()).isZero();
    assertThat(index.documents("", 10)).isEmpty();
    assertThat(index.documents("x", 10)).isEmpty();
    assertThat(index.document("x")).isEmpty();
    assertThat(index.checkpoint()).isEqualTo(Checkpoint.NONE);
  }

  @Test
  void matchesEveryDocumentWithoutWords() {
    indexed(document("1", ""), document("2", "'name':null"), document("3", "'name':'bag','price':'none'"));
    assertThat(found(words(""))).containsExactly("1", "2", "3");
    assertThat(found(words("  \t"))).containsExactly("1", "2", "3");
  }

  @Test
  void showsTheContentAndTheVersionOfADocument() {
    Document written = new Document("a/ë", 1L << 40,
        (ObjectNode) Json.parse("{\"name\":\"Zoë\",\"price\":12.50,\"other\":[null,{}]}"));
    indexed(written);
    assertThat(index.search(words("zoë")).hits()).singleElement().satisfies(hit -> {
      assertThat(hit.document()).isEqualTo(written);
      assertThat(hit.document().content()).hasToString("{\"name\":\"Zoë\",\"price\":12.50,\"other\":[null,{}]}");
      assertThat(hit.score()).isPositive();
    });
  }

  @Test
  void replacesADocumentOfTheSameId() {
    write(document("1", "'name':'bag'"), document("2", "'name':'bag'"));
    indexed(document("1", "'name':'watch'"));
    assertThat(found(words("bag"))).containsExactly("2");
    assertThat(found(words("watch"))).containsExactly("1");
    assertThat(index.documents()).isEqualTo(2);
  }

  @Test
  void removesDocuments() {
    write(document("1", "'name':'bag'"), document("2", "'name':'bag'"));
    index.write(List.of(), List.of("1", "unknown"), new Checkpoint("e", 9));
    reopen();
    assertThat(found(words("bag"))).containsExactly("2");
    assertThat(index.documents()).isEqualTo(1);
    assertThat(index.checkpoint()).isEqualTo(new Checkpoint("e", 9));
  }

  // Ranges

  @ParameterizedTest
  @CsvSource(nullValues = "none", value = {
      "12.50, none, 12.5 12.50 13",
      "12.499999, none, 12.499999 12.5 12.50 13",
      "12.4999990000001, none, 12.5 12.50 13",
      "none, 12.5, 12.499999 12.5 12.50",
      "none, 12.4999999999, 12.499999",
      "12.5, 12.50, 12.5 12.50",
      "12.51, 12.99, ''",
      "13, 12, ''",
      "none, none, 12.499999 12.5 12.50 13 missing"})
  void limitsToARangeIncludingItsEnds(String min, String max, String expected) {
    priced("13", "missing", "12.50", "12.499999", "12.5");
    List<String> prices = expected.isEmpty() ? List.of() : List.of(expected.split(" "));
    assertThat(found(range(min, max))).isEqualTo(prices);
  }

  @Test
  void limitsDecimalsExactly() {
    priced("0.1", "0.10", "0.100000000000000001", "0.099999999999999999", "-0.1", "-3", "0", "9007199254740993",
        "9007199254740992");
    assertThat(found(range("0.1", "0.1"))).containsExactly("0.1", "0.10");
    assertThat(found(range("-0.1", "0"))).containsExactly("-0.1", "0");
    assertThat(found(range(null, "-0.1"))).containsExactly("-3", "-0.1");
    assertThat(found(range("9007199254740993", null))).containsExactly("9007199254740993");
  }

  @Test
  void limitsHugeNumbersToo() {
    priced("99999999999999999999", "1e30", "-1e30", "1");
    assertThat(found(range("2", null))).containsExactly("99999999999999999999", "1e30");
    assertThat(found(range(null, "0"))).containsExactly("-1e30");
    assertThat(found(range("99999999999999999999.000000000000000001", null))).containsExactly("1e30");
  }

  @Test
  void takesANumberOfAnySize() {
    priced("1e-999999999", "1e999999999", "-1e-999999999", "1");
    assertThat(found(range("0.5", "2"))).containsExactly("1");
    assertThat(found(range("-0.5", "0.5"))).containsExactlyInAnyOrder("1e-999999999", "-1e-999999999");
  }

  @Test
  void combinesWordsAndRange() {
    indexed(document("1", "'name':'bag','price':1"), document("2", "'name':'bag','price':2"),
        document("3", "'name':'watch','price':2"));
    assertThat(found(words("bag").within(new Range("price", new BigDecimal("1.5"), null)))).containsExactly("2");
  }

  // Order

  @Test
  void sortsDecimalsByTheirValueAndTheMissingLast() {
    priced("2", "missing", "-1e30", "12.50", "12.499999", "0.1", "0.10", "100", "-3", "1e30");
    assertThat(found(sorted("price", false)))
        .containsExactly("-1e30", "-3", "0.1", "0.10", "2", "12.499999", "12.50", "100", "1e30", "missing");
  }

  @Test
  void sortsDecimalsTheOtherWayRoundAndTheMissingStillLast() {
    priced("2", "missing", "-1e30", "12.50", "12.499999", "0.1", "0.10", "100", "-3", "1e30");
    assertThat(found(sorted("price", true)))
        .containsExactly("1e30", "100", "12.50", "12.499999", "2", "0.1", "0.10", "-3", "-1e30", "missing");
  }

  @Test
  void takesWhatIsNoNumberForMissing() {
    indexed(document("1", "'price':'12'"), document("2", "'price':null"), document("3", "'price':7"),
        document("4", "'price':[8]"),
        document("5", "'price':true"));
    assertThat(found(sorted("price", false))).containsExactly("3", "1", "2", "4", "5");
    assertThat(found(range("0", null))).containsExactly("3");
  }

  @Test
  void sortsTextsInUpperAndLowerCaseAlikeAndTheMissingLast() {
    String long1 = "z".repeat(400);
    indexed(document("1", "'brand':'beta'"), document("2", "'brand':'Alpha'"), document("3", ""),
        document("4", "'brand':'ALPHA'"),
        document("5", "'brand':'" + long1 + "'"));
    assertThat(found(sorted("brand", false))).containsExactly("2", "4", "1", "5", "3");
    assertThat(found(sorted("brand", true))).containsExactly("5", "1", "2", "4", "3");
  }

  @Test
  void givesNoScoreWhenSorted() {
    priced("1");
    assertThat(index.search(sorted("price", false)).hits()).extracting(Hit::score).containsExactly(0f);
  }

  // Pages

  @ParameterizedTest
  @CsvSource(nullValues = "none", value = {"none, false", "price, false", "price, true"})
  void dividesTheHitsIntoPages(String sort, boolean descending) {
    for (int i = 0; i < 25; i++) {
      write(document(String.format("%02d", i), "'name':'bag','price':" + i % 3));
    }
    reopen();
    List<String> all = new ArrayList<>();
    for (int page = 1; page <= 5; page++) {
      Result result = index.search(Query.of("bag").by(new Order(sort, descending)).page(page, 7));
      assertThat(result.total()).isEqualTo(25);
      assertThat(result.hits()).hasSize(page < 4 ? 7 : page == 4 ? 4 : 0);
      result.hits().forEach(hit -> all.add(hit.document().id()));
    }
    assertThat(all).hasSize(25).doesNotHaveDuplicates();
    assertThat(all).isEqualTo(found(Query.of("bag").by(new Order(sort, descending)).page(1, 100)));
  }

  // Fields

  @Test
  void takesNoFieldForAnother() {
    index.close();
    Schema schema = Schema.of(Schema.keyword("content"), Schema.keyword("version"), Schema.keyword("id"), Schema.decimal("price"),
        Schema.keyword("decimal:price"), Schema.keyword("sorted decimal:price"));
    index = new LuceneSearchIndex(temporary.resolve("named-alike"), schema);
    write(document("1", ""), document("2", "'content':'c','version':'v','id':'x','decimal:price':'p','sorted decimal:price':'s'"),
        document("3", "'price':3"));
    index.refresh();
    Result all = index.search(Query.of("").counting(new Histogram("price", 1)));
    assertThat(all.total()).isEqualTo(3);
    assertThat(all.facets().values()).extracting(values -> values.get(0).value()).containsExactly("c", "v", "x", "p", "s");
    assertThat(found(Query.of("").having(Map.of("content", "c", "version", "v", "id", "x")))).containsExactly("2");
    assertThat(found(range("0", "5"))).containsExactly("3");
    assertThat(index.document("2")).contains(
        document("2", "'content':'c','version':'v','id':'x','decimal:price':'p','sorted decimal:price':'s'"));
  }

  @Test
  void findsNothingByAFieldThatWasOfAnotherKindWhenTheIndexWasWritten() {
    indexed(document("1", "'name':'bag','description':'soft','brand':'Acme','price':3"));
    index.close();
    index = new LuceneSearchIndex(folder(), Schema.of(
        Schema.name("name", 1), Schema.keyword("description"), Schema.decimal("brand"), Schema.sortableName("price")));
    Query bags = Query.of("bag").counting(new Histogram("brand", 2));
    Result result = index.search(bags);
    assertThat(result.total()).isEqualTo(1);
    assertThat(result.facets()).isEqualTo(Map.of("description", List.of()));
    assertThat(result.histogram()).isEmpty();
    assertThat(found(bags.by(new Order("brand", false)))).containsExactly("1");
    assertThat(found(bags.by(new Order("price", true)))).containsExactly("1");
    assertThat(found(bags.having(Map.of("description", "soft")))).isEmpty();
    assertThat(found(bags.within(new Range("brand", BigDecimal.ZERO, null)))).isEmpty();
  }

  @Test
  void takesWhatLuceneRefusesForNoFaultOfTheDisk() {
    Document refused = document("x".repeat(40_000), "");
    assertThatIllegalArgumentException().isThrownBy(() -> write(refused))
        .withMessageStartingWith("the index index-t cannot take the product '" + "x".repeat(256) + "': ");
    indexed(document("1", ""));
    assertThat(index.documents("", 10)).as("the others go on").extracting(Document::id).containsExactly("1");
  }

  @Test
  void takesAStopForNoFaultOfTheDisk() {
    write(document("1", ""));
    index.commit();
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> write(document("2", "")))
        .withMessage("the index index-t stops while it is written: what is missing comes from the change feed");
    assertThat(Thread.interrupted()).isTrue();
    reopen();
    assertThat(index.checkpoint().sequence()).isEqualTo(1);
    index.close();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> write(document("3", "")));
  }

  // What is on disk

  @Test
  void hasDocumentsAndCheckpointAfterItWasOpenedAgain() {
    indexed(document("1", "'name':'bag','price':1.10"));
    assertThat(index.checkpoint()).isEqualTo(new Checkpoint("e", 1));
    assertThat(index.documents("", 10)).containsExactly(document("1", "'name':'bag','price':1.10"));
  }

  @Test
  void tellsTheCheckpointOfTheLastWriteWhetherCommittedOrNot() {
    write(document("1", ""));
    assertThat(index.checkpoint()).isEqualTo(new Checkpoint("e", 1));
    index.write(List.of(), List.of(), new Checkpoint("f", 9));
    assertThat(index.checkpoint()).isEqualTo(new Checkpoint("f", 9));
  }

  @Test
  void commitsDocumentsAndCheckpointAsOne() throws IOException {
    write(document("1", "'name':'bag'"), document("2", "'name':'bag'"));
    index.commit();
    String words = new Random(1).longs(200_000).mapToObj(Long::toHexString).collect(Collectors.joining(" "));
    Document large = document("3", "'name':'" + words + "'");
    index.write(List.of(document("1", "'name':'watch'"), large), List.of("2"), new Checkpoint("e", 50));
    // Lucene writes large segments at once, as it does whenever its buffer is full; without a commit they count for nothing.
    long segments = segments();
    index.refresh();
    assertThat(segments()).isGreaterThan(segments);
    try (LuceneSearchIndex killed = copyAsAfterAKill("before")) {
      assertThat(killed.checkpoint()).isEqualTo(new Checkpoint("e", 2));
      assertThat(killed.documents("", 10)).containsExactly(document("1", "'name':'bag'"), document("2", "'name':'bag'"));
    }
    index.commit();
    try (LuceneSearchIndex killed = copyAsAfterAKill("after")) {
      assertThat(killed.checkpoint()).isEqualTo(new Checkpoint("e", 50));
      assertThat(killed.documents("", 10)).extracting(Document::id).containsExactly("1", "3");
      assertThat(killed.search(words("watch")).total()).isEqualTo(1);
    }
  }

  @Test
  void isNewWhenItWasKilledBeforeTheFirstCommit() throws IOException {
    write(document("1", ""));
    try (LuceneSearchIndex killed = copyAsAfterAKill("copy")) {
      assertThat(killed.checkpoint()).isEqualTo(Checkpoint.NONE);
      assertThat(killed.documents()).isZero();
    }
  }

  @Test
  void commitsACheckpointWithoutDocuments() throws IOException {
    write(document("1", ""));
    index.commit();
    index.write(List.of(), List.of(), new Checkpoint("e", 5));
    index.commit();
    try (LuceneSearchIndex killed = copyAsAfterAKill("copy")) {
      assertThat(killed.checkpoint()).isEqualTo(new Checkpoint("e", 5));
      assertThat(killed.documents()).isEqualTo(1);
    }
  }

  @Test
  void commitsNothingWhenNothingWasWritten() throws IOException {
    write(document("1", ""));
    index.commit();
    List<String> before = files();
    index.commit();
    index.write(List.of(), List.of(), index.checkpoint());
    index.commit();
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void isEmptiedByClear() throws IOException {
    write(document("1", ""), document("2", ""));
    index.commit();
    index.clear();
    assertThat(index.checkpoint()).isEqualTo(Checkpoint.NONE);
    try (LuceneSearchIndex killed = copyAsAfterAKill("before")) {
      assertThat(killed.documents()).isEqualTo(2);
      assertThat(killed.checkpoint()).isEqualTo(new Checkpoint("e", 2));
    }
    reopen();
    assertThat(index.documents()).isZero();
    assertThat(index.checkpoint()).isEqualTo(Checkpoint.NONE);
    write(document("3", ""));
    reopen();
    assertThat(index.documents("", 10)).extracting(Document::id).containsExactly("3");
  }

  /** Opens what a killed process would leave on disk now. */
  private LuceneSearchIndex copyAsAfterAKill(String name) throws IOException {
    Path copy = Files.createDirectories(temporary.resolve(name));
    for (String file : files()) {
      if (!file.equals("write.lock")) {
        Files.copy(folder().resolve(file), copy.resolve(file));
      }
    }
    return new LuceneSearchIndex(copy, SCHEMA);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private long segments() throws IOException {
    return files().stream().filter(file -> file.endsWith(".si")).count();
  }

  @Test
  void refusesToShareItsFolder() {
    assertThatExceptionOfType(SearchException.class).isThrownBy(() -> new LuceneSearchIndex(folder(), SCHEMA))
        .withMessage("the index " + folder() + " is in use by another process: stop that one first");
    indexed(document("1", ""));
    assertThat(index.documents()).as("the first goes on").isEqualTo(1);
  }

  @Test
  void anIndexOfTheFormatBeforeAnswersAndIsWritten() throws Exception {
    Path old = temporary.resolve("old");
    try (FSDirectory directory = FSDirectory.open(old);
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(English.analyzer(SCHEMA)))) {
      for (String id : List.of("1", "2", "3")) {
        org.apache.lucene.document.Document stored = new org.apache.lucene.document.Document();
        stored.add(new StringField("id", id, Field.Store.YES));
        stored.add(new SortedDocValuesField("id", new BytesRef(id)));
        stored.add(new StoredField("version", 7L));
        stored.add(new StoredField("content", "{\"name\":\"Lamp " + id + "\"}"));
        stored.add(new TextField("words:name", "Lamp " + id, Field.Store.NO));
        writer.addDocument(stored);
      }
    }

    try (LuceneSearchIndex opened = new LuceneSearchIndex(old, SCHEMA)) {
      opened.write(List.of(document("2", "'name':'New lamp'")), List.of("3"), new Checkpoint("e", 1));
      opened.refresh();

      assertThat(opened.search(words("lamp")).hits()).extracting(hit -> hit.document().content().path("name").asText())
          .containsExactlyInAnyOrder("Lamp 1", "New lamp");
      assertThat(opened.documents("", 10)).extracting(Document::id, Document::version).containsExactly(tuple("1", 7L), tuple("2", 1L));
      assertThat(opened.document("1").orElseThrow().content().path("name").asText()).isEqualTo("Lamp 1");
    }
  }

  @Test
  void hasAnotherFormatWhenItsFieldsAreOthersAndNotWhenOnlyWeightsAre() {
    String format = LuceneSearchIndex.format(SCHEMA);
    assertThat(LuceneSearchIndex.format(Schema.of(
        Schema.sortableName("brand"), Schema.decimal("price"), Schema.text("description", 7), Schema.name("name", 1)))).isEqualTo(format);
    Schema.Field name = Schema.name("name", 3);
    Schema.Field description = Schema.text("description", 1);
    Schema.Field price = Schema.decimal("price");
    assertThat(Stream.of(
        Schema.of(name, description, price),
        Schema.of(name, description, price, Schema.name("brand", 1)),
        Schema.of(name, description, price, Schema.keyword("brand")),
        Schema.of(name, Schema.name("description", 1), price, Schema.sortableName("brand"))).map(LuceneSearchIndex::format))
        .doesNotContain(format).doesNotHaveDuplicates();
  }

  /** Whatever is damaged, what is served is what was committed, or nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"bytes", "cut", "empty", "missing"})
  void isEmptiedAndSoRebuiltWhenAFileIsDamaged(String damage) throws IOException {
    for (int i = 0; i < 3; i++) {
      indexed(document("1", "'name':'bag','price':" + i), document("b" + i, "'name':'red bag " + i + "','price':1"));
      index.commit();
    }
    index.close();
    Files.writeString(folder().resolve("notes.txt"), "not Lucene's");
    Map<String, byte[]> sound = new TreeMap<>();
    for (String file : files()) {
      sound.put(file, Files.readAllBytes(folder().resolve(file)));
    }
    int emptied = 0;
    Random random = new Random(3);
    for (String file : sound.keySet().stream().filter(name -> !name.equals("write.lock") && !name.equals("notes.txt")).toList()) {
      for (Map.Entry<String, byte[]> each : sound.entrySet()) {
        Files.write(folder().resolve(each.getKey()), each.getValue());
      }
      damage(folder().resolve(file), damage, random);
      try (LuceneSearchIndex opened = new LuceneSearchIndex(folder(), SCHEMA)) {
        boolean whole = opened.documents() == 4 && opened.checkpoint().sequence() > 0 && opened.search(words("bag")).total() == 4;
        boolean empty = opened.documents() == 0 && opened.checkpoint().equals(Checkpoint.NONE);
        assertThat(whole || empty).as("%s of %s", damage, file).isTrue();
        emptied += empty ? 1 : 0;
      }
      assertThat(folder().resolve("notes.txt")).hasContent("not Lucene's");
    }
    assertThat(emptied).isGreaterThan(3);
    index = new LuceneSearchIndex(folder(), SCHEMA);
  }

  private static void damage(Path file, String how, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    switch (how) {
      case "cut" -> Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      case "empty" -> Files.write(file, new byte[0]);
      case "missing" -> Files.delete(file);
      default -> {
        bytes[random.nextInt(bytes.length)] ^= 1;
        Files.write(file, bytes);
      }
    }
  }

  @Test
  void saysSoWhenTheFolderCannotBeCreated() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");
    assertThatExceptionOfType(SearchException.class).isThrownBy(() -> new LuceneSearchIndex(file, SCHEMA))
        .withMessageStartingWith("the index " + file + " cannot be opened");
  }

  // Listing

  @Test
  void listsDocumentsInTheOrderOfTheirIds() {
    for (String id : List.of("b", "10", "9", "a", "ë", "B", "1", "手", "🎒")) {
      write(document(id, "'name':'" + id + "'"));
    }
    index.commit();
    index.write(List.of(document("a", "'name':'again'")), List.of("9"), new Checkpoint("e", 50));
    reopen();
    assertThat(index.documents("", 100)).extracting(Document::id).containsExactly("1", "10", "B", "a", "b", "ë", "手", "🎒");
    assertThat(index.documents("", 3)).extracting(Document::id).containsExactly("1", "10", "B");
    assertThat(index.documents("B", 3)).extracting(Document::id).containsExactly("a", "b", "ë");
    assertThat(index.documents("9", 1)).as("after an id that is not there").extracting(Document::id).containsExactly("B");
    assertThat(index.documents("🎒", 3)).isEmpty();
    assertThat(index.documents("a", 1)).containsExactly(document("b", "'name':'b'"));
  }

  @Test
  void listsDocumentsPageByPage() {
    for (int i = 0; i < 103; i++) {
      write(document(Integer.toString(i * 7 % 103), ""));
      if (i % 20 == 0) {
        index.commit();
      }
    }
    reopen();
    List<String> listed = new ArrayList<>();
    List<Document> page = index.documents("", 10);
    while (!page.isEmpty()) {
      page.forEach(document -> listed.add(document.id()));
      page = index.documents(listed.get(listed.size() - 1), 10);
    }
    assertThat(listed).isEqualTo(IntStream.range(0, 103).mapToObj(Integer::toString).sorted().toList());
  }

  // Visibility

  @Test
  void showsWhatWasWrittenWithinHalfASecond() {
    for (int i = 1; i <= 3; i++) {
      int round = i;
      write(document("a", "'name':'round" + round + "'"), document("b" + round, ""));
      seenInHalfASecond(() -> index.search(words("round" + round)).total() == 1 && index.documents() == 1 + round);
    }
    index.write(List.of(), List.of("a"), new Checkpoint("e", 100));
    seenInHalfASecond(() -> index.search(words("round3")).total() == 0 && index.documents("", 10).size() == 3);
    index.clear();
    seenInHalfASecond(() -> index.documents() == 0);
  }

  /** Searches until it sees what it should; a search that begins half a second from now has to. */
  private static void seenInHalfASecond(BooleanSupplier sees) {
    long written = System.nanoTime();
    long began;
    do {
      began = System.nanoTime();
      if (sees.getAsBoolean()) {
        return;
      }
    } while (began - written < TimeUnit.MILLISECONDS.toNanos(500));
    fail("not seen after half a second");
  }

  @Test
  void isSearchedWhileItIsWritten() throws Exception {
    ExecutorService searchers = Executors.newFixedThreadPool(2);
    AtomicBoolean written = new AtomicBoolean();
    List<Future<?>> searches = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      searches.add(searchers.submit(() -> {
        long most = 0;
        while (!written.get()) {
          Result result = index.search(
              Query.of("bag").within(new Range("price", BigDecimal.ZERO, null)).by(new Order("price", true)).page(1, 100));
          assertThat(result.total()).isGreaterThanOrEqualTo(most);
          most = result.total();
          index.documents("1", 20);
        }
      }));
    }
    for (int i = 0; i < 300; i++) {
      write(document(Integer.toString(i), "'name':'bag " + i + "','price':" + i));
      if (i % 50 == 0) {
        index.commit();
      }
    }
    written.set(true);
    for (Future<?> each : searches) {
      each.get(30, TimeUnit.SECONDS);
    }
    searchers.shutdown();
    reopen();
    assertThat(index.search(words("bag")).total()).isEqualTo(300);
  }

  // What searches see

  @Test
  void searchesNeverSeeWhatWasLongerAgoWhileDocumentsKeepComing() throws Exception {
    ConcurrentSkipListMap<Long, Long> writtenAt = new ConcurrentSkipListMap<>(Map.of(System.nanoTime(), 0L));
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
      while (!enough.get()) {
        write(document(Long.toString(sequence + 1), "'name':'bag'"));
        writtenAt.put(System.nanoTime(), sequence);
      }
    });
    int searches = 0;
    for (long begun = System.nanoTime(); System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(2_000); searches++) {
      long longAgo = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(500);
      Map.Entry<Long, Long> written = writtenAt.floorEntry(longAgo);
      long total = index.search(words("bag")).total();
      assertThat(total).as("search %d", searches).isGreaterThanOrEqualTo(written == null ? 0 : written.getValue());
    }
    enough.set(true);
    writing.get(10, TimeUnit.SECONDS);
    assertThat(searches).isPositive();
    index.refresh();
    assertThat(index.search(words("bag")).total()).isEqualTo(sequence).isGreaterThan(100);
  }

  /** How old what it shows may be counts from the write, not from the refresh before. */
  @Test
  void aSearchRightAfterAWriteDoesNotWaitUntilItIsVisible() {
    boolean before = false;
    for (int attempt = 0; attempt < 10 && !before; attempt++) {
      index.refresh();
      long seen = index.search(words("bag")).total();
      // Nothing but time has to pass: more than what it shows may be old.
      await().pollDelay(Duration.ofMillis(600)).until(() -> true);
      write(document(Long.toString(sequence + 1), "'name':'bag'"));
      before = index.search(words("bag")).total() == seen;
    }
    assertThat(before).as("a search answered without it").isTrue();
  }
}
