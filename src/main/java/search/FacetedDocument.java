package search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import product.Product;

/**
 * What an index keeps of each product, and further attributes that documents can be filtered by.
 *
 * @param type what it keeps besides
 * @param attributes none that it keeps anyway
 */
public record FacetedDocument(DocumentType type, List<String> attributes) implements DocumentType {

  @Override
  public Schema schema() {
    return type.schema().with(attributes.stream().map(Schema::keyword).toList());
  }

  @Override
  public ObjectNode content(Product product) {
    ObjectNode content = type.content(product);
    for (String attribute : attributes) {
      JsonNode value = product.attribute(attribute);
      if (!value.isMissingNode()) {
        content.set(attribute, value);
      }
    }
    return content;
  }
}
