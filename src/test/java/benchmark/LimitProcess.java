package benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import endtoend.Backend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The {@link Limit} in a JVM of its own, which stays up from run to run. */
final class LimitProcess implements AutoCloseable {

  private static final int LONGEST_MINUTES = 30;

  private final Process process;
  private final BufferedReader answers;
  private final Path log;

  /**
   * @param folder for store, indexes and log
   * @param options of the JVM
   */
  LimitProcess(Path folder, String url, List<String> options) throws IOException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Limit.class.getName(), folder.toString(), url));
    log = Files.createDirectories(folder).resolve("limit.log");
    process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Indexes all products once more. */
  IndexRun index(Shop.Mark mark) {
    JsonNode answer = ask("index " + mark.id() + " " + mark.word() + " " + mark.price());
    double seconds = answer.path("seconds").doubleValue();
    int products = answer.path("products").intValue();
    return new IndexRun(products, seconds, products / seconds, 0, seconds, 0,
        Map.of("limit", answer.path("cpuSeconds").doubleValue()), Map.of("limit", answer.path("peakMemoryMb").longValue()));
  }

  /** What its indexes hold, by their names. */
  JsonNode contents() {
    return ask("contents");
  }

  private JsonNode ask(String request) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        process.getOutputStream().write((request + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        String line = answers.readLine();
        while (line != null && !line.startsWith("{")) {
          line = answers.readLine();
        }
        if (line == null) {
          throw new IllegalStateException("the limit ended: " + Files.readString(log));
        }
        return Backend.parse(line);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }).orTimeout(LONGEST_MINUTES, TimeUnit.MINUTES).join();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().orTimeout(LONGEST_MINUTES, TimeUnit.MINUTES).join();
  }
}
