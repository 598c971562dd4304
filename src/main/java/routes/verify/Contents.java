package routes.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import product.Product;
import search.DocumentType;
import verify.Fingerprint;

/**
 * What is compared of products and documents. Thread safe.
 *
 * @param ignored attributes of products that don't count
 * @param documents what each index keeps, in the order of the indexes
 */
record Contents(Set<String> ignored, List<DocumentType> documents) {

  /** Of a product of the source. */
  Fingerprint ofSource(Product product) {
    ObjectNode counting = product.tree().objectNode();
    counting.setAll(product.tree());
    return Fingerprint.of(counting.remove(ignored));
  }

  /** Of a product of the product data service: itself, and what each index should make of it. */
  List<Fingerprint> ofProduct(Product product) {
    List<Fingerprint> contents = new ArrayList<>();
    contents.add(ofSource(product));
    documents.forEach(type -> contents.add(Fingerprint.of(type.content(product))));
    return contents;
  }

  /** Of a document as the index shows it. */
  static Fingerprint ofDocument(ObjectNode document) {
    return Fingerprint.of(document.without(List.of("id", "version")));
  }
}
