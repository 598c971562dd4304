package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** A real PostgreSQL as the source, through configuration alone. */
@Timeout(120)
class PostgresTest {

  private static EmbeddedPostgres server;

  @TempDir
  private Path folder;

  private Backend backend;
  private Source source;

  @BeforeAll
  static void startsPostgres() {
    try {
      server = EmbeddedPostgres.builder().start();
    } catch (IOException | IllegalStateException e) {
      abort("SKIPPED: PostgreSQL does not start on this machine: " + e);
    }
  }

  @AfterAll
  static void stopsPostgres() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void startsTheBackend() throws Exception {
    String url = "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    source = new Source(url, "postgres");
    source.execute("drop schema public cascade; create schema public");
    backend = new Backend(folder.resolve("kv")).with("source.url", url).with("source.user", "postgres")
        .with("queue.chunk-size", 100);
    backend.start("broker");
    backend.start("services");
  }

  @AfterEach
  void stops() throws Exception {
    backend.close();
    source.close();
  }

  private Backend.Ended index(String command, String ids, String group, Object... keysAndValues) throws IOException {
    backend.with("source.ids-sql", Files.writeString(folder.resolve("ids.sql"), ids))
        .with("index.sql", Files.writeString(folder.resolve(command + ".sql"), group));
    return backend.index(command, keysAndValues);
  }

  private static void succeeded(Backend.Ended ended) {
    assertThat(ended.status()).as("%s", ended.log().lines()).isZero();
    assertThat(ended.log().complaints()).isEmpty();
  }

  @Test
  void theMagentoCatalogueIsIndexedFromPostgresByItsTextIds() throws Exception {
    Magento.assumeIsThere();
    String header;
    try (Stream<String> lines = Files.lines(Magento.CSV)) {
      header = lines.findFirst().orElseThrow();
    }
    source.execute("create table catalog (" + header.replace(",", " text, ") + " text)");
    try (Reader csv = Files.newBufferedReader(Magento.CSV)) {
      source.connection().unwrap(PGConnection.class).getCopyAPI().copyIn("copy catalog from stdin (format csv, header)", csv);
    }
    source.execute("alter table catalog rename column sku to id; alter table catalog add primary key (id);"
        + "alter table catalog alter column price type numeric(10, 2) using price::numeric(10, 2)");

    succeeded(index("fullIndex", "select id from catalog", "select * from catalog"));

    Magento.assertIndexed(backend, source.rows("select * from catalog"));
    Magento.assertSearchable(backend);
  }

  @Test
  void numericIdsExactDecimalsAndEveryUsualTypeArriveAsTheyAre() throws Exception {
    source.execute("""
        create table product (id bigint primary key, name text, price numeric(10, 2), exact numeric, small smallint,
          ratio double precision, single real, flag boolean, day date, stamp timestamptz, code uuid, attrs jsonb, tags text[]);
        insert into product values
          (1, E'Ünï ''q'' \\\\ \\t 木漏れ日 🥊 <b>&amp;</b>', 12.50, 12345678901234567890.123456789012345678901234567890, -7,
            0.1, 0.5, true, '2024-02-29', '2024-05-01 10:00:00.123456+02', '00112233-4455-6677-8899-aabbccddeeff',
            '{"a": [1, null]}', '{x,y}'),
          (9007199254740993, '', 0.10, 1e30, 0, 1e300, 3, false, '0999-12-31', '1969-12-31 23:59:59+00', null, null, null),
          (3, null, null, null, null, null, null, null, null, null, null, null, null);""");

    succeeded(index("fullIndex", "select id from product;",
        "select id, name, price, exact, small, ratio, single, flag, day, stamp, code, attrs::text as attrs,"
            + " array_to_json(tags)::text as tags from product"));

    assertThat(backend.get("/products/1").body())
        .contains("\"exact\":12345678901234567890.123456789012345678901234567890,", "\"price\":12.50,");
    JsonNode one = backend.json("/products/1");
    assertThat(one.path("id").isIntegralNumber()).isTrue();
    assertThat(one.path("name").textValue()).isEqualTo("Ünï 'q' \\ \t 木漏れ日 🥊 <b>&amp;</b>");
    assertThat(one.path("small").intValue()).isEqualTo(-7);
    assertThat(one.path("ratio").decimalValue()).isEqualTo("0.1");
    assertThat(one.path("single").decimalValue()).isEqualTo("0.5");
    assertThat(one.path("flag").booleanValue()).isTrue();
    assertThat(one.path("day").textValue()).isEqualTo("2024-02-29");
    assertThat(one.path("stamp").textValue()).isEqualTo("2024-05-01T08:00:00.123456Z");
    assertThat(one.path("code").textValue()).isEqualTo("00112233-4455-6677-8899-aabbccddeeff");
    assertThat(one.path("attrs").textValue()).isEqualTo("{\"a\": [1, null]}");
    assertThat(one.path("tags").textValue()).isEqualTo("[\"x\",\"y\"]");
    JsonNode large = backend.json("/products/9007199254740993");
    assertThat(large.path("id").longValue()).isEqualTo(9007199254740993L);
    assertThat(large.path("exact").decimalValue()).isEqualByComparingTo("1e30");
    assertThat(large.path("price").decimalValue()).isEqualTo("0.10");
    JsonNode nulls = backend.json("/products/3");
    assertThat(nulls.properties()).hasSize(13).filteredOn(field -> !field.getKey().equals("id"))
        .allMatch(field -> field.getValue().isNull());
    backend.awaitIndexes();
    assertThat(backend.documents("index-a").keySet()).containsExactlyInAnyOrder("1", "3", "9007199254740993");
    assertThat(backend.json("/index-b/search?maxPrice=0.10").path("total").intValue()).isEqualTo(1);
  }

  @Test
  void aColumnThatHasNoJsonFormIsRefusedProductByProductWithWhatToDo() throws Exception {
    source.execute("""
        create table product (id integer primary key, attrs jsonb, tags text[]);
        insert into product values (1, '{}', null), (2, null, '{x}'), (3, null, null)""");

    Backend.Ended ended = index("fullIndex", "select id from product", "select * from product");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.log().lines(Level.ERROR)).anyMatch(line -> line.matches("  product 1: column attrs .* cast it to a text.*"))
        .anyMatch(line -> line.matches("  product 2: column tags .* cast it to a text.*"));
    assertThat(ended.log().stackTraces()).isEmpty();
    assertThat(backend.json("/status").at("/products/count").intValue()).isEqualTo(1);
  }

  @Test
  void idsOfAnyTypeThatIsANumberOrATextAreReadBackByTheirIds() throws Exception {
    for (Map.Entry<String, List<String>> each : Map.of(
        "integer", List.of("1", "-2", "2147483647"),
        "numeric(20)", List.of("5", "12345678901234567890"),
        "numeric(10, 2)", List.of("1.50", "2.00"),
        "varchar(20)", List.of("a", "A", "a ", "é", "10", "9"),
        "text", List.of("b", "{x}", "\"q\"", "a,b", "\\n", "NULL"),
        "char(6)", List.of("ab", "abcdef")).entrySet()) {
      source.execute("drop table if exists product; create table product (id " + each.getKey() + " primary key, type text)");
      for (String id : each.getValue()) {
        source.update("insert into product values (cast(? as " + each.getKey() + "), ?)", id, each.getKey());
      }
      String ids = "select id from product";
      String group = "select * from product";
      // Sweeps what was there before, whatever its type: texts that are no numbers, and numbers too large for a column.
      succeeded(index("fullIndex", ids, group, "delete.max-percent", 100));

      Map<String, JsonNode> products = backend.products();
      assertThat(products.keySet()).as(each.getKey()).containsExactlyInAnyOrderElementsOf(source.rows(ids).keySet())
          .hasSize(each.getValue().size());
      assertThat(products.values()).allMatch(product -> product.path("type").textValue().equals(each.getKey()));

      String last = source.rows(ids).keySet().iterator().next();
      source.update("update product set type = 'changed'");
      Path given = Files.writeString(folder.resolve("ids.txt"), last + "\n99999999999\nnone\n");
      succeeded(index("fullIndex", ids, group, "product.ids", "@" + given, "delete.max-percent", 100));
      assertThat(backend.products().get(last).path("type").textValue()).as("%s: %s", each.getKey(), last).isEqualTo("changed");
      assertThat(backend.products().values().stream().filter(product -> product.path("type").textValue().equals("changed")))
          .as("the others are not read").hasSize(1);
    }
  }

  @Test
  void timesWithoutZoneStayAsTheyAreAndOthersAreMoments() throws Exception {
    source.execute("""
        create table product (id integer primary key, at timestamp, moment timestamptz);
        insert into product values (1, '2026-07-02 03:04:00', '2026-07-02 03:04:00+01')""");
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : List.of("America/New_York", "Asia/Kolkata")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        succeeded(index("fullIndex", "select id from product", "select * from product"));
        assertThat(backend.get("/products/1").body()).as(zone)
            .isEqualTo("{\"id\":1,\"at\":\"2026-07-02T03:04:00\",\"moment\":\"2026-07-02T02:04:00Z\"}");
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void idsOfAnotherTypeAreToldApartInOneLine() throws Exception {
    source.execute("""
        create table product (id uuid primary key, name text);
        insert into product select gen_random_uuid(), 'x' from generate_series(1, 10)""");

    Backend.Ended uncast = index("fullIndex", "select id from product", "select * from product");
    assertThat(uncast.status()).isEqualTo(2);
    assertThat(uncast.log().lines(Level.ERROR).get(0)).contains("source database", "uuid");
    assertThat(uncast.log().stackTraces()).isEmpty();

    succeeded(index("fullIndex", "select id::text as id from product", "select id::text as id, name from product"));
    assertThat(backend.json("/status").at("/products/count").intValue()).isEqualTo(10);
  }

  @Test
  void pricesDeletionsAndBadRowsAreMetAsOnTheSampleDatabase() throws Exception {
    source.execute("""
        create table product (id integer primary key, name text, stock text);
        create table price (product_id integer primary key references product on delete cascade, amount numeric(10, 2));
        insert into product select n, 'name ' || n, n::text from generate_series(1, 250) n;
        insert into price select n, n / 100.0 from generate_series(1, 250) n;""");
    String ids = "select id from product";
    String full = "select p.id, p.name, c.amount as price from product p left join price c on c.product_id = p.id";
    succeeded(index("fullIndex", ids, full));
    assertThat(backend.json("/products/250").path("price").decimalValue()).isEqualTo("2.50");

    source.execute("update price set amount = 99.95 where product_id = 7; delete from price where product_id = 8");
    succeeded(index("priceIndex", ids, "select product_id as id, amount as price from price"));
    assertThat(backend.json("/products/7").path("price").decimalValue()).isEqualTo("99.95");
    assertThat(backend.json("/products/7").path("name").textValue()).isEqualTo("name 7");
    assertThat(backend.json("/products/8").get("price").isNull()).isTrue();

    source.update("update product set stock = 'many' where id = 10");
    Backend.Ended bad = index("fullIndex", ids, "select p.id, p.name, p.stock::integer as stock from product p");
    assertThat(bad.status()).isEqualTo(1);
    assertThat(bad.log().lines(Level.ERROR).get(0)).contains("product 10: its row cannot be read: ", "many");
    ObjectNode eleven = (ObjectNode) backend.json("/products/11");
    assertThat(eleven.path("stock").intValue()).isEqualTo(11);
    assertThat(eleven.has("price")).as("a full index without it removes it").isFalse();
  }

  @Test
  void aRunSurvivesThatItsConnectionsAreCut() throws Exception {
    source.execute("""
        create table product (id integer primary key, name text);
        insert into product select n, 'x' from generate_series(1, 2000) n""");
    Path ids = Files.writeString(folder.resolve("ids.sql"), "select id from product");
    Path full = Files.writeString(folder.resolve("full.sql"), "select * from product");
    try (LogCapture log = new LogCapture()) {
      Backend.Process indexer = backend.launch("fullIndex", "source.ids-sql", ids, "index.sql", full, "queue.chunk-size", 5,
          "publish.window", 2);
      for (int cut = 1; cut <= 5; cut++) {
        long sequence = 200 * cut;
        await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(5))
            .until(() -> backend.json("/status").at("/products/sequence").longValue() >= sequence);
        source.execute("""
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = 'postgres' and pid <> pg_backend_pid()""");
      }

      assertThat(indexer.awaitEnd()).as("%s", log.lines()).isZero();
      assertThat(backend.json("/status").at("/products/count").intValue()).isEqualTo(2_000);
      assertThat(log.stackTraces()).isEmpty();
    }
  }
}
