package routes.services.indexb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import product.Json;
import product.Product;
import search.Schema;

/** Index B keeps name and price, to be listed by them. */
final class IndexBDocument {

  static final Schema SCHEMA = Schema.of(Schema.sortableText("name"), Schema.decimal("price"));

  private IndexBDocument() {}

  /** The Message Translator: the part of a product that index B cares about. */
  static ObjectNode of(Product product) {
    ObjectNode content = Json.MAPPER.createObjectNode();
    content.set("name", product.attribute("name"));
    content.set("price", product.attribute("price"));
    return content;
  }
}
