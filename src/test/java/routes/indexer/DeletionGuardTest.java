package routes.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import queue.Chunk;
import queue.IndexQueue;
import queue.RunRecord;
import routes.indexer.DeletionGuard.DeletionGuardException;

class DeletionGuardTest {

  @TempDir
  private Path folder;

  private IndexQueue queue;

  @BeforeEach
  void opensAQueue() {
    queue = IndexQueue.open(folder, "q");
  }

  @AfterEach
  void closesTheQueue() {
    queue.close();
  }

  /** A queue of a chunk of so many products, in a shop of so many. */
  private void listed(int products, long present) throws IOException {
    Chunk chunk = new Chunk(IntStream.range(0, products).<JsonNode>mapToObj(IntNode::valueOf).toList());
    queue.beginListing();
    Files.writeString(queue.listingFolder().resolve(queue.nextChunkName(chunk)), chunk.json());
    queue.endListing(RunRecord.of("fullIndex", "db", "", true, 7));
    queue.countPresent(present);
  }

  private DeletionGuard guard(int maxPercent) {
    DeletionGuard guard = new DeletionGuard(queue, maxPercent);
    guard.begin();
    return guard;
  }

  @ParameterizedTest
  @CsvSource({
    // listed, present, percent, deletions at most
    "1000, 1000,  20, 200",
    "   1, 1000,  20, 200",
    "9000, 1000,  20, 200",
    "1000,    0,  20, 200",
    "   3,    3,  20,   1",
    "   3,    1,  20,   1",
    "1000, 1000,   0,   0",
    "1000, 1000, 100, 1000"
  })
  void allowsAPartOfTheProductsThatThereWere(int listed, long present, int percent, int most) throws IOException {
    listed(listed, present);
    DeletionGuard guard = guard(percent);
    for (int i = 0; i < most; i++) {
      guard.admit(1);
    }
    guard.admit(0);
    assertThatExceptionOfType(DeletionGuardException.class).isThrownBy(() -> guard.admit(1))
        .withMessageContaining("delete.max-percent = " + percent).withMessageContaining("So far it has deleted " + most);
    assertThat(guard.admitted()).isEqualTo(most);
    assertThatNoException().isThrownBy(() -> guard.admit(0));
  }

  @Test
  void goesOnCountingWhereTheRecordStands() throws IOException {
    listed(2, 100);
    DeletionGuard guard = guard(20);
    guard.admit(15);
    // Of these, ten are on record when the process is killed.
    queue.settle("chunk-0000001-2.json", new Chunk(List.of(IntNode.valueOf(1), IntNode.valueOf(2))), List.of(), 10);
    DeletionGuard resumed = guard(20);
    assertThat(resumed.admitted()).isZero();
    resumed.check(10);
    resumed.admit(10);
    assertThat(resumed.admitted()).isEqualTo(10);
    assertThatExceptionOfType(DeletionGuardException.class).isThrownBy(() -> resumed.check(1));
  }
}
