package app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import endtoend.Backend;
import endtoend.LogCapture;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import routes.support.PropertyNames;

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
  void everyNumberIsChecked() throws Exception {
    Properties all = new Properties();
    try (InputStream file = getClass().getResourceAsStream("/application.properties")) {
      all.load(file);
    }
    List<String> numbers = all.stringPropertyNames().stream()
        .filter(key -> !key.startsWith("camel.") && all.getProperty(key).matches("\\d+")).toList();
    List<Object> wrong = new ArrayList<>();
    numbers.forEach(key -> wrong.addAll(List.of(key, "-1")));

    try (LogCapture log = new LogCapture()) {
      assertThat(backend.launch("services", wrong.toArray()).awaitEnd()).isEqualTo(2);
      assertThat(numbers).hasSizeGreaterThan(20)
          .allSatisfy(key -> assertThat(log.lines(Level.ERROR).get(0)).contains(key + " must be a whole number from "));
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "verify    | verify.repair    | maybe        | must be true or false, but is 'maybe'",
    "fullIndex | index.exit       | ''           | must be true or false, but is ''",
    "broker    | bus              | x            | must be the name of a folder under routes/bus, such as websocket, but is 'x'",
    "fullIndex | bus              | ''           | must be the name of a folder under routes/bus, such as websocket, but is ''",
    "fullIndex | kv.folder        | ''           | must not be empty",
    "fullIndex | index.tags       | ' '          | must not be empty",
    "services  | index-a.tags     | ''           | must not be empty",
    "fullIndex | product-data.url | foo          | must be a URL such as http://127.0.0.1:8081, but is 'foo'",
    "status    | index-a.url      | http://a/b?c | must be a URL such as http://127.0.0.1:8081, but is 'http://a/b?c'",
    "fullIndex | product.ids      | @nope.txt    | but is '@nope.txt', which cannot be read: there is no such file",
    "fullIndex | product.ids      | ','          | but the id number 1 is empty"
  })
  void aWrongValueIsNamedWithWhatIsAllowed(String profile, String key, String value, String allowed) {
    cannotStart(profile, List.of(key, value), key + " must ", allowed);
    assertThat(folder.resolve("kv/queue")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "fullIndex, sampel.products, did you mean sample.products?",
    "fullIndex, queue.idd, did you mean queue.id?",
    "fullIndex, Product.Ids, did you mean product.ids?",
    "verify, verify.fix-it, application.properties and the README list all",
    "services, index-a.facet, did you mean index-a.facets?",
    "rebuild, indx, did you mean index?"
  })
  void aMistypedPropertyIsNamedWithTheOneThatWasMeant(String profile, String key, String meant) {
    cannotStart(profile, List.of(key, "5"), "there is no property " + key, meant);
  }

  @Test
  void propertiesOfOthersAndOfFurtherIndexesAreNoneOfOurConcern() {
    assertThat(new PropertyNames().mistyped(List.of("index-c.facets", "index-c.url", "camel.main.name", "java.home", "user.dir",
        "source", "maven.home", "http.proxyHost", "h2.bindAddress", "index.sql", "queue.id"))).isEmpty();
    assertThat(new PropertyNames().mistyped(System.getProperties().stringPropertyNames())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "camel:run -Pfulindex, fullIndex",
    "-B -P fullindex camel:run, fullIndex",
    "camel:run -Pprice, priceIndex",
    "'compile camel:run --activate-profiles company,pricIndex', priceIndex"
  })
  void aMistypedMavenProfileIsNamedWithTheOneThatWasMeant(String commandLine, String meant) {
    assertThat(MavenProfiles.mistyped(commandLine)).get().asString()
        .contains("there is no Maven profile ", "did you mean -P" + meant + "?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "camel:run", "-B camel:run -PfullIndex", "camel:run -P company,services,!broker,-demo", "verify -Pbenchmark", "-P"})
  void otherMavenProfilesAreNot(String commandLine) {
    assertThat(MavenProfiles.mistyped(commandLine)).isEmpty();
    assertThat(MavenProfiles.mistyped(null)).isEmpty();
  }

  @Test
  void anUnknownProcessIsRefused() {
    cannotStart("", List.of(), "-profile must name a process: there are broker, ");
    cannotStart("nosuch", List.of(), "there is no process nosuch: there are broker, demo, ", ", services, ");
    cannotStart("fulIndex", List.of(), "there is no process fulIndex: did you mean fullIndex?");
  }
}
