package routes.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import event.InvalidEventException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import product.Json;
import verify.Sighting;

/**
 * A service that holds products. All of them are read page by page, and what differs one by one. It remembers which page is
 * next, so that a reading that was interrupted goes on. One thread reads.
 */
public abstract class Place {

  /** A server takes no longer request line. */
  private static final int URL_CHARACTERS = 4_000;

  /** In a path they mean something else. */
  private static final Set<String> DOTS = Set.of(".", "..");

  private final String name;
  private final int number;
  private final String url;

  /**
   * @param name as an operator knows it
   * @param number as {@link Sighting#place} has it
   * @param url of the service, without a path
   */
  Place(String name, int number, String url) {
    this.name = name;
    this.number = number;
    this.url = url;
  }

  String name() {
    return name;
  }

  int number() {
    return number;
  }

  String url() {
    return url;
  }

  /** Where it says how it is. */
  public String statusUrl() {
    return url + "/status";
  }

  /**
   * Up to which change it is complete.
   *
   * @param status what it says of itself
   * @throws IllegalArgumentException if that does not say
   */
  abstract long position(ObjectNode status);

  /** Whether a page is left to read. */
  public abstract boolean hasMore();

  /** Where the next page is. */
  public abstract String pageUrl();

  /**
   * What a page shows; the one after it is the next.
   *
   * @throws IllegalArgumentException if it is none
   */
  abstract List<Sighting> readPage(String page);

  /** Where it shows one product. */
  public abstract String productUrl(String id);

  /**
   * What it shows there.
   *
   * @throws IllegalArgumentException if that is no product
   */
  abstract Sighting readProduct(String id, String entityTag, String product);

  /** Whether a product can be had by its id. */
  boolean shows(String id) {
    return !DOTS.contains(id) && productUrl(id).length() <= URL_CHARACTERS;
  }

  static String encode(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static ObjectNode object(String json) {
    if (Json.parse(json) instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("it is no object");
  }

  static JsonNode field(ObjectNode object, String name, Predicate<JsonNode> test) {
    JsonNode value = object.path(name);
    if (!test.test(value)) {
      throw new IllegalArgumentException("its field " + name + " is missing or wrong");
    }
    return value;
  }


  /**
   * Reads an answer.
   *
   * @param answer null if there is nothing where something should be
   * @throws PlaceException if it is not what it should be
   */
  final <T> T reading(String answer, Supplier<T> reader) {
    try {
      if (answer == null) {
        throw new IllegalArgumentException("there is nothing");
      }
      return reader.get();
    } catch (InvalidEventException | IllegalArgumentException e) {
      throw new PlaceException("what is at " + url + " does not answer as " + name + " should: " + e.getMessage());
    }
  }
}
