package conventions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The script that starts processes without Maven, against the processes that there are. */
class ScriptTest {

  private static final Pattern PROCESS = Pattern.compile("application-(\\w+)\\.properties");

  /** The processes that end by themselves: those that listen on nothing. */
  private static Map<Boolean, List<String>> processesByWhetherTheyEnd() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources"))) {
      return files.map(file -> PROCESS.matcher(file.getFileName().toString())).filter(Matcher::matches)
          .collect(Collectors.partitioningBy(found -> !read(found.group()).contains("process.listens"),
              Collectors.mapping(found -> found.group(1), Collectors.toList())));
    }
  }

  private static String read(String resource) {
    try {
      return Files.readString(Path.of("src/main/resources", resource));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void compilesSimplyWhatEndsByItselfAndNothingElse() throws IOException {
    String script = Files.readString(Path.of("src/main/sh/product-backend"));
    Matcher commands = Pattern.compile("(?m)^ *([^#)]+)\\) set -- -XX:TieredStopAtLevel=1 ").matcher(script);
    assertThat(commands.find()).isTrue();
    Pattern pattern = Pattern.compile(Arrays.stream(commands.group(1).split("\\|")).map(each -> each.trim().replace("*", ".*"))
        .collect(Collectors.joining("|")));
    Map<Boolean, List<String>> processes = processesByWhetherTheyEnd();
    assertThat(processes.get(true)).hasSizeGreaterThan(4).allMatch(name -> pattern.matcher(name).matches());
    assertThat(processes.get(false)).hasSizeGreaterThan(4).noneMatch(name -> pattern.matcher(name).matches());
  }
}
