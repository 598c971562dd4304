package benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import endtoend.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/** Searches as users make them, of words and prices of products that there are; the same ones every time. */
final class Queries {

  private static final int SEED = 5;
  private static final int PRODUCTS = 1_000;
  private static final int SEARCHES = 5_000;
  private static final Pattern TAG = Pattern.compile("<[^>]*>|&[a-z]+;");
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}-]+");

  private final Random random = new Random(SEED);
  private final List<String> ofIndexA = new ArrayList<>();
  private final List<String> ofIndexB = new ArrayList<>();

  Queries(Backend backend) {
    List<JsonNode> a = documents(backend, "index-a");
    List<JsonNode> b = documents(backend, "index-b");
    for (int i = 0; i < SEARCHES; i++) {
      ofIndexA.add("/index-a/search?q=" + Backend.encode(words(a.get(random.nextInt(a.size())))));
      ofIndexB.add(listing(b.get(random.nextInt(b.size()))));
    }
  }

  private static List<JsonNode> documents(Backend backend, String index) {
    List<JsonNode> documents = new ArrayList<>();
    backend.json("/" + index + "/documents?limit=" + PRODUCTS).path("documents").forEach(documents::add);
    return documents;
  }

  /** The path of a search of index A: one to three words of a name, or of a description. */
  String indexA(long number) {
    return ofIndexA.get((int) (number % SEARCHES));
  }

  /** The path of a search of index B: a word of a name, mostly with a range of prices, half of them sorted by it. */
  String indexB(long number) {
    return ofIndexB.get((int) (number % SEARCHES));
  }

  private String words(JsonNode document) {
    boolean inDescription = random.nextInt(3) == 0 && document.path("description").isTextual();
    return words(document.path(inDescription ? "description" : "name").asText(), 1 + random.nextInt(3));
  }

  private String words(String text, int count) {
    List<String> words = new ArrayList<>();
    for (String word : NO_WORD.split(TAG.matcher(text).replaceAll(" "))) {
      if (word.length() > 2) {
        words.add(word);
      }
    }
    int from = random.nextInt(Math.max(1, words.size() - count + 1));
    return String.join(" ", words.subList(from, Math.min(words.size(), from + count)));
  }

  private String listing(JsonNode document) {
    StringBuilder path = new StringBuilder("/index-b/search?q=" + Backend.encode(words(document.path("name").asText(), 1)));
    double price = document.path("price").asDouble(100);
    if (random.nextInt(4) > 0) {
      path.append("&minPrice=").append(Math.round(price / 2)).append("&maxPrice=").append(Math.round(price * 2) + 1);
    }
    return random.nextBoolean() ? path.append("&sort=price").toString() : path.toString();
  }
}
