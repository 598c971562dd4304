package endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files that a crash or a disk left damaged: a process starts and heals, or refuses with one line that says what to do; it never
 * serves wrong data in silence. What each file format notices is tested beside it; here it is what an operator sees.
 */
@Timeout(120)
class TornFilesTest {

  private static final int PRODUCTS = 300;

  @TempDir
  private Path folder;

  private Backend backend;

  @BeforeEach
  void choosesPortsAndFolder() {
    backend = new Backend(folder.resolve("kv")).with("sample.products", PRODUCTS).with("queue.chunk-size", 50);
    backend.start("broker");
  }

  @AfterEach
  void stops() {
    backend.close();
  }

  private Path kv(String path) {
    return folder.resolve("kv").resolve(path);
  }

  /** How a file is damaged. */
  private enum Damage {
    CUT {
      @Override
      byte[] of(byte[] sound) {
        return Arrays.copyOf(sound, sound.length / 2);
      }
    },
    GARBLED {
      @Override
      byte[] of(byte[] sound) {
        byte[] garbled = sound.clone();
        Arrays.fill(garbled, sound.length / 3, sound.length / 2, (byte) 0x5A);
        return garbled;
      }
    },
    EMPTY {
      @Override
      byte[] of(byte[] sound) {
        return new byte[0];
      }
    };

    abstract byte[] of(byte[] sound);

    void to(Path file) throws IOException {
      Files.write(file, of(Files.readAllBytes(file)));
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** A queue whose run was not acknowledged by anybody, and so ended. */
  private void interruptedRun() {
    assertThat(backend.index("fullIndex", "queue.id", "Q", "startup.patience-ms", 100).status()).isEqualTo(2);
  }

  @Test
  void aDamagedChunkOrRecordOfARunIsNamedWithWhatToDo() throws Exception {
    interruptedRun();
    backend.start("services");
    Path chunk = files(kv("queue/Q/chunks")).get(2);
    for (Path file : List.of(chunk, kv("queue/Q/run.json"))) {
      byte[] sound = Files.readAllBytes(file);
      for (Damage damage : Damage.values()) {
        damage.to(file);
        refused(backend.index("fullIndex", "queue.id", "Q"), file.toString(), "delete " + kv("queue/Q"), "run the command again");
        Files.write(file, sound);
      }
    }

    // What the message says.
    try (Stream<Path> files = Files.walk(kv("queue/Q"))) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> assertThat(file.toFile().delete()).isTrue());
    }
    assertThat(backend.index("fullIndex", "queue.id", "Q").status()).isZero();
    backend.awaitIndexes();
    assertThat(backend.documents("index-a")).hasSize(PRODUCTS);
    assertThat(backend.products()).hasSize(PRODUCTS);
  }

  private static void refused(Backend.Ended ended, String... reason) {
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.log().lines(Level.WARN)).first().asString().contains(reason);
    assertThat(ended.log().stackTraces()).isEmpty();
  }

  @Test
  void aDamagedIndexIsRebuiltFromTheFeed() throws Exception {
    Backend.Process services = backend.start("services");
    assertThat(backend.index("fullIndex").status()).isZero();
    backend.awaitIndexes();
    Map<String, JsonNode> sound = backend.documents("index-a");
    for (Damage damage : Damage.values()) {
      services.stop();
      // The largest file: what a disk most likely hits. Lucene opens such an index without a word.
      damage.to(files(kv("index-a/1")).stream().max(Comparator.comparing(file -> file.toFile().length())).orElseThrow());

      try (LogCapture log = new LogCapture()) {
        services = backend.start("services");
        backend.awaitIndexes();
        assertThat(backend.documents("index-a")).as("%s", damage).isEqualTo(sound);
        assertThat(log.lines(Level.WARN)).singleElement().asString()
            .startsWith("index-a is damaged, and is rebuilt from the change feed");
        assertThat(log.stackTraces()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Damage.class, names = {"CUT", "GARBLED"})
  void aDamagedProductStoreIsRefusedOrToldOfButNeverServed(Damage damage) throws Exception {
    Backend.Process services = backend.start("services");
    assertThat(backend.index("fullIndex").status()).isZero();
    backend.awaitIndexes();
    Map<String, JsonNode> sound = backend.products();
    services.stop();
    damage.to(kv("products/products.mv"));

    try (LogCapture log = new LogCapture()) {
      Backend.Process damaged = backend.launch("services");
      await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20)).until(() -> damaged.ended() || damaged.ready());
      if (damaged.ended()) {
        assertThat(damaged.awaitEnd()).isEqualTo(2);
        assertThat(log.lines(Level.WARN)).singleElement().asString().startsWith("Could not start: the product store ")
            .contains("move it away and run a full index");
      } else {
        boolean lost = false;
        for (String id : sound.keySet()) {
          HttpResponse<String> answer = backend.get("/products/" + id);
          if (answer.statusCode() == 200) {
            assertThat(Backend.parse(answer.body())).isEqualTo(sound.get(id));
          } else {
            lost = true;
          }
        }
        assertThat(lost).isTrue();
        assertThat(log.lines(Level.WARN)).anyMatch(
            line -> line.contains("move it away and run a full index") || line.contains("lost its latest changes: run a full index"));
        damaged.stop();
      }
      assertThat(log.stackTraces()).isEmpty();
    }

    // What the message says.
    Files.move(kv("products/products.mv"), folder.resolve("away.mv"), StandardCopyOption.REPLACE_EXISTING);
    backend.start("services");
    assertThat(backend.index("fullIndex").status()).isZero();
    backend.awaitIndexes();
    assertThat(backend.products()).isEqualTo(sound);
    assertThat(backend.documents("index-a")).hasSize(PRODUCTS);
    assertThat(backend.documents("index-b")).hasSize(PRODUCTS);
  }

  @Test
  void aHalfWrittenListingIsListedAnew() throws Exception {
    Files.createDirectories(kv("queue/Q/listing"));
    Files.write(kv("queue/Q/listing/chunk-0000001-50.json"), "{\"ids\":[1,2,".getBytes(StandardCharsets.UTF_8));
    backend.start("services");

    assertThat(backend.index("fullIndex", "queue.id", "Q").status()).isZero();
    backend.awaitIndexes();
    assertThat(backend.products()).hasSize(PRODUCTS);
  }
}
