package routes.services.indexb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import product.Json;
import product.Product;
import search.DocumentType;
import search.Schema;

/** Index B keeps name and price, to be listed by them. */
public final class IndexBDocument implements DocumentType {

  private static final Schema SCHEMA = Schema.of(Schema.sortableName("name"), Schema.decimal("price"));

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public ObjectNode content(Product product) {
    ObjectNode content = Json.MAPPER.createObjectNode();
    content.set("name", product.attribute("name"));
    content.set("price", product.attribute("price"));
    return content;
  }
}
