package endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * In what the places differ from what they should hold: the tests' own comparison, apart from the project's. Each answers with
 * a line for each kind of difference, how many there are and the first of them, and with nothing if there is none.
 */
final class Differences {

  private static final int SHOWN = 5;

  private Differences() {}

  /** Holds the product data service's products against those of the source, by their ids. */
  static String ofProducts(Map<String, ObjectNode> expected, Map<String, JsonNode> products) {
    return of("products", expected, products, List.of("id", "name", "brand", "colour", "description", "price", "currency"));
  }

  /** Holds index A's documents against the part of the source's products that it keeps. */
  static String ofIndexA(Map<String, ObjectNode> expected, Map<String, JsonNode> documents) {
    return of("index-a", expected, documents, List.of("name", "description"));
  }

  /** As {@link #ofIndexA}, for index B. */
  static String ofIndexB(Map<String, ObjectNode> expected, Map<String, JsonNode> documents) {
    return of("index-b", expected, documents, List.of("name", "price"));
  }

  private static String of(
      String place, Map<String, ObjectNode> expected, Map<String, JsonNode> actual, List<String> attributes) {
    List<String> missing = new ArrayList<>();
    List<String> stale = new ArrayList<>();
    expected.forEach((id, product) -> {
      JsonNode held = actual.get(id);
      if (held == null) {
        missing.add(id);
      } else {
        attributes.stream().filter(name -> !product.get(name).equals(held.get(name))).findFirst()
            .ifPresent(name -> stale.add(id + " with " + name + " " + held.get(name) + " instead of " + product.get(name)));
      }
    });
    List<String> orphaned = actual.keySet().stream().filter(id -> !expected.containsKey(id)).sorted().toList();
    return line(place, "missing", missing) + line(place, "stale", stale) + line(place, "orphaned", orphaned);
  }

  private static String line(String place, String kind, List<String> found) {
    String first = found.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return found.isEmpty() ? "" : place + ": " + found.size() + " " + kind + ": " + first + "\n";
  }
}
