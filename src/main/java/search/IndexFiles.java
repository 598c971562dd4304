package search;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.Lock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of an index before it is opened. */
final class IndexFiles {

  private static final Logger LOG = LoggerFactory.getLogger(IndexFiles.class);

  private IndexFiles() {}

  /**
   * Holds every file against its checksum, under the lock that keeps other processes out, and empties an index of which one is
   * damaged. It is so rebuilt from the change feed: it holds nothing that could not be had from there.
   *
   * @param name of the index, for the log
   */
  static void emptyIfDamaged(Directory directory, String name) throws IOException {
    try (Lock lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
      lock.ensureValid();
      try {
        checkIntegrity(directory);
      } catch (CorruptIndexException | EOFException | NoSuchFileException | FileNotFoundException
          | IndexFormatTooOldException | IndexFormatTooNewException e) {
        LOG.warn("{} is damaged, and is rebuilt from the change feed ({})", name, e.getMessage().lines().findFirst().orElse(""));
        empty(directory);
      }
    }
  }

  private static void checkIntegrity(Directory directory) throws IOException {
    if (DirectoryReader.indexExists(directory)) {
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        for (LeafReaderContext leaf : reader.leaves()) {
          leaf.reader().checkIntegrity();
        }
      }
    }
  }

  private static void empty(Directory directory) throws IOException {
    for (String file : directory.listAll()) {
      if (file.startsWith(IndexFileNames.SEGMENTS) || IndexFileNames.CODEC_FILE_PATTERN.matcher(file).matches()) {
        directory.deleteFile(file);
      }
    }
  }
}
