package routes.services.indexa;

import com.fasterxml.jackson.databind.node.ObjectNode;
import product.Json;
import product.Product;
import search.DocumentType;
import search.Schema;

/** Index A keeps name and description, to be found by their words; one in the name counts more. */
public final class IndexADocument implements DocumentType {

  private static final Schema SCHEMA = Schema.of(Schema.name("name", 3), Schema.text("description", 1));

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public ObjectNode content(Product product) {
    ObjectNode content = Json.MAPPER.createObjectNode();
    content.set("name", product.attribute("name"));
    content.set("description", product.attribute("description"));
    return content;
  }
}
