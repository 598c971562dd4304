package search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import search.SearchIndex.Checkpoint;

/** Looks at an index on disk beside the one who writes it. */
final class CommittedCheckpoint {

  private CommittedCheckpoint() {}

  /** The checkpoint of the last commit; {@link Checkpoint#NONE} if there is none. */
  static Checkpoint of(Path folder) {
    try (Directory directory = FSDirectory.open(folder)) {
      if (!DirectoryReader.indexExists(directory)) {
        return Checkpoint.NONE;
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        Map<String, String> data = reader.getIndexCommit().getUserData();
        return new Checkpoint(data.getOrDefault("epoch", ""), Long.parseLong(data.getOrDefault("sequence", "0")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
