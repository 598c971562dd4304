package search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import product.Json;
import search.SearchIndex.Checkpoint;
import search.SearchIndex.Document;
import search.SearchIndex.Order;
import search.SearchIndex.Query;
import search.SearchIndex.Result;
import search.TypedText.Part;

/** Any text can be read as a search. */
class TypedTextTest {

  private static final Schema SCHEMA =
      Schema.of(Schema.name("name", 3), Schema.text("description", 1), Schema.decimal("price"), Schema.keyword("brand"));

  private static Path folder;
  private static LuceneSearchIndex index;

  @BeforeContainer
  static void indexesAFewProducts() throws IOException {
    folder = Files.createTempDirectory("typed-text");
    index = new LuceneSearchIndex(folder, SCHEMA);
    List<Document> documents = Stream.of("red bag", "Café", "手提包", "t-shirt 🎒", "jacket").map(name -> new Document(
        name, 1, Json.MAPPER.createObjectNode().put("name", name).put("description", "a " + name).put("brand", "x").put("price", 1))).toList();
    index.write(documents, List.of(), new Checkpoint("e", 1));
    index.close();
    index = new LuceneSearchIndex(folder, SCHEMA);
  }

  @AfterContainer
  static void removesThem() throws IOException {
    index.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Example
  void readsWordsPhrasesAndExclusions() {
    TypedText read = TypedText.of(" red\u00a0t-shirt \"dome tent\" -blue -\"for kids\" 6\"x4 ca");
    assertThat(read.parts()).containsExactly(word("red"), word("t-shirt"), new Part("dome tent", true, false),
        new Part("blue", false, true), new Part("for kids", true, true), word("6"), word("x4"), word("ca"));
    assertThat(read.unfinished()).isTrue();
    assertThat(TypedText.of("").parts()).isEmpty();
    assertThat(TypedText.of("- --x").parts()).containsExactly(word("-"), new Part("-x", false, true));
    assertThat(TypedText.of("a \"b c").parts()).containsExactly(word("a"), word("b"), word("c"));
  }

  private static Part word(String text) {
    return new Part(text, false, false);
  }

  @Example
  void knowsWhetherTheLastWordMayGoOn() {
    assertThat(Stream.of("a", "b a", "\"x\" a", "\"a").map(typed -> TypedText.of(typed).unfinished())).containsOnly(true);
    assertThat(Stream.of("", " ", "a ", "a\n", "a\u00a0", "-a", "\"a\"", "a\"").map(typed -> TypedText.of(typed).unfinished()))
        .containsOnly(false);
  }

  /** Pieces that mean something, and any characters at all, also halves of pairs. */
  @Provide
  Arbitrary<String> typed() {
    Arbitrary<String> pieces = Arbitraries.of("\"", "-", " ", "bag", "ba", "the", "jakcet", "é", "e\u0301", "手", "(", "*", "~2", "name:",
        "\\", "<b", "&", "\u00a0", "'s", "🎒", "\ud83c", "\u0000", "AND", "--");
    return Arbitraries.frequencyOf(Tuple.of(3, pieces), Tuple.of(1, Arbitraries.strings().ofMaxLength(9)))
        .list().ofMaxSize(60).map(list -> String.join("", list));
  }

  @Property(tries = 1_000)
  void anyTextIsASearch(@ForAll("typed") String typed) {
    assertThat(TypedText.of(typed).parts()).hasSizeLessThanOrEqualTo(TypedText.MAX_PARTS);
    Query query = Query.of(typed).page(1, 2);
    Result ranked = index.search(query);
    assertThat(ranked.hits()).hasSize((int) Math.min(2, ranked.total()));
    ranked.hits().forEach(hit -> assertThat(hit.score()).isPositive());
    if (ranked.next() != null) {
      assertThat(index.search(query.after(ranked.next())).total()).isEqualTo(ranked.total());
    }
    assertThat(index.search(query.by(new Order("price", true))).total()).isLessThanOrEqualTo(ranked.total());
    assertThat(index.suggest(typed, 3)).hasSizeLessThanOrEqualTo(3);
  }
}
