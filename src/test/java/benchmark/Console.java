package benchmark;

import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What one sees while the benchmark runs. */
final class Console {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private Console() {}

  /** A line with the time. */
  static void say(String format, Object... values) {
    System.out.println(TIME.format(LocalTime.now()) + " " + String.format(Locale.ROOT, format, values));
  }

  /** A table in Markdown, its columns as wide as their widest cell. */
  static List<String> table(List<List<String>> rows) {
    List<String> lines = new ArrayList<>();
    for (int number = 0; number < rows.size(); number++) {
      StringBuilder line = new StringBuilder("|");
      StringBuilder rule = new StringBuilder("|");
      for (int column = 0; column < rows.get(number).size(); column++) {
        int at = column;
        int width = rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0);
        line.append(String.format(Locale.ROOT, " %-" + Math.max(1, width) + "s |", rows.get(number).get(column)));
        rule.append("-".repeat(width + 2)).append('|');
      }
      lines.add(line.toString());
      if (number == 0) {
        lines.add(rule.toString());
      }
    }
    return lines;
  }
}
