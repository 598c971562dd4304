package verify;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/** The ids of products that differ, one in each line; there is no file until there is one. Not thread safe. */
public final class DriftFile implements AutoCloseable {

  private final Path file;
  private Writer writer;
  private long count;
  private long unlisted;

  /**
   * @param file in a folder that is there
   */
  public DriftFile(Path file) {
    this.file = file;
  }

  /**
   * @throws VerifyException if it can't be written
   */
  public void add(String id) {
    try {
      if (writer == null) {
        writer = Files.newBufferedWriter(file);
      }
      count++;
      if (id.lines().count() == 1) {
        writer.write(id);
        writer.write('\n');
      } else {
        unlisted++;
      }
    } catch (IOException e) {
      throw new VerifyException("the file " + file + " cannot be written: " + e.getMessage(), e);
    }
  }

  public Path path() {
    return file;
  }

  /** How many products differ. */
  public long count() {
    return count;
  }

  /** How many of them are not in the file, because there is a line break in their id. */
  public long unlisted() {
    return unlisted;
  }

  @Override
  public void close() {
    try {
      if (writer != null) {
        writer.close();
      }
    } catch (IOException e) {
      throw new VerifyException("the file " + file + " cannot be written: " + e.getMessage(), e);
    }
  }
}
