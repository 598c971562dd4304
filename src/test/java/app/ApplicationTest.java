package app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import endtoend.Backend;
import endtoend.LogCapture;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process says that cannot start. */
@Timeout(60)
class ApplicationTest {

  @TempDir
  private Path folder;

  private Backend backend;

  @BeforeEach
  void choosesPortsAndFolder() {
    backend = new Backend(folder.resolve("kv"));
  }

  @AfterEach
  void stops() {
    backend.close();
  }

  /** Checks that a process ends with status 2 and one line that says so. */
  private void cannotStart(String profile, List<Object> keysAndValues, String... reason) {
    try (LogCapture log = new LogCapture()) {
      assertThat(backend.launch(profile, keysAndValues.toArray()).awaitEnd()).as("%s", log.lines()).isEqualTo(2);
      assertThat(log.stackTraces()).isEmpty();
      assertThat(log.lines(Level.WARN)).singleElement().asString()
          .startsWith("Could not start: ").contains(reason).doesNotContain("\n").hasSizeLessThan(500);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"broker", "services", "demo"})
  void aPortInUseIsNamedWithTheKeyThatChangesIt(String profile) throws Exception {
    String key = profile.equals("services") ? "rest.port" : "broker.port";
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      cannotStart(profile, List.of(key, other.getLocalPort()), "127.0.0.1:" + other.getLocalPort() + " is in use", key);
    }
  }

  @Test
  void aHostThatIsNotThisMachinesIsNamed() {
    cannotStart("services", List.of("rest.host", "192.0.2.1"), "192.0.2.1");
    cannotStart("services", List.of("rest.host", "no.such.host.invalid"), "no.such.host.invalid");
  }

  @Test
  void aFolderOfStateThatCannotBeCreatedIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    for (String profile : List.of("services", "fullIndex")) {
      cannotStart(profile, List.of("kv.folder", file), "kv.folder", file.toString());
      cannotStart(profile, List.of("kv.folder", file.resolve("kv")), "kv.folder", file.toString());
    }
  }

  @Test
  void aFolderOfStateInUseOrDamagedIsNamed() throws Exception {
    backend.start("broker");
    backend.start("services");
    cannotStart("productData", List.of("rest.port", Backend.freePorts(1)[0]), "product store", "If another process uses it");
    cannotStart("indexA", List.of("rest.port", Backend.freePorts(1)[0]), "index-a", "in use by another process");

    Path damaged = Files.createDirectories(folder.resolve("damaged/products"));
    Files.writeString(damaged.resolve("products.mv"), "not a store");
    cannotStart("productData", List.of("rest.port", Backend.freePorts(1)[0], "kv.folder", folder.resolve("damaged")),
        "products.mv");
  }

  @ParameterizedTest
  @CsvSource({
    "fullIndex, queue.chunk-size, 0",
    "fullIndex, queue.chunk-size, 501",
    "fullIndex, publish.window, none",
    "fullIndex, sample.products, 1e6",
    "fullIndex, ack.timeout-ms, -1",
    "broker, broker.port, 70000",
    "services, rest.port, ''",
    "services, catch-up.page-size, 0",
    "services, index.commit-ms, 0.5"
  })
  void aPropertyOutOfRangeIsNamedWithItsRange(String profile, String key, String value) {
    cannotStart(profile, List.of(key, value), key + " must be a whole number from ", "but is '" + value + "'");
  }

  @Test
  void allWrongPropertiesAreNamedAtOnce() {
    cannotStart("services", List.of("queue.chunk-size", 0, "index.commit-ms", "soon"), "queue.chunk-size must be",
        "index.commit-ms must be");
  }

  @Test
  void anUnknownProcessIsRefused() {
    cannotStart("nosuch", List.of(), "there is no such process");
  }
}
