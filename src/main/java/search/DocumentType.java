package search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import product.Product;

/**
 * What an index keeps of each product. Its service fills the index by it, and verify tells by it what the index should hold,
 * so that the content must follow from the product alone. An implementation has a public constructor without parameters, and
 * is thread safe.
 */
public interface DocumentType {

  /** The fields by which documents can be searched and sorted. */
  Schema schema();

  /**
   * The Message Translator: the part of a product that the index cares about.
   *
   * @return the document's content, without fields named {@code id} and {@code version}, which every document has besides
   */
  ObjectNode content(Product product);
}
