package benchmark;

import endtoend.JavaProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Full indexes, one after the other, that run while something else is measured. */
final class Busy {

  private static final Duration BOUND = Duration.ofMinutes(30);

  private final Pipeline pipeline;
  private final List<String> launcher;
  private JavaProcess indexer;
  private long before;

  /**
   * Nothing runs yet.
   *
   * @param launcher the command that starts the indexer, such as {@code nice}; empty: none
   */
  Busy(Pipeline pipeline, List<String> launcher) {
    this.pipeline = pipeline;
    this.launcher = launcher;
  }

  /**
   * Waits until a full index stores products; starts one unless one does that is not half done yet. Nobody else may publish.
   */
  void begin() throws InterruptedException {
    if (isOn() && pipeline.sequence() - before < pipeline.shop().products() / 2) {
      return;
    }
    end();
    before = pipeline.sequence();
    indexer = pipeline.launch(launcher, "fullIndex");
    while (isOn() && pipeline.sequence() == before) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Whether a full index still runs. */
  boolean isOn() {
    return indexer != null && indexer.alive();
  }

  /** Waits until the full index, if there is one, has ended with 0 and nothing lags. */
  void end() throws InterruptedException {
    if (indexer != null) {
      int status = indexer.awaitEnd(BOUND);
      if (status != 0) {
        throw new IllegalStateException(indexer.name() + " ended with " + status + ": " + indexer.output());
      }
      Awaitility.await("indexes without lag").atMost(BOUND).until(pipeline::isComplete);
    }
  }
}
