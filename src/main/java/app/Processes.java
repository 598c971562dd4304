package app;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import routes.support.PropertyNames;

/** The processes that there are: each has a file {@code application-<name>.properties}. */
final class Processes {

  private static final Pattern FILE = Pattern.compile("application-(\\w+)\\.properties");

  /** So many letters of a name may stand for it. */
  private static final int SHORTENED = 3;

  private Processes() {}

  /** Their names, sorted; none where the files can't be listed. */
  static List<String> names() {
    try {
      URI common = Processes.class.getResource("/application.properties").toURI();
      if (!common.getScheme().equals("jar")) {
        return names(Path.of(common).getParent());
      }
      try (FileSystem jar = FileSystems.newFileSystem(common, Map.of())) {
        return names(jar.getPath("/"));
      }
    } catch (IOException | URISyntaxException | RuntimeException e) {
      return List.of();
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> FILE.matcher(file.getFileName().toString())).filter(Matcher::matches).map(name -> name.group(1))
          .sorted().toList();
    }
  }

  /**
   * The one that was probably meant.
   *
   * @param name that no process has
   * @param names of all
   */
  static Optional<String> meant(String name, List<String> names) {
    return PropertyNames.nearest(name, names).or(() -> names.stream()
        .filter(each -> name.length() >= SHORTENED && each.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT)))
        .findFirst());
  }
}
