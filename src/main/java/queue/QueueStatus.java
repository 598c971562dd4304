package queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a queue is, as its files say; it may be another process's.
 *
 * @param id of the queue
 * @param command that it was made for; null while its ids are listed, or if its record can't be read
 * @param stage what becomes of it
 * @param remaining products left to do; while ids are listed, those listed so far
 * @param failed products that failed
 * @param total products that were listed; null where {@code command} is
 */
public record QueueStatus(String id, String command, Stage stage, long remaining, long failed, Long total) {

  /** What becomes of a queue. */
  public enum Stage {
    /** An indexer lists its ids. */
    LISTING,
    /** An indexer publishes its products. */
    PUBLISHING,
    /** An indexer publishes products that it did not meet in the database. */
    SWEEPING,
    /** No indexer works on it, though something is left to do. */
    INTERRUPTED,
    /** Nothing is left but what failed. */
    FAILED
  }

  /** Whether an indexer works on it. */
  public boolean running() {
    return stage != Stage.INTERRUPTED && stage != Stage.FAILED;
  }

  /**
   * All queues in the order of their ids; without those in which there is nothing to go on with.
   *
   * @param queues the folder of all queues; it may be missing, then there are none
   * @throws QueueException if it can't be read
   */
  public static List<QueueStatus> all(Path queues) {
    try (Stream<Path> folders = Files.list(queues)) {
      List<QueueStatus> found = new ArrayList<>();
      for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
        QueueStatus status = of(folder);
        // A run that ended meanwhile took its folder along; one that was killed before it listed an id left nothing in it.
        if (Files.exists(folder) && (status.running() || status.remaining() > 0 || Files.exists(folder.resolve(IndexQueue.CHUNKS)))) {
          found.add(status);
        }
      }
      return found;
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new QueueException("the queues in " + queues + " cannot be read: " + e, e);
    }
  }

  private static QueueStatus of(Path folder) {
    boolean listed = Files.exists(folder.resolve(IndexQueue.CHUNKS));
    long remaining = IndexQueue.products(folder.resolve(listed ? IndexQueue.CHUNKS : IndexQueue.LISTING));
    long failed = IndexQueue.products(folder.resolve(IndexQueue.FAILED));
    RunRecord run = record(folder);
    Stage stage;
    if (IndexQueue.isHeld(folder)) {
      Stage publishing = run != null && run.stage() == RunRecord.Stage.SWEEP ? Stage.SWEEPING : Stage.PUBLISHING;
      stage = listed ? publishing : Stage.LISTING;
    } else {
      stage = listed && remaining == 0 && failed > 0 ? Stage.FAILED : Stage.INTERRUPTED;
    }
    return new QueueStatus(folder.getFileName().toString(), run == null ? null : run.command(), stage, remaining, failed,
        run == null ? null : run.products());
  }

  private static RunRecord record(Path folder) {
    try {
      return RunRecord.read(folder);
    } catch (QueueException e) {
      return null;
    }
  }
}
