package benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import endtoend.Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Where and how something was measured. */
final class Machine {

  private static final int SECONDS = 10;

  private Machine() {}

  /** The machine, the commit and the settings; what can't be told is {@code unknown}. */
  static ObjectNode describe(Settings settings) {
    ObjectNode context = Backend.JSON.createObjectNode();
    context.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    context.put("commit", output("git", "describe", "--always", "--dirty", "--abbrev=12"));
    context.putObject("machine")
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put("processor", value("/proc/cpuinfo", "model name"))
        .put("memory", value("/proc/meminfo", "MemTotal"))
        .put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"))
        .put("loadAverage", first("/proc/loadavg"))
        .put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"))
        .put("jvmOptions", first(".mvn/jvm.config"));
    context.set("settings", Backend.JSON.valueToTree(settings));
    return context;
  }

  private static String value(String file, String key) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines.filter(line -> line.startsWith(key)).map(line -> line.replaceFirst("[^:]*:\\s*", "")).findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String first(String file) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines.findFirst().orElse("");
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String output(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0 ? output : "unknown";
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
