package conventions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import product.Json;

/** The README's tables and links, against what they are about. */
class ReadmeTest {

  private static final Path RESOURCES = Path.of("src/main/resources");
  private static final Set<String> COMMAND_LINE_ONLY = Set.of("index");

  private final String readme = read(Path.of("README.md"));

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Stream<String> all(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map((MatchResult found) -> found.group(1));
  }

  /** What stands as code in the first column of the table of a section. */
  private Set<String> table(String section) {
    String text = readme.substring(readme.indexOf("\n## " + section + "\n") + 1);
    String table = text.substring(0, text.indexOf("\n## "));
    List<String> rows = table.lines().filter(line -> line.startsWith("| `")).toList();
    assertThat(rows).as("rows of as many cells").extracting(row -> row.split("\\|").length).containsOnly(rows.get(0).split("\\|").length);
    List<String> named = rows.stream().flatMap(line -> all("`([^`]+)`", line.split("\\|")[1])).toList();
    assertThat(named).doesNotHaveDuplicates();
    return new TreeSet<>(named);
  }

  private static Set<String> keys(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties.stringPropertyNames().stream().filter(key -> !key.startsWith("camel."))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void listsEveryPropertyAndInventsNone() throws IOException {
    Set<String> expected = new TreeSet<>(COMMAND_LINE_ONLY);
    try (Stream<Path> files = Files.list(RESOURCES)) {
      for (Path file : files.filter(each -> each.getFileName().toString().matches("application.*\\.properties")).toList()) {
        expected.addAll(keys(file));
      }
    }
    assertThat(table("Configuration")).isEqualTo(expected);
  }

  @Test
  void listsEveryRequestAndInventsNone() {
    Set<String> expected = new TreeSet<>();
    JsonNode paths = Json.parse(read(RESOURCES.resolve("openapi.json"))).path("paths");
    paths.properties().forEach(path -> path.getValue().fieldNames()
        .forEachRemaining(method -> expected.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    assertThat(table("REST").stream().map(request -> request.replaceAll("\\?.*", ""))).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void linksToWhatIsThere() {
    Set<String> anchors = all("(?m)^#+ (.*)$", readme)
        .map(heading -> "#" + heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-')).collect(Collectors.toSet());
    List<String> links = all("\\]\\(([^)]+)\\)", readme).filter(link -> !link.startsWith("http")).toList();
    assertThat(links).isNotEmpty().allSatisfy(link -> {
      if (link.startsWith("#")) {
        assertThat(anchors).contains(link);
      } else {
        assertThat(Path.of(link)).exists();
      }
    });
  }
}
