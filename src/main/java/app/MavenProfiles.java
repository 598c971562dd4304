package app;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The profiles for which Maven was asked. It only warns of one that pom.xml does not have, and the process without a profile, the
 * demo, would start in its place. The enforcer in pom.xml refuses it too, but {@code mvn camel:run} alone has no phase in which it runs.
 */
final class MavenProfiles {

  /** Where Maven's scripts keep what they were called with. */
  static final String COMMAND_LINE = "MAVEN_CMD_LINE_ARGS";

  private MavenProfiles() {}

  /**
   * What is wrong with them.
   *
   * @param commandLine of Maven; null if it is not Maven that runs this
   * @return a sentence, if one of them is no process but looks like one
   */
  static Optional<String> mistyped(String commandLine) {
    if (commandLine == null) {
      return Optional.empty();
    }
    List<String> processes = Processes.names();
    for (String profile : of(commandLine)) {
      Optional<String> nearest = processes.contains(profile) ? Optional.empty() : Processes.meant(profile, processes);
      if (nearest.isPresent()) {
        return Optional.of("there is no Maven profile " + profile + ": did you mean -P" + nearest.get() + "?");
      }
    }
    return Optional.empty();
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
}
