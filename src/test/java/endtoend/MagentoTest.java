package endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real shop's catalogue, with text ids, indexed from a table that H2 reads from a file: configuration and SQL, no Java. */
@Timeout(120)
class MagentoTest {

  private static final String IDS = "SELECT sku AS id FROM catalog";
  private static final String FULL =
      "SELECT sku AS id, * EXCEPT (sku, price), CAST(price AS DECIMAL(12, 2)) AS price FROM catalog";
  private static final String PRICE = "SELECT sku AS id, CAST(price AS DECIMAL(12, 2)) AS price FROM catalog";

  @TempDir
  private Path folder;

  @Test
  void everyProductOfTheFileIsServedAndIndexedAsItStandsThere() throws Exception {
    Magento.assumeIsThere();
    String url = "jdbc:h2:mem:" + folder.getFileName()
        + ";DB_CLOSE_DELAY=-1;INIT=CREATE TABLE IF NOT EXISTS catalog AS SELECT * FROM CSVREAD('"
        + Magento.CSV + "')";
    try (Backend backend = new Backend(folder.resolve("kv")); Source source = new Source(url)) {
      backend
          .with("source.url", url)
          .with("source.ids-sql", Files.writeString(folder.resolve("ids.sql"), IDS))
          .with("index.sql", Files.writeString(folder.resolve("full.sql"), FULL));
      backend.start("broker");
      backend.start("services");

      Backend.Ended ended = backend.index("fullIndex");

      assertThat(ended.status()).as("%s", ended.log().lines()).isZero();
      assertThat(ended.log().complaints()).isEmpty();
      Map<String, ObjectNode> rows = source.rows(FULL);
      Magento.assertIndexed(backend, rows);
      Magento.assertSearchable(backend);
      ObjectNode hoodie = rows.get("MH01-XS-Black");
      assertThat(hoodie).hasSize(70);
      assertThat(hoodie.path("description").textValue()).startsWith("<p>Ideal for cold-weather training").contains("&bull;")
          .endsWith("</p>");
      assertThat(hoodie.path("price").decimalValue()).isEqualTo("52.00");

      source.update("update catalog set price = '51.95' where sku = 'MH01-XS-Black'");
      backend.with("index.sql", Files.writeString(folder.resolve("price.sql"), PRICE));
      assertThat(backend.index("priceIndex").status()).isZero();
      Magento.assertIndexed(backend, source.rows(FULL));
      assertThat(backend.json("/products/MH01-XS-Black").path("price").decimalValue()).isEqualTo("51.95");
      source.execute("shutdown");
    }
  }
}
