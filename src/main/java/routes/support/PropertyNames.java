package routes.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names that a property may have: those in {@code application.properties}, those that only profiles set, and those of further
 * indexes. A name which is none of them but looks like one is a slip that would otherwise be ignored in silence.
 */
public final class PropertyNames {

  private static final Set<String> OF_PROFILES = Set.of("index.command", "index.tags", "index.sql", "index");

  /** What an index that somebody added has, besides what is its own. */
  private static final Pattern OF_AN_INDEX = Pattern.compile("index-[a-z]+\\.(tags|document|facets|url)");

  /** Camel checks its own. */
  private static final String CAMEL = "camel.";

  /** A short name is near to many. */
  private static final int SHORT = 6;

  private final Set<String> known = new TreeSet<>(OF_PROFILES);
  private final Set<String> groups;

  public PropertyNames() {
    Properties all = new Properties();
    try (InputStream file = PropertyNames.class.getResourceAsStream("/application.properties")) {
      all.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    all.stringPropertyNames().stream().filter(name -> !name.startsWith(CAMEL)).forEach(known::add);
    groups = known.stream().filter(name -> name.contains(".")).map(PropertyNames::group).collect(Collectors.toSet());
  }

  /** What stands before the first point, and the point; all if there is none. */
  private static String group(String name) {
    return name.substring(0, name.indexOf('.') + 1);
  }

  /**
   * What is wrong with names.
   *
   * @param given names of properties, of this program or others
   * @return a sentence for each that is mistyped
   */
  public List<String> mistyped(Collection<String> given) {
    List<String> wrong = new ArrayList<>();
    for (String name : new TreeSet<>(given)) {
      if (!known.contains(name) && !OF_AN_INDEX.matcher(name).matches()) {
        Optional<String> nearest = nearest(name, known);
        if (nearest.isPresent() || name.contains(".") && groups.contains(group(name))) {
          wrong.add("there is no property " + name
              + nearest.map(near -> ": did you mean " + near + "?").orElse("; application.properties and the README list all"));
        }
      }
    }
    return wrong;
  }

  /**
   * The name that was probably meant: at most two letters are wrong, or one in a short name; upper and lower case don't count.
   *
   * @return empty if none is near
   */
  public static Optional<String> nearest(String name, Collection<String> names) {
    int most = name.length() < SHORT ? 1 : 2;
    String best = null;
    int least = most + 1;
    for (String each : names) {
      if (Math.abs(each.length() - name.length()) <= most) {
        int distance = distance(name.toLowerCase(Locale.ROOT), each.toLowerCase(Locale.ROOT));
        if (distance < least) {
          least = distance;
          best = each;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /** Letters to insert, to delete, to replace or, where neighbours, to swap (optimal string alignment). */
  private static int distance(String a, String b) {
    int[][] steps = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          steps[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        steps[i][j] = Math.min(steps[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
        if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
          steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
        }
      }
    }
    return steps[a.length()][b.length()];
  }
}
