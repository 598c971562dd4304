package queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import product.Rejection;

/**
 * The persisted queue of one run, a folder:
 *
 * <pre>
 *   lock            held by the indexer that works on it
 *   listing/        chunks while the ids are listed; becomes
 *   chunks/         when all are: what is left to do
 *   failed/         products that were refused, with the reasons
 *   run.json        what the queue was made for
 * </pre>
 *
 * The name of a chunk file ends in the number of its ids. The lock is the operating system's: it ends with the process, however that ends. Thread safe.
 */
public final class IndexQueue implements AutoCloseable {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern CHUNK_FILE = Pattern.compile("chunk-\\d+-(\\d+)\\.json");

  /** The lock files that this process has open. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final String id;
  private final Path folder;
  private final FileChannel lockFile;
  private long chunks;
  private long listed;

  private IndexQueue(String id, Path folder, FileChannel lockFile) {
    this.id = id;
    this.folder = folder;
    this.lockFile = lockFile;
  }

  /**
   * Opens a queue for this process alone.
   *
   * @param queues the folder of all queues; created if it is not there
   * @param id letters, digits, {@code .}, {@code _} and {@code -} after a leading letter or digit
   * @throws QueueException if the id is none, another indexer works on the queue, or the folder can't be written
   */
  public static IndexQueue open(Path queues, String id) {
    if (!NAME.matcher(id).matches()) {
      throw new QueueException("queue.id must be up to 100 letters, digits, '.', '_' and '-', the first a letter or digit,"
          + " but is '" + id + "'");
    }
    Path folder = queues.resolve(id);
    try {
      Files.createDirectories(folder);
      return new IndexQueue(id, folder, lock(folder.resolve("lock"), id));
    } catch (IOException e) {
      throw new QueueException("the queue " + folder + " cannot be written: " + e, e);
    }
  }

  /**
   * Takes the lock. Closing any other channel of the file would let go of it (POSIX), so that this process opens the file
   * once at a time; and the file must still be the one with that name, in case it was deleted just before it was locked.
   */
  private static FileChannel lock(Path file, String id) throws IOException {
    Path key = file.toAbsolutePath().normalize();
    if (HELD.add(key)) {
      FileChannel channel = null;
      boolean taken = false;
      try {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Object opened = fileKey(file);
        taken = channel.tryLock() != null && opened.equals(fileKey(file));
        if (taken) {
          return channel;
        }
      } finally {
        if (!taken) {
          if (channel != null) {
            channel.close();
          }
          HELD.remove(key);
        }
      }
    }
    throw new QueueException("another indexer works on the queue " + id + ": wait for it, or choose another name");
  }

  private static Object fileKey(Path file) throws IOException {
    try {
      return Objects.requireNonNullElse(Files.readAttributes(file, BasicFileAttributes.class).fileKey(), "");
    } catch (NoSuchFileException e) {
      return new Object();
    }
  }

  public String id() {
    return id;
  }

  /** The folder of the chunks that are left to do. */
  public Path chunkFolder() {
    return folder.resolve("chunks");
  }

  /** The folder of the chunks that are being listed. */
  public Path listingFolder() {
    return folder.resolve("listing");
  }

  /** The folder of the products that failed. */
  public Path failedFolder() {
    return folder.resolve("failed");
  }

  /**
   * What this queue was made for; null if its ids are not listed yet.
   *
   * @throws QueueException if the record cannot be read
   */
  public RunRecord record() {
    if (!Files.exists(chunkFolder())) {
      return null;
    }
    try {
      return RunRecord.parse(Files.readString(folder.resolve("run.json")));
    } catch (IOException | IllegalArgumentException e) {
      throw new QueueException("the record " + folder.resolve("run.json") + " cannot be read: delete " + folder
          + " and run the command again", e);
    }
  }

  /** Begins to list ids; what an interrupted listing left goes. */
  public void beginListing() {
    try {
      delete(listingFolder());
      Files.createDirectories(listingFolder());
      chunks = 0;
      listed = 0;
    } catch (IOException e) {
      throw new QueueException("the queue " + folder + " cannot be written: " + e, e);
    }
  }

  /** The file name of the next chunk of the listing. */
  public String nextChunkName(Chunk chunk) {
    listed += chunk.size();
    return String.format("chunk-%07d-%d.json", ++chunks, chunk.size());
  }

  /** Ends the listing: from now on the queue survives whatever happens. */
  public void endListing(String command, String database, long listedAt) {
    try {
      write(folder.resolve("run.json"), new RunRecord(command, database, listedAt, listed).json());
      Files.move(listingFolder(), chunkFolder(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new QueueException("the queue " + folder + " cannot be written: " + e, e);
    }
  }

  /** Makes chunks of the products that failed, to try them again. */
  public void retryFailed() {
    try {
      for (Path file : files(failedFolder())) {
        Files.move(file, chunkFolder().resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new QueueException("the queue " + folder + " cannot be written: " + e, e);
    }
  }

  /** Whether a chunk is left to do; a folder's listing may be older than its last settled chunk. */
  public boolean isLeft(String fileName) {
    return Files.exists(chunkFolder().resolve(fileName));
  }

  /**
   * Takes a chunk off the queue, after it kept what failed of it.
   *
   * @param fileName of the chunk
   * @param failed which of its products, and why; may be empty
   */
  public void settle(String fileName, Chunk chunk, List<Rejection> failed) {
    try {
      if (!failed.isEmpty()) {
        Files.createDirectories(failedFolder());
        String name = fileName.substring(0, fileName.lastIndexOf('-') + 1) + failed.size() + ".json";
        write(failedFolder().resolve(name), chunk.failedJson(failed));
      }
      Files.delete(chunkFolder().resolve(fileName));
    } catch (IOException e) {
      throw new QueueException("the queue " + folder + " cannot be written: " + e, e);
    }
  }

  /** How many products are left to do. */
  public long remaining() {
    return products(chunkFolder());
  }

  /** How many products failed. */
  public long failed() {
    return products(failedFolder());
  }

  /** How many chunks are left to do. */
  public int remainingChunks() {
    try {
      return files(chunkFolder()).size();
    } catch (IOException e) {
      throw new QueueException("the queue " + folder + " cannot be read: " + e, e);
    }
  }

  /**
   * What is left in a folder of chunks, by the names of its files.
   *
   * @return products; 0 if there is no such folder
   */
  public static long products(Path folder) {
    try {
      long products = 0;
      for (Path file : files(folder)) {
        Matcher name = CHUNK_FILE.matcher(file.getFileName().toString());
        products += name.matches() ? Long.parseLong(name.group(1)) : 0;
      }
      return products;
    } catch (IOException e) {
      throw new QueueException("the queue " + folder + " cannot be read: " + e, e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> CHUNK_FILE.matcher(file.getFileName().toString()).matches()).sorted().toList();
    } catch (NoSuchFileException e) {
      return new ArrayList<>();
    }
  }

  private static void write(Path file, String text) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Lets go of the queue; when nothing is left and nothing failed, its folder goes, and its name begins anew. */
  @Override
  public void close() {
    if (!lockFile.isOpen()) {
      return;
    }
    try (lockFile) {
      boolean unused = record() == null;
      if (unused || remainingChunks() == 0 && failed() == 0) {
        // First what says that the queue is listed, so that whatever a kill leaves begins anew.
        delete(chunkFolder());
        delete(folder);
      }
    } catch (IOException e) {
      throw new QueueException("the queue " + folder + " cannot be deleted: " + e, e);
    } finally {
      HELD.remove(folder.resolve("lock").toAbsolutePath().normalize());
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    Files.walkFileTree(tree, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
        Files.delete(folder);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
