package endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process has used of the machine so far, as Linux tells it; zeros where the system does not tell, or the process has
 * ended.
 *
 * @param cpuSeconds of all its threads
 * @param peakMemoryMb the most of the machine's memory that it ever had, in MiB
 */
public record ProcessUsage(double cpuSeconds, long peakMemoryMb) {

  /** Of a process by its id. */
  public static ProcessUsage of(long pid) {
    double cpu = ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration())
        .map(duration -> duration.toNanos() / 1e9).orElse(0.0);
    try {
      // Read at once: a process that ends meanwhile is an IOException, which a stream of lines would not declare.
      long peakKb = Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith("VmHWM:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst().orElse(0);
      return new ProcessUsage(cpu, peakKb / 1024);
    } catch (IOException e) {
      return new ProcessUsage(cpu, 0);
    }
  }

  /** The greater of both figures: the last that was seen of a process that has ended meanwhile. */
  public ProcessUsage atLeast(ProcessUsage earlier) {
    return new ProcessUsage(Math.max(cpuSeconds, earlier.cpuSeconds), Math.max(peakMemoryMb, earlier.peakMemoryMb));
  }
}
