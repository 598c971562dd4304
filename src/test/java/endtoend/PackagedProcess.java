package endtoend;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts processes of the product backend as the README does without Maven: by what {@code mvn package} leaves in {@code target}. */
public final class PackagedProcess {

  /** What {@code mvn package} makes: all that the processes need beside Java. */
  static final Path FOLDER = Path.of("target", "product-backend").toAbsolutePath();

  private PackagedProcess() {}

  /**
   * Runs {@code product-backend <profile>}, and does not wait. The script replaces itself by the JVM, which so is the process itself.
   * Parameters as of {@link MavenProcess#start}.
   */
  public static JavaProcess start(
      List<String> launcher, Path logs, Backend backend, String profile, Map<String, String> environment, Object... keysAndValues) {
    List<String> command = new ArrayList<>(launcher);
    command.add(FOLDER.resolve("bin/product-backend").toString());
    command.add(profile);
    command.addAll(MavenProcess.properties(backend, keysAndValues));
    return JavaProcess.start(command, logs, profile, environment);
  }
}
