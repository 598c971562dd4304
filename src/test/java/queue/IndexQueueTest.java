package queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import product.Rejection;

@Timeout(60)
class IndexQueueTest {

  private static final RunRecord RECORD = RunRecord.of("fullIndex", "jdbc:h2:mem:shop", "", false, 7);

  @TempDir private Path temporary;
  private final List<IndexQueue> opened = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void letGo() {
    opened.forEach(IndexQueue::close);
    processes.forEach(Process::destroyForcibly);
  }

  private Path queues() {
    return temporary.resolve("state").resolve("queue");
  }

  private Path folder() {
    return queues().resolve("q");
  }

  private IndexQueue open() {
    IndexQueue queue = IndexQueue.open(queues(), "q");
    opened.add(queue);
    return queue;
  }

  /** A queue of these chunks, listed by the command "fullIndex". */
  private IndexQueue listed(Chunk... chunks) throws IOException {
    IndexQueue queue = open();
    queue.beginListing();
    for (Chunk chunk : chunks) {
      Files.writeString(queue.listingFolder().resolve(queue.nextChunkName(chunk)), chunk.json());
    }
    queue.endListing(RECORD);
    return queue;
  }

  private static Chunk chunk(long... ids) {
    return new Chunk(LongStream.of(ids).<JsonNode>mapToObj(LongNode::valueOf).toList());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  // Names

  static Stream<String> goodNames() {
    return Stream.of("a", "7", "FULL_INDEX_2026-01-01T00.00.00", "a..b", "x".repeat(100));
  }

  @ParameterizedTest
  @MethodSource("goodNames")
  void takesAName(String id) {
    try (IndexQueue queue = IndexQueue.open(queues(), id)) {
      assertThat(queue.id()).isEqualTo(id);
      assertThat(queue.chunkFolder().getParent()).isEqualTo(queues().resolve(id));
    }
  }

  static Stream<String> badNames() {
    return Stream.of(
        "", " ", ".", "..", ".x", "../x", "a/b", "a/../../b", "/tmp/x", "a\\b", "C:x", "-x", "_x", "x y", "x\n", "x\u0000", "ë",
        "x".repeat(101), "${x}", "*");
  }

  @ParameterizedTest
  @MethodSource("badNames")
  void refusesANameThatIsNoPlainFolderName(String id) {
    assertThatExceptionOfType(QueueException.class).isThrownBy(() -> IndexQueue.open(queues(), id))
        .withMessageStartingWith("queue.id must be").withMessageEndingWith("but is '" + id + "'");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void saysSoWhenItCannotBeWritten() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");
    assertThatExceptionOfType(QueueException.class).isThrownBy(() -> IndexQueue.open(file.resolve("queue"), "q"))
        .withMessageContaining(file.toString()).withMessageContaining("cannot be written");
  }

  @Test
  void canBeOpenedAfterItCouldNotBe() throws IOException {
    Path inTheWay = Files.createDirectories(folder().resolve("lock"));
    assertThatExceptionOfType(QueueException.class).isThrownBy(this::open).withMessageContaining("cannot be written");
    Files.delete(inTheWay);
    assertThat(open().record()).isNull();
  }

  // Listing

  @Test
  void isNotListedAtFirst() {
    IndexQueue queue = open();
    assertThat(queue.record()).isNull();
    assertThat(queue.remaining()).isZero();
    assertThat(queue.remainingChunks()).isZero();
    assertThat(queue.failed()).isZero();
  }

  @Test
  void numbersTheChunksOfAListingAndCountsTheirIdsInTheirNames() {
    IndexQueue queue = open();
    queue.beginListing();
    assertThat(queue.nextChunkName(chunk(1, 2, 3))).isEqualTo("chunk-0000001-3.json");
    assertThat(queue.nextChunkName(chunk(4))).isEqualTo("chunk-0000002-1.json");
  }

  @Test
  void hasTheChunksOnlyWhenAllAreListed() throws IOException {
    IndexQueue queue = open();
    queue.beginListing();
    Files.writeString(queue.listingFolder().resolve(queue.nextChunkName(chunk(1, 2))), chunk(1, 2).json());
    assertThat(queue.record()).isNull();
    assertThat(queue.remaining()).isZero();
    queue.endListing(RECORD);
    assertThat(queue.remaining()).isEqualTo(2);
    assertThat(queue.remainingChunks()).isEqualTo(1);
    assertThat(names(queue.chunkFolder())).containsExactly("chunk-0000001-2.json");
    assertThat(queue.listingFolder()).doesNotExist();
  }

  @Test
  void recordsWhatItWasListedFor() throws IOException {
    IndexQueue queue = listed(chunk(1, 2), chunk(3));
    RunRecord record = RECORD.withProducts(3);
    assertThat(queue.record()).isEqualTo(record);
    queue.close();
    assertThat(open().record()).as("after it was opened again").isEqualTo(record);
  }

  @Test
  void beginsTheListingAnewAfterItWasInterrupted() throws IOException {
    // What a killed indexer leaves: no chunks folder yet, with or without the record.
    Files.createDirectories(folder().resolve("listing"));
    Files.writeString(folder().resolve("listing").resolve("chunk-0000001-500.json"), "{");
    Files.writeString(folder().resolve("run.json"), "{\"command\":\"priceIndex\",\"products\":500}");
    IndexQueue queue = listed(chunk(1), chunk(2));
    assertThat(queue.record()).isEqualTo(RECORD.withProducts(2));
    assertThat(names(queue.chunkFolder())).containsExactly("chunk-0000001-1.json", "chunk-0000002-1.json");
  }

  @Test
  void countsAnewWhenTheListingBeginsAnew() throws IOException {
    IndexQueue queue = open();
    queue.beginListing();
    Files.writeString(queue.listingFolder().resolve(queue.nextChunkName(chunk(1, 2, 3))), chunk(1, 2, 3).json());
    queue.beginListing();
    assertThat(queue.listingFolder()).isEmptyDirectory();
    assertThat(queue.nextChunkName(chunk(1))).isEqualTo("chunk-0000001-1.json");
    queue.endListing(RECORD);
    assertThat(queue.record().products()).isEqualTo(1);
  }

  @Test
  void canBeListedWithoutAnyProduct() throws IOException {
    IndexQueue queue = listed();
    assertThat(queue.record().products()).isZero();
    assertThat(queue.remainingChunks()).isZero();
    queue.close();
    assertThat(folder()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "hello", "{}", "{\"command\":\"fullIndex\"}"})
  void saysWhatToDoWhenTheRecordCannotBeRead(String record) throws IOException {
    listed(chunk(1)).close();
    Files.writeString(folder().resolve("run.json"), record);
    IndexQueue queue = open();
    assertThatExceptionOfType(QueueException.class).isThrownBy(queue::record)
        .withMessageContaining(folder().resolve("run.json").toString()).withMessageContaining("delete " + folder());
    queue.close();
    assertThat(folder().resolve("chunks")).as("what somebody may look at").isDirectory();
  }

  // Settling and resuming

  @Test
  void goesOnWithWhatIsLeft() throws IOException {
    IndexQueue queue = listed(chunk(1, 2), chunk(3), chunk(4, 5, 6));
    queue.settle("chunk-0000002-1.json", chunk(3), List.of(), 0);
    assertThat(queue.isLeft("chunk-0000002-1.json")).isFalse();
    assertThat(queue.isLeft("chunk-0000003-3.json")).isTrue();
    assertThat(queue.remaining()).isEqualTo(5);
    assertThat(queue.remainingChunks()).isEqualTo(2);
    queue.close();
    IndexQueue again = open();
    assertThat(names(again.chunkFolder())).containsExactly("chunk-0000001-2.json", "chunk-0000003-3.json");
    assertThat(Chunk.parse(Files.readString(again.chunkFolder().resolve("chunk-0000003-3.json")))).isEqualTo(
        Chunk.parse(chunk(4, 5, 6).json()));
    assertThat(again.remaining()).isEqualTo(5);
  }

  @Test
  void keepsWhatFailedWithTheReasons() throws IOException {
    IndexQueue queue = listed(chunk(1, 2, 3), chunk(4));
    queue.settle("chunk-0000001-3.json", chunk(1, 2, 3),
        List.of(new Rejection("3", "too large"), new Rejection("1", "bad row")), 0);
    assertThat(queue.failed()).isEqualTo(2);
    assertThat(queue.remaining()).isEqualTo(1);
    assertThat(names(queue.failedFolder())).containsExactly("chunk-0000001-2.json");
    String failed = Files.readString(queue.failedFolder().resolve("chunk-0000001-2.json"));
    assertThat(Chunk.parse(failed)).isEqualTo(Chunk.parse(chunk(1, 3).json()));
    assertThat(failed).contains("too large", "bad row");
  }

  @Test
  void triesWhatFailedAgain() throws IOException {
    IndexQueue queue = listed(chunk(1, 2, 3));
    queue.settle("chunk-0000001-3.json", chunk(1, 2, 3),
        List.of(new Rejection("3", "too large"), new Rejection("1", "bad row")), 0);
    queue.close();
    IndexQueue again = open();
    again.resume();
    assertThat(again.failed()).isZero();
    assertThat(again.remaining()).isEqualTo(2);
    again.settle("chunk-0000001-2.json", chunk(1, 3), List.of(new Rejection("3", "still too large")), 0);
    assertThat(again.failed()).isEqualTo(1);
    assertThat(again.remaining()).isZero();
    again.resume();
    again.settle("chunk-0000001-1.json", chunk(3), List.of(), 0);
    again.close();
    assertThat(folder()).doesNotExist();
  }

  @Test
  void hasNothingToTryAgainWhenNothingFailed() throws IOException {
    IndexQueue queue = listed(chunk(1));
    queue.resume();
    assertThat(queue.remaining()).isEqualTo(1);
  }

  @Test
  void keepsAChunkWhoseFailuresCannotBeWritten() throws IOException {
    IndexQueue queue = listed(chunk(1));
    Files.writeString(queue.failedFolder(), "in the way");
    assertThatExceptionOfType(QueueException.class)
        .isThrownBy(() -> queue.settle("chunk-0000001-1.json", chunk(1), List.of(new Rejection("1", "bad row")), 0));
    assertThat(queue.isLeft("chunk-0000001-1.json")).isTrue();
    Files.delete(queue.failedFolder());
  }

  @Test
  void namesADamagedChunkAndWhatToDo() throws IOException {
    IndexQueue queue = listed(chunk(1, 2));
    assertThat(queue.parse("chunk-0000001-2.json", chunk(1, 2).json()).size()).isEqualTo(2);
    assertThatExceptionOfType(QueueException.class).isThrownBy(() -> queue.parse("chunk-0000001-2.json", "{\"ids\":[1,"))
        .withMessageContaining(queue.chunkFolder().resolve("chunk-0000001-2.json").toString())
        .withMessageContaining("delete " + folder());
  }

  @Test
  void countsChunksAlone() throws IOException {
    IndexQueue queue = listed(chunk(1, 2));
    for (String other : List.of("notes.txt", "chunk-0000002-7.json.tmp", ".chunk-0000003-7.json", "chunk-x-7.json",
        "chunk-0000004-.json")) {
      Files.writeString(queue.chunkFolder().resolve(other), "");
    }
    assertThat(queue.remaining()).isEqualTo(2);
    assertThat(queue.remainingChunks()).isEqualTo(1);
    assertThat(IndexQueue.products(temporary.resolve("nowhere"))).isZero();
  }

  @Test
  void isSettledByManyThreads() throws Exception {
    int chunks = 40;
    IndexQueue queue = listed(LongStream.range(0, chunks).mapToObj(i -> chunk(2 * i, 2 * i + 1)).toArray(Chunk[]::new));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> settled = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      Chunk chunk = chunk(2L * i, 2L * i + 1);
      String name = String.format("chunk-%07d-2.json", i + 1);
      List<Rejection> failed = i % 4 == 0 ? List.of(new Rejection(Long.toString(2L * i), "bad row")) : List.of();
      settled.add(threads.submit(() -> queue.settle(name, chunk, failed, 0)));
    }
    for (Future<?> each : settled) {
      each.get(30, TimeUnit.SECONDS);
    }
    threads.shutdown();
    assertThat(queue.remaining()).isZero();
    assertThat(queue.failed()).isEqualTo(10);
  }

  @Test
  void keepsEveryProductThatFailedWhateverACrashLeft() throws IOException {
    // Just before the crash: of three products two had failed, and their chunk was not taken off yet.
    Rejection one = new Rejection("1", "bad row");
    Rejection two = new Rejection("2", "bad row");
    IndexQueue queue = listed(chunk(1, 2, 3));
    queue.settle("chunk-0000001-3.json", chunk(1, 2, 3), List.of(one, two), 0);
    Files.writeString(queue.chunkFolder().resolve("chunk-0000001-3.json"), chunk(1, 2, 3).json());
    queue.close();

    IndexQueue again = open();
    again.resume();
    assertThat(names(again.chunkFolder())).as("what failed is in it").containsExactly("chunk-0000001-3.json");
    assertThat(again.failed()).isZero();
    again.settle("chunk-0000001-3.json", chunk(1, 2, 3), List.of(two), 0);
    again.resume();
    assertThat(names(again.chunkFolder())).containsExactly("chunk-0000001-1.json");
    assertThat(again.remaining()).isEqualTo(1);
  }

  // Deletions

  @Test
  void countsWhatWasDeletedOverAllResumes() throws IOException {
    IndexQueue queue = listed(chunk(1, 2), chunk(3), chunk(4));
    assertThat(queue.record().present()).isEqualTo(RunRecord.UNKNOWN);
    queue.countPresent(100);
    queue.settle("chunk-0000001-2.json", chunk(1, 2), List.of(), 2);
    queue.settle("chunk-0000002-1.json", chunk(3), List.of(), 0);
    queue.close();
    IndexQueue again = open();
    assertThat(again.record()).isEqualTo(RECORD.withProducts(4).withPresent(100).withDeleted(2));
    again.settle("chunk-0000003-1.json", chunk(4), List.of(new Rejection("4", "bad row")), 1);
    again.close();
    assertThat(RunRecord.read(folder()).deleted()).isEqualTo(3);
  }

  // The sweep

  /** A queue of a full index whose one chunk is done. */
  private IndexQueue swept() throws IOException {
    IndexQueue queue = open();
    queue.beginListing();
    Files.writeString(queue.listingFolder().resolve(queue.nextChunkName(chunk(1))), chunk(1).json());
    queue.endListing(RunRecord.of("fullIndex", "jdbc:h2:mem:shop", "", true, 7));
    queue.settle("chunk-0000001-1.json", chunk(1), List.of(), 0);
    return queue;
  }

  private static void listSweep(IndexQueue queue, Chunk... chunks) throws IOException {
    queue.beginListing();
    for (Chunk chunk : chunks) {
      Files.writeString(queue.listingFolder().resolve(queue.nextChunkName(chunk)), chunk.json());
    }
  }

  @Test
  void staysUntilTheSweepIsDone() throws IOException {
    IndexQueue queue = swept();
    queue.close();
    IndexQueue again = open();
    assertThat(again.record().sweepIsDue()).isTrue();
    listSweep(again, chunk(8, 9), chunk(10));
    again.endSweepListing();
    assertThat(again.record().sweepIsDue()).isFalse();
    assertThat(again.record().stage()).isEqualTo(RunRecord.Stage.SWEEP);
    assertThat(again.record().products()).as("what was listed").isEqualTo(1);
    assertThat(again.listedChunks()).isEqualTo(2);
    assertThat(names(again.chunkFolder())).containsExactly("sweep-0000001-2.json", "sweep-0000002-1.json");
    assertThat(again.remaining()).isEqualTo(3);
    again.close();
    IndexQueue last = open();
    last.resume();
    last.settle("sweep-0000001-2.json", chunk(8, 9), List.of(new Rejection("9", "bad row")), 1);
    last.settle("sweep-0000002-1.json", chunk(10), List.of(), 1);
    assertThat(names(last.failedFolder())).containsExactly("sweep-0000001-1.json");
    last.resume();
    last.settle("sweep-0000001-1.json", chunk(9), List.of(), 1);
    last.close();
    assertThat(folder()).doesNotExist();
  }

  @Test
  void listsTheSweepAnewWhenThatWasInterrupted() throws IOException {
    IndexQueue queue = swept();
    listSweep(queue, chunk(8, 9), chunk(10));
    queue.close();
    IndexQueue again = open();
    again.resume();
    assertThat(again.remaining()).isZero();
    assertThat(again.record().sweepIsDue()).isTrue();
    listSweep(again, chunk(8));
    again.endSweepListing();
    assertThat(names(again.chunkFolder())).containsExactly("sweep-0000001-1.json");
  }

  @Test
  void goesOnWithAListedSweepThatWasInterruptedBeforeItsChunksWereTaken() throws IOException {
    IndexQueue queue = swept();
    listSweep(queue, chunk(8, 9), chunk(10));
    queue.endSweepListing();
    // As a kill between the two chunks leaves it.
    Files.createDirectories(queue.listingFolder());
    Files.move(queue.chunkFolder().resolve("sweep-0000002-1.json"), queue.listingFolder().resolve("sweep-0000002-1.json"));
    queue.close();
    assertThat(folder()).exists();
    IndexQueue again = open();
    again.resume();
    assertThat(names(again.chunkFolder())).containsExactly("sweep-0000001-2.json", "sweep-0000002-1.json");
    assertThat(again.listingFolder()).doesNotExist();
  }

  @Test
  void staysWhenAllChunksOfAListedSweepWereNotTakenYet() throws IOException {
    IndexQueue queue = swept();
    listSweep(queue, chunk(8));
    queue.endSweepListing();
    Files.createDirectories(queue.listingFolder());
    Files.move(queue.chunkFolder().resolve("sweep-0000001-1.json"), queue.listingFolder().resolve("sweep-0000001-1.json"));
    queue.close();
    IndexQueue again = open();
    again.resume();
    assertThat(again.remaining()).isEqualTo(1);
  }

  // The end

  @Test
  void leavesNothingBehindWhenNothingIsLeft() throws IOException {
    IndexQueue queue = listed(chunk(1, 2), chunk(3));
    queue.settle("chunk-0000001-2.json", chunk(1, 2), List.of(), 0);
    queue.settle("chunk-0000002-1.json", chunk(3), List.of(), 0);
    queue.close();
    queue.close();
    assertThat(folder()).doesNotExist();
    assertThat(open().record()).as("the name begins a new run").isNull();
  }

  @Test
  void leavesNothingBehindWhenItWasNotListed() {
    IndexQueue queue = open();
    queue.beginListing();
    queue.close();
    assertThat(folder()).doesNotExist();
  }

  @Test
  void staysWhenSomethingIsLeftOrFailed() throws IOException {
    IndexQueue queue = listed(chunk(1));
    queue.close();
    assertThat(folder()).exists();
    IndexQueue again = open();
    again.settle("chunk-0000001-1.json", chunk(1), List.of(new Rejection("1", "bad row")), 0);
    again.close();
    assertThat(folder()).exists();
    assertThat(open().failed()).isEqualTo(1);
  }

  // One indexer at a time

  @Test
  void refusesASecondOpener() throws IOException {
    IndexQueue queue = listed(chunk(1));
    assertThatExceptionOfType(QueueException.class).isThrownBy(() -> IndexQueue.open(queues(), "q"))
        .withMessageStartingWith("another indexer works on the queue q");
    assertThat(queue.remaining()).as("the first goes on").isEqualTo(1);
    IndexQueue.open(queues(), "other").close();
    queue.close();
    assertThat(open().remaining()).as("after the first let go").isEqualTo(1);
  }

  @Test
  void refusesAnotherProcess() throws IOException {
    IndexQueue queue = listed(chunk(1));
    assertThat(openInAnotherProcess()).startsWith("another indexer works on the queue q");
    assertThat(queue.remaining()).isEqualTo(1);
    queue.close();
    assertThat(openInAnotherProcess()).as("after the first let go").isEqualTo("opened");
  }

  @Test
  void refusesAnotherProcessAlsoAfterItRefusedASecondOpenerInItsOwn() throws IOException {
    listed(chunk(1));
    assertThatExceptionOfType(QueueException.class).isThrownBy(() -> IndexQueue.open(queues(), "q"));
    assertThat(openInAnotherProcess()).startsWith("another indexer works on the queue q");
  }

  @Test
  void isRefusedWhileAnotherProcessHasItAndFreeWhenThatWasKilled() throws Exception {
    listed(chunk(1)).close();
    assertThat(openInAnotherProcess()).isEqualTo("opened");
    assertThatExceptionOfType(QueueException.class).isThrownBy(() -> IndexQueue.open(queues(), "q"))
        .withMessageStartingWith("another indexer works on the queue q");
    Process other = processes.get(0);
    other.destroyForcibly();
    assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(open().remaining()).isEqualTo(1);
  }

  /** Starts a process that opens the queue and keeps it, and returns what it says. */
  private String openInAnotherProcess() throws IOException {
    Process process = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp",
        System.getProperty("java.class.path"), Opener.class.getName(), queues().toString(),
        "q").redirectErrorStream(true).start();
    processes.add(process);
    BufferedReader said = new BufferedReader(process.inputReader(UTF_8));
    return said.readLine();
  }

  /** The other process. */
  static final class Opener {

    private Opener() {}

    /** Opens a queue, says whether that worked, and waits to be killed, or for the end of the one who started it. */
    public static void main(String[] folderAndId) throws IOException {
      try {
        IndexQueue.open(Path.of(folderAndId[0]), folderAndId[1]);
        System.out.println("opened");
      } catch (QueueException e) {
        System.out.println(e.getMessage());
      }
      System.out.flush();
      System.in.read();
    }
  }
}
