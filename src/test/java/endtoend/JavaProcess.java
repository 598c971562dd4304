package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import app.Application;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A process of the product backend in a JVM of its own. Started without Maven in between, it ends at once when its heap is
 * full. Closing it kills it.
 */
public final class JavaProcess implements AutoCloseable {

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError");
  /** Unit tests run before the project is packaged, when {@code target/product-backend} may be of an earlier build. */
  private static final boolean PACKAGED = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
      .filter(entry -> !entry.endsWith("test-classes")).allMatch(entry -> Files.isRegularFile(Path.of(entry)));
  private static final String CLASS_PATH = PACKAGED ? PackagedProcess.FOLDER.resolve("lib/product-backend.jar").toString()
      : Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
          .filter(entry -> !entry.endsWith("test-classes")).collect(Collectors.joining(File.pathSeparator));

  private final String name;
  private final Process process;
  private final Path log;

  private JavaProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a process, and does not wait.
   *
   * @param backend whose ports and folder it uses
   * @param heapMb the largest heap
   * @param keysAndValues further properties
   */
  static JavaProcess start(Path logs, Backend backend, String profile, int heapMb, Object... keysAndValues) {
    return start(CLASS_PATH, logs, backend, profile, heapMb, keysAndValues);
  }

  /** As {@link #start}, with classes and resources that go before the project's. */
  static JavaProcess startWith(Path classes, Path logs, Backend backend, String profile, int heapMb, Object... keysAndValues) {
    return start(classes + File.pathSeparator + CLASS_PATH, logs, backend, profile, heapMb, keysAndValues);
  }

  private static JavaProcess start(
      String classPath, Path logs, Backend backend, String profile, int heapMb, Object... keysAndValues) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.add("-Xmx" + heapMb + "m");
    Path archive = PackagedProcess.FOLDER.resolve("lib/classes.jsa");
    if (PACKAGED && classPath.equals(CLASS_PATH) && Files.exists(archive)) {
      command.add("-XX:SharedArchiveFile=" + archive);
    }
    command.addAll(List.of("-cp", classPath));
    backend.properties().forEach((key, value) -> command.add("-D" + key + "=" + value));
    for (int i = 0; i < keysAndValues.length; i += 2) {
      command.add("-D" + keysAndValues[i] + "=" + keysAndValues[i + 1]);
    }
    command.addAll(List.of(Application.class.getName(), "-profile", profile));
    return start(command, logs, profile, Map.of());
  }

  /** Starts a process by its command; otherwise as {@link MavenProcess#start}. */
  static JavaProcess start(List<String> command, Path logs, String profile, Map<String, String> environment) {
    try {
      Path log = Files.createTempFile(Files.createDirectories(logs), profile + "-", ".log");
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().keySet().removeAll(
          List.of("QUEUE_ID", "LOG_LEVEL", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_OPTS", "MAVEN_OPTS", "MAVEN_ARGS"));
      builder.environment().putAll(environment);
      return new JavaProcess(log.getFileName().toString(), builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The name of its log: its profile, and what tells it apart from others of that profile. */
  public String name() {
    return name;
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** All that it printed, without colours: Maven colours even nothing. */
  public String output() {
    try {
      return Files.readString(log).replaceAll("\u001B\\[[0-9;]*m", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it has printed a text. */
  JavaProcess awaitOutput(String text) {
    await(name + " says " + text).atMost(BOUND).pollInterval(Duration.ofMillis(20)).until(() -> {
      String output = output();
      assertThat(alive() || output.contains(text)).as("%s ended: %s", name, output).isTrue();
      return output.contains(text);
    });
    return this;
  }

  /** Waits until it ends by itself, and returns its exit status. */
  int awaitEnd() throws InterruptedException {
    return awaitEnd(BOUND.multipliedBy(2));
  }

  /** As {@link #awaitEnd()}, with a bound for the wait. */
  public int awaitEnd(Duration bound) throws InterruptedException {
    boolean ended = process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(ended).as("end of %s: %s", name, ended ? "" : output()).isTrue();
    return process.exitValue();
  }

  /** Sends it a signal, such as STOP or CONT. */
  void signal(String signal) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).inheritIO().start();
    assertThat(kill.waitFor()).as("kill -%s %s", signal, name).isZero();
  }

  /** What it has used of the machine so far. */
  public ProcessUsage usage() {
    return ProcessUsage.of(process.pid());
  }

  /** Ends it by SIGTERM. */
  public void stop() throws InterruptedException {
    process.destroy();
    awaitEnd();
  }

  /** Ends it by SIGKILL. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS).join();
  }
}
