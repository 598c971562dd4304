package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the README says about adding an attribute group and an index, done as it says, with the text that stands there. */
@Timeout(120)
class AddAnIndexTest {

  private static final Path README = Path.of("README.md");
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Path RESOURCES = Path.of("src/main/resources");
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final int PRODUCTS = 200;
  private static final int HEAP_MB = 256;

  @TempDir
  private Path folder;

  private final List<JavaProcess> started = new ArrayList<>();
  private Backend backend;
  private Path classes;

  @BeforeEach
  void doesWhatTheReadmeSays() throws Exception {
    classes = Files.createDirectories(folder.resolve("classes"));
    addAttributeGroup();
    addIndex();
    backend = new Backend(folder.resolve("kv")).with("sample.products", PRODUCTS).with("index-c.url", "{{product-data.url}}")
        .with("index-a.url", "{{product-data.url}}").with("index-b.url", "{{product-data.url}}");
  }

  @AfterEach
  void stops() {
    started.forEach(JavaProcess::close);
    backend.close();
  }

  private void addAttributeGroup() throws Exception {
    Files.createDirectories(classes.resolve("sql"));
    Files.writeString(classes.resolve("sql/stock.sql"), """
        SELECT p.id AS id, s.pieces AS stock
        FROM sample.product AS p
        LEFT JOIN sample.stock AS s ON s.product_id = p.id
        """);
    Files.writeString(classes.resolve("sql/full.sql"), Files.readString(RESOURCES.resolve("sql/full.sql"))
        .replace("AS currency", "AS currency,\n  s.pieces AS stock") + "LEFT JOIN sample.stock AS s ON s.product_id = p.id\n");
    Files.writeString(classes.resolve("application-stockIndex.properties"),
        Files.readString(RESOURCES.resolve("application-priceIndex.properties")).replace("price", "stock"));
  }

  private void addIndex() throws Exception {
    Path sources = Files.createDirectories(folder.resolve("java"));
    String routes = Files.readString(SOURCES.resolve("routes/services/indexa/IndexARoutes.java"));
    Files.writeString(sources.resolve("IndexCRoutes.java"), routes
        .replace("indexa", "indexc").replace("IndexA", "IndexC").replace("index-a", "index-c").replaceAll("([Ii])ndex A", "$1ndex C"));
    Files.writeString(sources.resolve("IndexCDocument.java"), block("package routes.services.indexc;"));
    compile(sources);
    String added = block("index-c.tags");
    String properties = Files.readString(RESOURCES.resolve("application.properties"));
    List<String> set = added.lines().map(line -> line.substring(0, line.indexOf(' '))).toList();
    Files.writeString(classes.resolve("application.properties"), properties.lines()
        .filter(line -> set.stream().noneMatch(key -> line.startsWith(key + " ="))).collect(Collectors.joining("\n")) + "\n" + added);
  }

  /** A block of the README's section that begins so, without its indentation. */
  private static String block(String beginning) throws Exception {
    String readme = Files.readString(README);
    String section = readme.substring(readme.indexOf("### Add an index\n"));
    Matcher block = Pattern.compile("(?m)^( {4,})" + Pattern.quote(beginning) + "(.*\n)(?:\\1.*\n|\n(?=\\1))*").matcher(section);
    assertThat(block.find()).as("a block that begins with %s", beginning).isTrue();
    return block.group().replaceAll("(?m)^" + block.group(1), "");
  }

  private void compile(Path sources) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter output = new StringWriter();
    List<String> options = List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-Xlint:all,-processing,-path", "-Werror");
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> all = Files.list(sources)) {
      List<File> toCompile = all.map(Path::toFile).toList();
      assertThat(compiler.getTask(output, files, null, options, null, files.getJavaFileObjectsFromFiles(toCompile)).call())
          .as("%s", output).isTrue();
    }
  }

  private JavaProcess start(String profile, Object... keysAndValues) {
    JavaProcess process = JavaProcess.startWith(classes, folder.resolve("logs"), backend, profile, HEAP_MB, keysAndValues);
    started.add(process);
    return process;
  }

  private JsonNode awaitIndexC() {
    return await().atMost(BOUND).pollInterval(Duration.ofMillis(50)).ignoreExceptions().until(() -> {
      JsonNode status = backend.json("/status");
      for (JsonNode index : status.path("indexes")) {
        if (index.path("name").textValue().equals("index-c")
            && index.path("checkpoint").longValue() == status.at("/products/sequence").longValue()) {
          return index;
        }
      }
      return null;
    }, index -> index != null);
  }

  /** What an index holds, without versions: what it reads from the feed has those of other attribute groups too. */
  private Map<String, JsonNode> contents(String index) {
    Map<String, JsonNode> contents = new TreeMap<>();
    backend.documents(index).forEach((id, document) -> contents.put(id, ((ObjectNode) document).without("version")));
    return contents;
  }

  @Test
  void anIndexOfOnesOwnFillsItselfAndIsSearchedAndVerified() throws Exception {
    backend.start("broker");
    Backend.Process before = backend.start("services");
    assertThat(backend.index("fullIndex").status()).isZero();
    try (Source source = new Source("jdbc:h2:file:" + folder.resolve("kv/source/shop") + ";AUTO_SERVER=TRUE")) {
      source.execute("create table sample.stock (product_id integer primary key, pieces integer)");
      source.execute("insert into sample.stock select id, mod(id, 7) from sample.product where id <> 13");
      assertThat(backend.index("fullIndex", "index.sql", classes.resolve("sql/full.sql")).status()).isZero();
      before.stop();

      // The new index knows nothing yet, and no indexer runs.
      start("services");
      assertThat(awaitIndexC().path("documents").intValue()).isEqualTo(PRODUCTS);
      backend.awaitSearchers();
      Map<String, ObjectNode> expected = source.rows("""
          select p.id, p.name, s.pieces as stock from sample.product p left join sample.stock s on s.product_id = p.id""");
      Map<String, JsonNode> documents = backend.documents("index-c");
      assertThat(documents.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
      expected.forEach((id, row) -> {
        assertThat(documents.get(id).path("name")).isEqualTo(row.get("name"));
        assertThat(documents.get(id).path("stock")).isEqualTo(row.get("stock"));
      });

      JsonNode found = backend.json("/index-c/search?maxStock=3&sort=stock&size=100");
      assertThat(found.path("total").intValue())
          .isEqualTo((int) expected.values().stream().filter(row -> row.path("stock").isNumber() && row.path("stock").intValue() <= 3).count());
      List<Integer> stocks = new ArrayList<>();
      found.path("hits").forEach(hit -> stocks.add(hit.path("stock").intValue()));
      assertThat(stocks).hasSize(100).isSorted().allMatch(stock -> stock <= 3).contains(0, 1);
      assertThat(backend.json("/index-c/documents/13").path("stock").isNull()).isTrue();

      // Its own attribute group reaches it, and changes nothing in another index.
      backend.awaitIndexes();
      Map<String, JsonNode> ofIndexA = contents("index-a");
      source.execute("update sample.stock set pieces = 99 where product_id = 17");
      JavaProcess indexer = start("stockIndex");
      assertThat(indexer.awaitEnd()).as(indexer.output()).isZero();
      awaitIndexC();
      await().atMost(BOUND).until(() -> backend.json("/index-c/documents/17").path("stock").intValue() == 99);
      backend.awaitIndexes();
      assertThat(contents("index-a")).hasSize(PRODUCTS).isEqualTo(ofIndexA);

      JavaProcess verify = start("verify");
      assertThat(verify.awaitEnd()).as(verify.output()).isZero();
      assertThat(verify.output()).contains("index-c");
    }
  }
}
