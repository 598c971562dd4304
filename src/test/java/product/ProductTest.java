package product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProductTest {

  @ParameterizedTest
  @CsvSource({
      "17, 17", "-3, -3", "0, 0", "9223372036854775808, 9223372036854775808", "12.50, 12.50", "'\"17\"', 17",
      "'\" a/ë \"', ' a/ë '"})
  void namesAProductByTheTextOfItsId(String id, String text) {
    assertThat(Product.idText(Json.parse(id))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "true", "{}", "[]", "[1]", "{\"id\":1}"})
  void refusesAnIdThatIsNeitherNumberNorText(String id) {
    assertThatIllegalArgumentException().isThrownBy(() -> Product.idText(Json.parse(id)))
        .withMessageStartingWith("id must be a number or a text, but is ");
  }

  @Test
  void refusesAProductWithoutId() {
    assertThatIllegalArgumentException().isThrownBy(() -> Product.idText(null)).withMessageEndingWith("but is missing");
    assertThatIllegalArgumentException().isThrownBy(() -> Product.idText(Product.ofJson("{}").attribute("id")))
        .withMessageContaining("MISSING");
  }

  @Test
  void refusesAnIdWithoutOrWithTooManyCharacters() {
    assertThat(Product.idText(Json.parse("\"" + "x".repeat(512) + "\""))).hasSize(512);
    assertThatIllegalArgumentException().isThrownBy(() -> Product.idText(Json.parse("\"" + "x".repeat(513) + "\"")))
        .withMessage("id must have 1 to 512 characters, but has 513");
    assertThatIllegalArgumentException().isThrownBy(() -> Product.idText(Json.parse("\"\"")))
        .withMessage("id must have 1 to 512 characters, but has 0");
  }

  @Test
  void isTheSameAsTextAndAsTree() {
    String json = "{\"id\":1,\"name\":\"Bag\",\"price\":12.50}";
    Product text = Product.ofJson(json);
    Product tree = Product.of((ObjectNode) Json.parse(json));
    assertThat(text).isEqualTo(tree).hasSameHashCodeAs(tree).hasToString(json);
    assertThat(tree).hasToString(json);
    assertThat(text.tree()).isEqualTo(tree.tree());
    assertThat(text).isNotEqualTo(Product.ofJson("{\"id\":2}")).isNotEqualTo(json);
  }

  @Test
  void passesItsTextOnUnchanged() {
    String json = "{ \"id\" : 1,  \"price\":12.500 }";
    Product product = Product.ofJson(json);
    product.tree();
    assertThat(product.json()).isSameAs(json);
  }

  @Test
  void tellsANullFromAnAbsentAttribute() {
    Product product = Product.ofJson("{\"id\":1,\"name\":null}");
    assertThat(product.attribute("name").isNull()).isTrue();
    assertThat(product.attribute("name").isMissingNode()).isFalse();
    assertThat(product.attribute("price").isMissingNode()).isTrue();
  }
}
