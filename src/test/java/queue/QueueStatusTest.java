package queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import product.Rejection;
import queue.QueueStatus.Stage;

/** What is told of a queue, by whoever looks at its files. */
class QueueStatusTest {

  @TempDir
  private Path queues;

  private static void list(IndexQueue queue, int... ids) throws Exception {
    for (int id : ids) {
      Chunk chunk = new Chunk(List.of(IntNode.valueOf(id)));
      Files.writeString(queue.listingFolder().resolve(queue.nextChunkName(chunk)), chunk.json());
    }
  }

  private static void settleFirst(IndexQueue queue, List<Rejection> failed) throws Exception {
    try (Stream<Path> files = Files.list(queue.chunkFolder())) {
      Path first = files.sorted().findFirst().orElseThrow();
      queue.settle(first.getFileName().toString(), Chunk.parse(Files.readString(first)), failed, 0);
    }
  }

  @Test
  void aQueueIsListedThenPublishedThenInterruptedOrFailed() throws Exception {
    assertThat(QueueStatus.all(queues.resolve("none"))).isEmpty();
    IndexQueue queue = IndexQueue.open(queues, "Q");
    queue.beginListing();
    list(queue, 1, 2);
    assertThat(QueueStatus.all(queues)).containsExactly(new QueueStatus("Q", null, Stage.LISTING, 2, 0, null));

    queue.endListing(RunRecord.of("fullIndex", "jdbc:x", "", false, 1));
    assertThat(QueueStatus.all(queues)).containsExactly(new QueueStatus("Q", "fullIndex", Stage.PUBLISHING, 2, 0, 2L));
    settleFirst(queue, List.of(new Rejection("1", "bad")));
    queue.close();
    assertThat(QueueStatus.all(queues)).containsExactly(new QueueStatus("Q", "fullIndex", Stage.INTERRUPTED, 1, 1, 2L));

    IndexQueue resumed = IndexQueue.open(queues, "Q");
    settleFirst(resumed, List.of());
    resumed.close();
    assertThat(QueueStatus.all(queues)).containsExactly(new QueueStatus("Q", "fullIndex", Stage.FAILED, 0, 1, 2L));
  }

  @Test
  void whatAKilledIndexerLeftBeforeItListedAnIdIsNoQueue() throws Exception {
    Files.createDirectories(queues.resolve("Q/listing"));
    Files.writeString(queues.resolve("Q/lock"), "");
    assertThat(QueueStatus.all(queues)).isEmpty();

    try (IndexQueue queue = IndexQueue.open(queues, "Q")) {
      assertThat(QueueStatus.all(queues)).containsExactly(new QueueStatus(queue.id(), null, Stage.LISTING, 0, 0, null));
    }
    assertThat(queues.resolve("Q")).doesNotExist();
  }

  @Test
  void aRecordThatCannotBeReadHidesNoQueue() throws Exception {
    Files.createDirectories(queues.resolve("Q/chunks"));
    Files.writeString(queues.resolve("Q/chunks/chunk-0000001-3.json"), "{\"ids\":[1,2,3]}");
    Files.writeString(queues.resolve("Q/run.json"), "{\"comm");

    assertThat(QueueStatus.all(queues)).containsExactly(new QueueStatus("Q", null, Stage.INTERRUPTED, 3, 0, null));
  }

  /** Whoever asks takes the lock for an instant, which must neither let go of an indexer's nor keep one out. */
  @Test
  void askingDisturbsNoIndexer() throws Exception {
    Thread asking = new Thread(() -> {
      while (!Thread.interrupted()) {
        QueueStatus.all(queues);
      }
    });
    asking.start();
    try {
      for (int i = 0; i < 200; i++) {
        IndexQueue queue = IndexQueue.open(queues, "Q");
        queue.beginListing();
        assertThat(QueueStatus.all(queues)).extracting(QueueStatus::stage).containsExactly(Stage.LISTING);
        queue.close();
      }
    } finally {
      asking.interrupt();
      asking.join();
    }
  }
}
