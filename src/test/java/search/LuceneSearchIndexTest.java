package search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
import search.SearchIndex.Hit;
import search.SearchIndex.Query;
import search.SearchIndex.Result;

@Timeout(60)
class LuceneSearchIndexTest {

  private static final Schema SCHEMA = Schema.of(
      Schema.text("name", 3), Schema.text("description", 1), Schema.decimal("price"), Schema.sortableText("brand"));

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
    return new Query(text, null, null, null, null, false, 1, 100);
  }

  private static Query range(String min, String max) {
    return new Query("", "price", decimal(min), decimal(max), "price", false, 1, 100);
  }

  private static BigDecimal decimal(String number) {
    return number == null ? null : new BigDecimal(number);
  }

  private static Query sorted(String field, boolean descending) {
    return new Query("", null, null, null, field, descending, 1, 100);
  }

  private List<String> found(Query query) {
    Result result = index.search(query);
    List<String> ids = result.hits().stream().map(hit -> hit.document().id()).toList();
    assertThat(result.total()).as("total").isEqualTo(ids.size());
    return ids;
  }

  // Words

  @Test
  void isEmptyAtFirst() {
    assertThat(index.search(words(""))).isEqualTo(new Result(0, List.of()));
    assertThat(index.search(words("bag"))).isEqualTo(new Result(0, List.of()));
    assertThat(index.documents()).isZero();
    assertThat(index.documents("", 10)).isEmpty();
    assertThat(index.documents("x", 10)).isEmpty();
    assertThat(index.document("x")).isEmpty();
    assertThat(index.checkpoint()).isEqualTo(Checkpoint.NONE);
  }

  @Test
  void findsAWordInAnyTextInUpperOrLowerCase() {
    indexed(document("1", "'name':'Red BAG'"), document("2", "'description':'a bag, of course'"),
        document("3", "'name':'Baguette'"));
    assertThat(found(words("bag"))).containsExactlyInAnyOrder("1", "2");
    assertThat(found(words("Bag"))).containsExactlyInAnyOrder("1", "2");
    assertThat(found(words("watch"))).isEmpty();
  }

  @Test
  void weighsAWordInTheNameMore() {
    indexed(document("1", "'name':'watch','description':'goes with the bag'"),
        document("2", "'name':'bag','description':'goes with it'"));
    List<Hit> hits = index.search(words("bag")).hits();
    assertThat(hits).extracting(hit -> hit.document().id()).containsExactly("2", "1");
    assertThat(hits.get(0).score()).isGreaterThan(hits.get(1).score() * 2);
  }

  @Test
  void listsWhatHasMoreOfTheWordsFirst() {
    indexed(document("1", "'name':'red watch'"), document("2", "'name':'red bag'"), document("3", "'name':'blue bag'"));
    assertThat(found(words("red bag"))).startsWith("2").hasSize(3);
  }

  @Test
  void findsPhrasesAndBeginningsOfWords() {
    indexed(document("1", "'name':'red leather bag'"), document("2", "'name':'leather red bags'"));
    assertThat(found(words("\"red leather\""))).containsExactly("1");
    assertThat(found(words("bag*"))).containsExactlyInAnyOrder("1", "2");
  }

  @Test
  void takesMarkupForNoWords() {
    indexed(document("1", "'description':'<p class=x>Soft <b>leather</b>&nbsp;bag</p>'"));
    assertThat(found(words("leather"))).containsExactly("1");
    assertThat(found(words("p"))).isEmpty();
    assertThat(found(words("class"))).isEmpty();
    assertThat(index.search(words("bag")).hits().get(0).document().content().path("description").asText())
        .as("the text is shown as it is").isEqualTo("<p class=x>Soft <b>leather</b>&nbsp;bag</p>");
  }

  @Test
  void findsWordsOfAnyScript() {
    indexed(document("1", "'name':'Größe Zoë'"), document("2", "'name':'手提包'"), document("3", "'name':'Сумка'"));
    assertThat(found(words("größe"))).containsExactly("1");
    assertThat(found(words("提"))).containsExactly("2");
    assertThat(found(words("сумка"))).containsExactly("3");
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
    assertThat(found(new Query("bag", "price", new BigDecimal("1.5"), null, null, false, 1, 10))).containsExactly("2");
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
      Result result = index.search(new Query("bag", null, null, null, sort, descending, page, 7));
      assertThat(result.total()).isEqualTo(25);
      assertThat(result.hits()).hasSize(page < 4 ? 7 : page == 4 ? 4 : 0);
      result.hits().forEach(hit -> all.add(hit.document().id()));
    }
    assertThat(all).hasSize(25).doesNotHaveDuplicates();
    assertThat(all).isEqualTo(found(new Query("bag", null, null, null, sort, descending, 1, 100)));
  }

  // What users type

  static Stream<String> nastyInput() {
    return Stream.of(
        "\"", "'", "\"bag", "bag\"", "\"\"", "\" \"", "(", ")", "()", "((((", "))))", "(bag", "bag)", "(bag))", "bag AND", "AND",
        "OR", "NOT", "bag OR", "AND OR NOT", "+", "-", "|", "||", "&&", "!", "+bag", "-bag", "--bag", "|bag", "bag|", "+-bag",
        "-\"bag\"", "*", "**", "?", "bag*", "*bag", "b*g", "~", "~2", "bag~", "bag~2", "bag~99999999999999999999", "bag~-1",
        "bag~x", "\"red bag\"~", "\"red bag\"~3", "\"red bag\"~99999999999", "^", "bag^2", "bag^", "name:bag", ":", "name:",
        "[1 TO 2]", "{a TO b}", "[", "]", "{", "}", "/bag/", "/(/", "\\", "\\\\", "bag\\", "\\\"", "<", ">", "<b>", "</", "<!--",
        "&", "&#", "&#x110000;", "&amp;", "%", "%00", "\u0000", "\u0001\u001f", "\n", "\u2028", "\ufeff", "\uffff", "\ud800",
        "\udc00bag", "🎒", "ë", "ﷺ".repeat(50), "中文", "a".repeat(1_000), "1e-999999999", "NaN", "null",
        "'; DROP TABLE product; --", "${jndi:ldap://x}", "../../etc/passwd", "a ".repeat(100), "\"a b\" ".repeat(40),
        "(".repeat(1_000), ")".repeat(1_000), "-".repeat(1_000), "(a".repeat(40) + ")".repeat(20),
        "(".repeat(499) + "a" + ")".repeat(500), "a*".repeat(500), "a~2 ".repeat(50), "\"".repeat(999), "|".repeat(999),
        "a|".repeat(100), "+a -b ".repeat(40), "<".repeat(1_000), "&".repeat(1_000));
  }

  @Test
  void takesWhateverAUserTypes() {
    indexed(document("1", "'name':'red bag'"));
    List<String> refused = new ArrayList<>();
    nastyInput().forEach(text -> {
      try {
        assertThat(index.search(words(text)).total()).isBetween(0L, 1L);
        assertThat(index.search(new Query(text, "price", BigDecimal.ONE, null, "price", true, 1, 10)).total()).isZero();
      } catch (RuntimeException e) {
        refused.add(text + " gives " + e);
      }
    });
    assertThat(refused).isEmpty();
  }

  @Test
  void takesAsManyWordsAsFitIntoAThousandCharacters() {
    indexed(document("1", "'name':'一'"), document("2", "'name':'bag'"));
    StringBuilder ideographs = new StringBuilder();
    StringBuilder words = new StringBuilder();
    for (char c = '一'; ideographs.length() < 1_000; c++) {
      ideographs.append(c);
      words.append(c).append(' ');
    }
    assertThat(found(words(ideographs.toString()))).containsExactly("1");
    assertThat(found(words(words.substring(0, 1_000)))).containsExactly("1");
  }

  @Test
  void takesWordsThatResembleManyOthers() {
    List<String> words = IntStream.range(100, 300).mapToObj(i -> "word" + i).toList();
    indexed(words.stream().map(word -> document(word,
        "'name':'" + word + "','description':'" + word + "'")).toArray(Document[]::new));
    // Read as the words alone: to look for what resembles them would take seconds.
    String text = words.stream().map(word -> word + "~2 ").limit(30).reduce("", String::concat);
    assertThat(index.search(words(text)).total()).isEqualTo(30);
    assertThat(index.search(words("w* ".repeat(100))).total()).isEqualTo(200);
  }

  @Test
  void takesAnySequenceOfOperatorsAndWords() {
    indexed(document("1", "'name':'red bag'"));
    String[] pieces = {"\"", "(", ")", "+", "-", "|", "*", "~", "2", "\\", " ", "bag", "red", "^", ":", "<b", "&", "ë",
        "\ud83c", "一"};
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(12); length >= 0; length--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      try {
        assertThat(index.search(words(text.toString())).total()).isBetween(0L, 1L);
      } catch (RuntimeException e) {
        fail("the input " + text + " gives " + e, e);
      }
    }
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
    // More than Lucene's buffer of 32 MB, so that it writes segments, which without a commit count for nothing.
    String large = "x".repeat(1 << 20);
    for (int i = 3; i < 43; i++) {
      write(document(Integer.toString(i), "'other':'" + large + "'"));
    }
    index.write(List.of(document("1", "'name':'watch'")), List.of("2"), new Checkpoint("e", 50));
    try (LuceneSearchIndex killed = copyAsAfterAKill("before")) {
      assertThat(killed.checkpoint()).isEqualTo(new Checkpoint("e", 2));
      assertThat(killed.documents("", 10)).containsExactly(document("1", "'name':'bag'"), document("2", "'name':'bag'"));
    }
    index.commit();
    try (LuceneSearchIndex killed = copyAsAfterAKill("after")) {
      assertThat(killed.checkpoint()).isEqualTo(new Checkpoint("e", 50));
      assertThat(killed.documents()).isEqualTo(41);
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

  @Test
  void refusesToShareItsFolder() {
    assertThatExceptionOfType(SearchException.class).isThrownBy(() -> new LuceneSearchIndex(folder(), SCHEMA))
        .withMessage("the index " + folder() + " is in use by another process: stop that one first");
    indexed(document("1", ""));
    assertThat(index.documents()).as("the first goes on").isEqualTo(1);
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
          Result result = index.search(new Query("bag", "price", BigDecimal.ZERO, null, "price", true, 1, 100));
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
}
