package routes.verify;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.apache.camel.Variable;
import routes.source.Read;
import verify.Compared;
import verify.Sighting;
import verify.Suspect;

/**
 * Suspects that are read again in every place: up to three times, each after a longer delay, until they are found as they
 * should be. Not thread safe.
 */
public class SecondLook {

  private static final int TRIES = 3;

  private final Places places;
  private final List<Suspect> suspects;
  private final Map<String, Compared> found = new HashMap<>();
  private long delayMs;
  private int tries;

  /** That a service is asked for a product. */
  public record Question(Place place, String id) {

    /** Where it shows the product. */
    public String url() {
      return place.productUrl(id);
    }
  }

  /**
   * @param delayMs before the first time; doubled each time
   */
  SecondLook(Places places, List<Suspect> suspects, long delayMs) {
    this.places = places;
    this.suspects = suspects;
    this.delayMs = delayMs;
  }

  List<Suspect> suspects() {
    return suspects;
  }

  /** Whether to look once more. */
  public boolean isDue() {
    return tries < TRIES && !ids().isEmpty();
  }

  /** How long to wait before. */
  public long delayMs() {
    return delayMs;
  }

  /** Those that differ still, but for those that a service can't be asked for. */
  private List<String> ids() {
    return suspects.stream().filter(Suspect::differs).map(Suspect::id)
        .filter(id -> places.services().stream().allMatch(place -> place.shows(id))).toList();
  }

  /** Begins to look; returns what to look for. */
  public static List<String> begin(@Variable("look") SecondLook look) {
    look.found.clear();
    look.ids().forEach(id -> look.found.put(id, new Compared(id, look.places.indexes())));
    return List.copyOf(look.found.keySet());
  }

  /** Takes what the source has. */
  public static void takeSource(@Variable("look") SecondLook look, @Body Read read) {
    look.places.inSource(read).forEach(look::take);
  }

  private void take(Sighting sighting) {
    found.get(sighting.id()).add(sighting);
  }

  /** What to ask the services for. */
  public List<Question> questions() {
    return found.keySet().stream()
        .flatMap(id -> places.services().stream().map(place -> new Question(place, id))).toList();
  }

  /**
   * Takes what a service answered.
   *
   * @param answer null if it has no such product
   */
  public static void takeAnswer(
      @Variable("look") SecondLook look,
      @Variable("question") Question question,
      @Header("ETag") String entityTag,
      @Body String answer) {
    if (answer != null) {
      look.take(question.place().reading(answer, () -> question.place().readProduct(question.id(), entityTag, answer)));
    }
  }

  /** Judges by what was found. */
  public static void end(@Variable("look") SecondLook look) {
    look.suspects.stream().filter(suspect -> look.found.containsKey(suspect.id()))
        .forEach(suspect -> suspect.lookAgain(look.found.get(suspect.id())));
    look.tries++;
    look.delayMs *= 2;
  }
}
