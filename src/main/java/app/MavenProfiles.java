package app;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import routes.support.PropertyNames;

/**
 * The profiles for which Maven was asked. It only warns of one that pom.xml does not have, and the process without a profile, the
 * demo, would start in its place. The enforcer in pom.xml refuses it too, but {@code mvn camel:run} alone has no phase in which it runs.
 */
final class MavenProfiles {

  /** Where Maven's scripts keep what they were called with. */
  static final String COMMAND_LINE = "MAVEN_CMD_LINE_ARGS";

  private static final Pattern PROCESS = Pattern.compile("application-(\\w+)\\.properties");

  /** So many letters of a name may stand for it. */
  private static final int SHORTENED = 3;

  private MavenProfiles() {}

  /**
   * What is wrong with them.
   *
   * @param commandLine of Maven; null if it is not Maven that runs this
   * @param processes that there are
   * @return a sentence, if one of them is no process but looks like one
   */
  static Optional<String> mistyped(String commandLine, List<String> processes) {
    for (String profile : of(commandLine == null ? "" : commandLine)) {
      Optional<String> nearest = processes.contains(profile) ? Optional.empty() : nearest(profile, processes);
      if (nearest.isPresent()) {
        return Optional.of("there is no Maven profile " + profile + ": did you mean -P" + nearest.get() + "?");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> nearest(String profile, List<String> processes) {
    return PropertyNames.nearest(profile, processes).or(() -> processes.stream()
        .filter(process -> profile.length() >= SHORTENED && process.toLowerCase(Locale.ROOT).startsWith(profile.toLowerCase(Locale.ROOT)))
        .findFirst());
  }

  /** Those to activate: {@code !x} and {@code -x} are not. */
  private static List<String> of(String commandLine) {
    List<String> profiles = new ArrayList<>();
    for (Iterator<String> words = List.of(commandLine.trim().split("\\s+")).iterator(); words.hasNext();) {
      String word = words.next();
      boolean apart = word.equals("-P") || word.equals("--activate-profiles");
      if (apart && words.hasNext()) {
        profiles.addAll(List.of(words.next().split(",")));
      } else if (!apart && word.startsWith("-P")) {
        profiles.addAll(List.of(word.substring(2).split(",")));
      }
    }
    return profiles.stream().filter(profile -> !profile.startsWith("!") && !profile.startsWith("-"))
        .map(profile -> profile.replaceFirst("^[+?]+", "")).toList();
  }

  /** The processes that there are, by their files beside {@code application.properties}; none where these are in an archive. */
  static List<String> processes() {
    try (Stream<Path> files = Files.list(Path.of(MavenProfiles.class.getResource("/application.properties").toURI()).getParent())) {
      return files.map(file -> PROCESS.matcher(file.getFileName().toString())).filter(Matcher::matches)
          .map(name -> name.group(1)).toList();
    } catch (IOException | URISyntaxException | RuntimeException e) {
      return List.of();
    }
  }
}
