package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The catalogue of a real demo shop, where this machine has it, and what is to become of it. */
final class Magento {

  static final Path CSV = Path.of("../shared/data/magento-sample-catalog.csv").toAbsolutePath().normalize();
  static final int PRODUCTS = 1_994;

  private Magento() {}

  /** Skips the test where the file is not there. */
  static void assumeIsThere() {
    assumeTrue(Files.isReadable(CSV), () -> "SKIPPED: " + CSV + " is not there; the project has no copy of it");
  }

  /** Checks that every row is a product, and a document in A and B, without any change. */
  static void assertIndexed(Backend backend, Map<String, ObjectNode> rows) {
    assertThat(rows).hasSize(PRODUCTS);
    assertThat(backend.json("/status").at("/products/count").intValue()).isEqualTo(PRODUCTS);
    backend.awaitIndexes();
    Map<String, JsonNode> products = backend.products();
    Map<String, JsonNode> a = backend.documents("index-a");
    Map<String, JsonNode> b = backend.documents("index-b");
    assertThat(products.keySet()).containsExactlyInAnyOrderElementsOf(rows.keySet());
    assertThat(a.keySet()).containsExactlyInAnyOrderElementsOf(rows.keySet());
    assertThat(b.keySet()).containsExactlyInAnyOrderElementsOf(rows.keySet());
    rows.forEach((id, row) -> {
      assertThat(products.get(id)).isEqualTo(row);
      assertThat(a.get(id).get("name")).isEqualTo(row.get("name"));
      assertThat(a.get(id).get("description")).isEqualTo(row.get("description"));
      assertThat(b.get(id).get("name")).isEqualTo(row.get("name"));
      assertThat(b.get(id).get("price")).isEqualTo(row.get("price"));
    });
  }

  /** Checks what a customer would look for. */
  static void assertSearchable(Backend backend) {
    JsonNode hoodies = backend.json("/index-a/search?q=kangeroo+hoodie&size=5");
    assertThat(hoodies.at("/hits")).hasSize(5).allSatisfy(hit ->
        assertThat(hit.path("name").textValue()).contains("Chaz Kangeroo Hoodie"));
    JsonNode cheapest = backend.json("/index-b/search?q=hoodie&sort=price&size=100");
    double last = 0;
    for (JsonNode hit : cheapest.path("hits")) {
      assertThat(hit.path("price").doubleValue()).isGreaterThanOrEqualTo(last);
      last = hit.path("price").doubleValue();
    }
    assertThat(last).isPositive();
  }
}
