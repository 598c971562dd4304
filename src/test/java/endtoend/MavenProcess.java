package endtoend;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Starts processes of the product backend as the README does while one develops: by {@code mvn camel:run}. */
public final class MavenProcess {

  private MavenProcess() {}

  /**
   * Runs {@code mvn camel:run -P<profile>}, without {@code -P} for the demo, and does not wait. Maven's scripts replace
   * themselves by the JVM, which so is the process itself.
   *
   * @param launcher the command that starts Maven, such as {@code nice}; empty: none
   * @param logs the folder for what it prints
   * @param backend whose ports and folder it uses
   * @param environment variables besides those of this process, from which {@code QUEUE_ID} and Maven's own are taken away
   * @param keysAndValues further properties
   */
  public static JavaProcess start(
      List<String> launcher, Path logs, Backend backend, String profile, Map<String, String> environment, Object... keysAndValues) {
    List<String> command = new ArrayList<>(launcher);
    command.addAll(List.of(maven(), "-B", "-q", "camel:run"));
    if (!profile.equals("demo")) {
      command.add("-P" + profile);
    }
    String repository = System.getProperty("maven.repo.local", "");
    if (!repository.isEmpty()) {
      command.add("-Dmaven.repo.local=" + repository);
    }
    command.addAll(properties(backend, keysAndValues));
    return JavaProcess.start(command, logs, profile, environment);
  }

  /** The properties of a process that is started as the README does: ports and folder, and further ones. */
  static List<String> properties(Backend backend, Object... keysAndValues) {
    List<String> properties = new ArrayList<>();
    for (String key : List.of("kv.folder", "broker.port", "rest.port", "product-data.url")) {
      properties.add("-D" + key + "=" + backend.property(key));
    }
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.add("-D" + keysAndValues[i] + "=" + keysAndValues[i + 1]);
    }
    return properties;
  }

  private static String maven() {
    String mvn = File.separatorChar == '\\' ? "mvn.cmd" : "mvn";
    Stream<String> homes = Stream.of(System.getProperty("maven.home"), System.getenv("MAVEN_HOME"), System.getenv("M2_HOME"))
        .filter(Objects::nonNull).map(home -> home + File.separator + "bin");
    return Stream.concat(homes, Arrays.stream(System.getenv("PATH").split(File.pathSeparator)))
        .map(bin -> Path.of(bin, mvn)).filter(Files::isExecutable).findFirst().map(Path::toString)
        .orElseThrow(() -> new AssertionError("no " + mvn + " in maven.home, MAVEN_HOME or PATH"));
  }
}
