package verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionsTest {

  private static final int INDEXES = 1;

  @TempDir
  private Path folder;

  private static Sighting sighting(String id, int place, long version, long... contents) {
    List<Fingerprint> fingerprints = IntStream.range(0, contents.length).mapToObj(i -> new Fingerprint(i, contents[i])).toList();
    return new Sighting(id, place, version, fingerprints);
  }

  private static Map<String, List<Verdict>> verdicts(Partitions partitions) {
    Map<String, List<Verdict>> verdicts = new TreeMap<>();
    for (int number : Partitions.numbers()) {
      for (Compared each : partitions.read(number)) {
        List<Verdict> verdict = List.of(each.verdict(Sighting.PRODUCT_DATA), each.verdict(Sighting.FIRST_INDEX));
        assertThat(verdicts.put(each.id(), verdict)).as("second %s", each.id()).isNull();
      }
    }
    return verdicts;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.endsWith("lock")).toList();
    }
  }

  @Test
  void bringsTogetherWhatEachPlaceHasWhateverTheOrder() {
    List<Sighting> all = new ArrayList<>();
    List<String> ids = Stream.concat(IntStream.range(0, 2_000).mapToObj(Integer::toString),
        Stream.of("ä", "a\u0308", "木漏れ日", "🍂", "\uD83C", "a b", "x".repeat(512), "木".repeat(512), "\u0000", "-1", "1e3")).toList();
    for (String id : ids) {
      all.add(sighting(id, Sighting.SOURCE, 0, id.hashCode()));
      all.add(sighting(id, Sighting.PRODUCT_DATA, 9, id.hashCode(), 5));
      all.add(new Sighting(id, Sighting.FIRST_INDEX, 8, List.of(new Fingerprint(1, 5))));
    }
    for (int seed = 0; seed < 3; seed++) {
      Collections.shuffle(all, new Random(seed));
      try (Partitions partitions = new Partitions(folder, INDEXES)) {
        all.forEach(partitions::add);
        assertThat(verdicts(partitions)).hasSize(ids.size()).allSatisfy(
            (id, verdict) -> assertThat(verdict).as(id).containsExactly(Verdict.EQUAL, Verdict.EQUAL));
      }
    }
  }

  @Test
  void spreadsIdsOverAllFiles() {
    try (Partitions partitions = new Partitions(folder, INDEXES)) {
      for (int i = 0; i < 100_000; i++) {
        partitions.add(sighting("SKU-" + (10_000_000 + i), Sighting.SOURCE, 0, 1));
      }
      assertThat(Partitions.numbers()).hasSize(Partitions.COUNT)
          .allSatisfy(number -> assertThat(partitions.read(number)).hasSizeBetween(250, 550));
    }
  }

  @Test
  void takesWhatSeveralThreadsAddAtOnce() throws Exception {
    try (Partitions partitions = new Partitions(folder, INDEXES)) {
      List<Thread> threads = IntStream.rangeClosed(Sighting.SOURCE, Sighting.FIRST_INDEX).mapToObj(place -> new Thread(() ->
          IntStream.range(0, 20_000).forEach(id -> partitions.add(sighting("" + id, place, 1, 5, 5))))).toList();
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(verdicts(partitions)).hasSize(20_000);
    }
  }

  @Test
  void leavesNoFilesBehindAndClearsThoseOfOneThatWasKilled() throws IOException {
    Files.writeString(folder.resolve("partition-0"), "torn");
    Files.writeString(folder.resolve("drifted-1.txt"), "17\n");
    Partitions partitions = new Partitions(folder, INDEXES);
    try (partitions) {
      assertThat(files()).containsExactly(folder.resolve("drifted-1.txt"));
      // So many that they find no room in a buffer.
      IntStream.range(0, 1_000).forEach(i -> partitions.add(sighting("1", Sighting.SOURCE, 0, 1)));
      assertThat(files()).hasSize(2);
      assertThat(verdicts(partitions)).containsOnlyKeys("1");
    }
    assertThatExceptionOfType(VerifyException.class).isThrownBy(() -> partitions.add(sighting("1", Sighting.SOURCE, 0, 1)));
    assertThat(files()).containsExactly(folder.resolve("drifted-1.txt"));
  }

  @Test
  void worksForOneVerificationAtATime() {
    try (Partitions first = new Partitions(folder, INDEXES)) {
      assertThatExceptionOfType(VerifyException.class).isThrownBy(() -> new Partitions(folder, INDEXES))
          .withMessageContaining("another verify works in " + folder);
      first.add(sighting("1", Sighting.SOURCE, 0, 1));
      assertThat(verdicts(first)).containsOnlyKeys("1");
    }
    new Partitions(folder, INDEXES).close();
  }

  @Test
  void saysWhereItCannotWrite() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    assertThatExceptionOfType(VerifyException.class).isThrownBy(() -> new Partitions(file, INDEXES))
        .withMessageContaining(file + " cannot be written");
  }
}
