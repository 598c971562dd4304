package endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** In what one place differs from what it should hold: the tests' own comparison, apart from the project's. */
final class Differences {

  private static final int SHOWN = 5;

  private Differences() {}

  /**
   * Compares two places by the ids of what they hold.
   *
   * @param place its name
   * @param expected what it should hold
   * @param actual what it holds
   * @return one line for each kind of difference, with how many there are and the first of them; empty if there is none
   */
  static String between(String place, Map<String, ?> expected, Map<String, ?> actual) {
    List<String> missing = new ArrayList<>();
    List<String> stale = new ArrayList<>();
    expected.forEach((id, content) -> {
      Object held = actual.get(id);
      if (held == null) {
        missing.add(id);
      } else if (!held.equals(content)) {
        stale.add(id + " " + held + " instead of " + content);
      }
    });
    List<String> orphaned = actual.keySet().stream().filter(id -> !expected.containsKey(id)).map(String::valueOf).toList();
    return line(place, "missing", missing) + line(place, "stale", stale) + line(place, "orphaned", orphaned);
  }

  private static String line(String place, String kind, List<String> found) {
    return found.isEmpty()
        ? ""
        : place + ": " + found.size() + " " + kind + ": " + String.join(", ", found.subList(0, Math.min(SHOWN, found.size()))) + "\n";
  }
}
