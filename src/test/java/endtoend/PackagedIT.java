package endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mvn package} leaves in {@code target/product-backend}, as the README uses it. */
@Timeout(120)
class PackagedIT {

  /** The JVM does not start unless its archive of classes fits. */
  private static final Map<String, String> ARCHIVE_MUST_FIT = Map.of("JAVA_OPTS", "-Xshare:on");

  @TempDir
  private Path folder;

  private final List<JavaProcess> started = new ArrayList<>();
  /** Not to start processes, but for its ports and requests. */
  private Backend backend;

  @BeforeEach
  void choosesPorts() {
    backend = new Backend(folder.resolve("kv"));
  }

  @AfterEach
  void stopsWhatItStarted() {
    started.forEach(JavaProcess::close);
    backend.close();
  }

  private JavaProcess start(String process, Map<String, String> environment, Object... keysAndValues) {
    JavaProcess one = PackagedProcess.start(List.of(), folder, backend, process, environment, keysAndValues);
    started.add(one);
    return one;
  }

  private JavaProcess script(Path script, Map<String, String> environment, String... arguments) {
    JavaProcess one = JavaProcess.start(Stream.concat(Stream.of(script.toString()), Stream.of(arguments)).toList(), folder, "script", environment);
    started.add(one);
    return one;
  }

  private static void endsWith(int status, JavaProcess process, String... says) throws InterruptedException {
    assertThat(process.awaitEnd()).as(process.output()).isEqualTo(status);
    assertThat(process.output()).contains(says).doesNotContain("\tat ", "[warning]");
  }

  @Test
  void theFourTerminalsOfTheReadmeNeedNoMaven() throws Exception {
    JavaProcess broker = start("broker", ARCHIVE_MUST_FIT);
    JavaProcess services = start("services", ARCHIVE_MUST_FIT);
    backend.awaitBroker(broker);
    backend.awaitRest(services, Integer.parseInt(backend.property("rest.port")));
    endsWith(0, start("fullIndex", Map.of("QUEUE_ID", "NIGHTLY")), "fullIndex: 1000 products in the queue NIGHTLY", "fullIndex: 1,000 products in ");
    endsWith(0, start("priceIndex", ARCHIVE_MUST_FIT), "priceIndex: 1,000 products in ");
    backend.awaitIndexes();
    assertThat(backend.json("/index-a/search?q=jacket").path("total").intValue()).isPositive();
    endsWith(0, start("verify", Map.of()), "verify: equal: 1,000 products in ");
    endsWith(0, start("status", Map.of()), "All that the product data service has is visible in every index");

    for (JavaProcess process : List.of(services, broker)) {
      process.signal("TERM");
      assertThat(process.awaitEnd()).as(process.output()).isEqualTo(143);
      assertThat(process.output()).doesNotContain("\tat ", "ERROR", "WARN", "[warning]");
    }
  }

  @Test
  void whatItIsNotCalledForIsToldInOneLine() throws Exception {
    endsWith(2, start("fulIndex", Map.of()), "there is no process fulIndex: did you mean fullIndex?");
    endsWith(2, start("fullIndex", Map.of(), "sampel.products", 5), "there is no property sampel.products: did you mean sample.products?");
    Path script = PackagedProcess.FOLDER.resolve("bin/product-backend");
    endsWith(2, script(script, Map.of(), "fullIndex", "priceIndex"), "'priceIndex' is no -Dkey=value");
    endsWith(2, script(script, Map.of("JAVA_HOME", "/no/such"), "broker"), "there is no /no/such/bin/java");
    endsWith(2, script(script, Map.of(), "archive", "-Dkv.folder=here"), "archive takes no properties");
  }

  @Test
  void whatItIsCalledWithWinsOverTheEnvironment() throws Exception {
    JavaProcess status = script(PackagedProcess.FOLDER.resolve("bin/product-backend"), Map.of("JAVA_OPTS", "-Dkv.folder=/dev/null/one"),
        "status", "-Dkv.folder=/dev/null/other");
    endsWith(2, status, "kv.folder /dev/null/other cannot be created");
  }

  @Test
  void aCopyStartsWithoutItsArchiveUntilThatIsMadeAnewAndALinkToItDoesToo() throws Exception {
    Path copy = folder.resolve("copy of it");
    try (Stream<Path> files = Files.walk(PackagedProcess.FOLDER)) {
      for (Path file : files.toList()) {
        copy(file, copy.resolve(PackagedProcess.FOLDER.relativize(file)));
      }
    }
    Path script = copy.resolve("bin/product-backend");
    Files.setLastModifiedTime(copy.resolve("lib/product-backend.jar"), FileTime.fromMillis(0));
    Path link = Files.createSymbolicLink(folder.resolve("backend"), Path.of("copy of it/bin/product-backend"));
    String mistyped = "-Dsampel.products=5";
    endsWith(2, script(link, Map.of(), "fullIndex", mistyped), "there is no property sampel.products");
    endsWith(1, script(script, ARCHIVE_MUST_FIT, "fullIndex", mistyped), "Unable to use shared archive.");

    JavaProcess archive = script(link, Map.of(), "archive");
    assertThat(archive.awaitEnd()).as(archive.output()).isZero();
    assertThat(archive.output()).isEmpty();
    endsWith(2, script(script, ARCHIVE_MUST_FIT, "fullIndex", mistyped), "there is no property sampel.products");
    endsWith(2, script(link, ARCHIVE_MUST_FIT, "fullIndex", mistyped), "there is no property sampel.products");
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.isDirectory(from)) {
      Files.createDirectories(to);
    } else {
      Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }
}
