package routes.services.indexa;

import com.fasterxml.jackson.databind.node.ObjectNode;
import product.Json;
import product.Product;
import search.Schema;

/** Index A keeps name and description, to be found by their words; one in the name counts more. */
final class IndexADocument {

  static final Schema SCHEMA = Schema.of(Schema.text("name", 3), Schema.text("description", 1));

  private IndexADocument() {}

  /** The Message Translator: the part of a product that index A cares about. */
  static ObjectNode of(Product product) {
    ObjectNode content = Json.MAPPER.createObjectNode();
    content.set("name", product.attribute("name"));
    content.set("description", product.attribute("description"));
    return content;
  }
}
