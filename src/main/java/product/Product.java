package product;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A product as it travels and is served: a JSON object with {@code id}, a number or a text, and the attributes that were
 * read. It is held as text, as a tree, or both, and converted only when the other form is asked for, so that a service
 * which passes a product on never parses it. Not thread safe while it is converted; do not change the tree.
 */
public final class Product {

  /** The longest id. */
  public static final int ID_CHARACTERS = 512;

  private String json;
  private ObjectNode tree;

  private Product(String json, ObjectNode tree) {
    this.json = json;
    this.tree = tree;
  }

  /** A product from JSON text that is known to be well-formed. */
  public static Product ofJson(String json) {
    return new Product(Json.ascii(json), null);
  }

  /** A product from a tree that nobody changes any more. */
  public static Product of(ObjectNode tree) {
    return new Product(null, tree);
  }

  /** The JSON text, what is not ASCII escaped. */
  public String json() {
    if (json == null) {
      json = Json.writeAscii(tree);
    }
    return json;
  }

  /** The length of the JSON text, in bytes. */
  public int bytes() {
    return json().length();
  }

  /** Id and attributes; an attribute that the database has as NULL is a JSON null, one that was never read is absent. */
  public ObjectNode tree() {
    if (tree == null) {
      tree = (ObjectNode) Json.parse(json);
    }
    return tree;
  }

  /** An attribute's value; a missing node when the product has no such attribute. */
  public JsonNode attribute(String name) {
    return tree().path(name);
  }

  /**
   * An id in the form that it has everywhere but inside the product: text.
   *
   * @param id the value of a product's {@code id}
   * @throws IllegalArgumentException if it is neither a number nor a text of 1 to {@link #ID_CHARACTERS} characters
   */
  public static String idText(JsonNode id) {
    if (id == null || !(id.isNumber() || id.isTextual())) {
      throw new IllegalArgumentException("id must be a number or a text, but is " + (id == null ? "missing" : id.getNodeType()));
    }
    String text = id.asText();
    if (text.isEmpty() || text.length() > ID_CHARACTERS) {
      throw new IllegalArgumentException("id must have 1 to " + ID_CHARACTERS + " characters, but has " + text.length());
    }
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Product that && tree().equals(that.tree());
  }

  @Override
  public int hashCode() {
    return tree().hashCode();
  }

  @Override
  public String toString() {
    return json();
  }
}
