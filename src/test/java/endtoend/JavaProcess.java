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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A process of the product backend in a JVM of its own. Started without Maven in between, it ends at once when its heap is
 * full. Closing it kills it.
 */
public final class JavaProcess implements AutoCloseable {

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError");
  private static final String CLASS_PATH = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
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
    List<String> options = new ArrayList<>(OPTIONS);
    options.add("-Xmx" + heapMb + "m");
    if (classPath.equals(CLASS_PATH)) {
      Archive.PATH.ifPresent(archive -> options.add("-XX:SharedArchiveFile=" + archive));
    }
    List<String> command = command(options, classPath);
    backend.properties().forEach((key, value) -> command.add("-D" + key + "=" + value));
    for (int i = 0; i < keysAndValues.length; i += 2) {
      command.add("-D" + keysAndValues[i] + "=" + keysAndValues[i + 1]);
    }
    command.addAll(List.of(Application.class.getName(), "-profile", profile));
    return start(command, logs, profile, Map.of());
  }

  private static List<String> command(List<String> options, String classPath) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath));
    return command;
  }

  /**
   * The classes of a process as the JVM keeps them in memory, which halves the time of a start. There can be one where the
   * project is a JAR, as it is for the integration tests.
   */
  private static final class Archive {

    private static final Optional<Path> PATH =
        Arrays.stream(CLASS_PATH.split(File.pathSeparator)).allMatch(entry -> Files.isRegularFile(Path.of(entry))) ? make() : Optional.empty();

    private static Optional<Path> make() {
      try {
        Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "classes-");
        Path archive = folder.resolve("shared.jsa");
        List<String> options = new ArrayList<>(OPTIONS);
        options.add("-XX:ArchiveClassesAtExit=" + archive);
        try (Backend demo = new Backend(folder.resolve("kv")).with("sample.products", 100)) {
          List<String> command = command(options, CLASS_PATH);
          demo.properties().forEach((key, value) -> command.add("-D" + key + "=" + value));
          command.addAll(List.of(Application.class.getName(), "-profile", "demo"));
          try (JavaProcess process = start(command, folder, "demo", Map.of())) {
            process.awaitOutput(" products/s").signal("TERM");
            process.awaitEnd();
          }
        }
        archive.toFile().deleteOnExit();
        return Optional.of(archive).filter(Files::exists);
      } catch (IOException | AssertionError e) {
        System.out.println("Processes start without shared classes: " + e);
        return Optional.empty();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  /** Starts a process by its command; otherwise as {@link MavenProcess#start}. */
  static JavaProcess start(List<String> command, Path logs, String profile, Map<String, String> environment) {
    try {
      Path log = Files.createTempFile(Files.createDirectories(logs), profile + "-", ".log");
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().keySet().removeAll(
          List.of("QUEUE_ID", "LOG_LEVEL", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "MAVEN_OPTS", "MAVEN_ARGS"));
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
