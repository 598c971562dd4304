package queue;

import files.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
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
 *   run.json        what the queue was made for, and how far it is
 * </pre>
 *
 * <p>A chunk file is named {@code chunk-<number>-<ids>.json}, or {@code sweep-…} in the sweep. No number is in chunks/ and in
 * failed/ at once, but for a crash just before a chunk was taken off: then the chunk counts, which holds what failed of it.
 *
 * <p>The lock is the operating system's: it ends with the process, however that ends. Thread safe.
 */
public final class IndexQueue implements AutoCloseable {

  /** The folders of chunks, in the queue's folder. */
  public static final String CHUNKS = "chunks";

  public static final String FAILED = "failed";
  static final String LISTING = "listing";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern CHUNK_FILE = Pattern.compile("((?:chunk|sweep)-\\d+)-(\\d+)\\.json");

  /** Whoever asks whether a queue is in use takes its lock for an instant. */
  private static final int LOCK_ATTEMPTS = 5;

  private static final int LOCK_RETRY_MS = 20;

  /** The lock files that this process has open. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final String id;
  private final Path folder;
  private final FileChannel lockFile;
  private RunRecord record;
  private int listedChunks;
  private long listedProducts;

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
      throw cannotBeWritten(folder, e);
    }
  }

  /**
   * Takes the lock. Closing any other channel of the file would let go of it (POSIX), so that this process opens the file
   * once at a time. The file must be the same one before it is opened and after it is locked: another indexer may have
   * deleted it in between, at its end.
   */
  private static FileChannel lock(Path file, String id) throws IOException {
    for (int attempt = 1; attempt <= LOCK_ATTEMPTS; attempt++) {
      FileChannel channel = tryLock(file);
      if (channel != null) {
        return channel;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOCK_RETRY_MS));
    }
    throw new QueueException("another indexer works on the queue " + id + ": wait for it, or choose another name");
  }

  private static FileChannel tryLock(Path file) throws IOException {
    Path key = key(file);
    if (HELD.add(key)) {
      FileChannel channel = null;
      boolean taken = false;
      try {
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
        Object expected = fileKey(file);
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        taken = channel.tryLock() != null && expected.equals(fileKey(file));
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
    return null;
  }

  private static Path key(Path file) {
    return file.toAbsolutePath().normalize();
  }

  /** Whether an indexer works on the queue in a folder, in this process or another. */
  static boolean isHeld(Path folder) {
    Path file = folder.resolve("lock");
    if (!HELD.add(key(file))) {
      return true;
    }
    // Not created: a folder without a lock is on its way out.
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      // Shared, and let go of at once, so that those who ask don't disturb each other.
      return channel.tryLock(0, Long.MAX_VALUE, true) == null;
    } catch (IOException e) {
      return false;
    } finally {
      HELD.remove(key(file));
    }
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
    return folder.resolve(CHUNKS);
  }

  /** The folder of the chunks that are being listed. */
  public Path listingFolder() {
    return folder.resolve(LISTING);
  }

  /** The folder of the products that failed. */
  public Path failedFolder() {
    return folder.resolve(FAILED);
  }

  /**
   * What this queue was made for; null if its ids are not listed yet.
   *
   * @throws QueueException if the record cannot be read
   */
  public synchronized RunRecord record() {
    if (record == null) {
      record = RunRecord.read(folder);
    }
    return record;
  }

  private synchronized void update(UnaryOperator<RunRecord> change) throws IOException {
    RunRecord changed = change.apply(record());
    DurableFiles.write(folder.resolve(RunRecord.FILE), changed.json());
    record = changed;
  }

  /** Begins to list ids, those of a sweep if the queue was listed before; what an interrupted listing left goes. */
  public synchronized void beginListing() {
    try {
      DurableFiles.delete(listingFolder());
      Files.createDirectories(listingFolder());
      listedChunks = 0;
      listedProducts = 0;
    } catch (IOException e) {
      throw cannotBeWritten(folder, e);
    }
  }

  /** The file name of the next chunk of the listing. */
  public synchronized String nextChunkName(Chunk chunk) {
    listedProducts += chunk.size();
    return String.format("%s-%07d-%d.json", record() == null ? "chunk" : "sweep", ++listedChunks, chunk.size());
  }

  /** How many chunks the listing has. */
  public synchronized int listedChunks() {
    return listedChunks;
  }

  /** How many products the listing has. */
  public synchronized long listedProducts() {
    return listedProducts;
  }

  /** Ends the listing: from now on the queue survives whatever happens. */
  public synchronized void endListing(RunRecord newRecord) {
    try {
      RunRecord listed = newRecord.withProducts(listedProducts);
      DurableFiles.force(listingFolder());
      DurableFiles.write(folder.resolve(RunRecord.FILE), listed.json());
      DurableFiles.move(listingFolder(), chunkFolder());
      record = listed;
    } catch (IOException e) {
      throw cannotBeWritten(folder, e);
    }
  }

  /** Ends the listing of a sweep: its chunks are what is left to do now, also if this is interrupted. */
  public synchronized void endSweepListing() {
    try {
      DurableFiles.force(listingFolder());
      update(RunRecord::swept);
      takeSweptChunks();
    } catch (IOException e) {
      throw cannotBeWritten(folder, e);
    }
  }

  private void takeSweptChunks() throws IOException {
    for (Path chunk : files(listingFolder())) {
      Files.move(chunk, chunkFolder().resolve(chunk.getFileName()));
    }
    DurableFiles.force(chunkFolder());
    DurableFiles.delete(listingFolder());
  }

  /** Makes good for an interruption, and makes chunks of the products that failed, to try them again. */
  public synchronized void resume() {
    try {
      if (record().stage() == RunRecord.Stage.SWEEP) {
        takeSweptChunks();
      }
      Set<String> left = new HashSet<>();
      for (Path chunk : files(chunkFolder())) {
        left.add(number(chunk));
      }
      for (Path file : files(failedFolder())) {
        if (left.contains(number(file))) {
          Files.delete(file);
        } else {
          Files.move(file, chunkFolder().resolve(file.getFileName()));
        }
      }
      DurableFiles.force(chunkFolder());
    } catch (IOException e) {
      throw cannotBeWritten(folder, e);
    }
  }

  private static String number(Path chunkFile) {
    Matcher name = CHUNK_FILE.matcher(chunkFile.getFileName().toString());
    return name.matches() ? name.group(1) : "";
  }

  /** Whether a chunk is left to do. */
  public boolean isLeft(String fileName) {
    return Files.exists(chunkFolder().resolve(fileName));
  }

  /**
   * Reads a chunk.
   *
   * @param json what its file holds
   * @throws QueueException if that is no chunk
   */
  public Chunk parse(String fileName, String json) {
    try {
      Chunk chunk = Chunk.parse(json);
      Matcher name = CHUNK_FILE.matcher(fileName);
      if (name.matches() && chunk.size() != Integer.parseInt(name.group(2))) {
        throw new QueueException("it has " + chunk.size() + " ids");
      }
      return chunk;
    } catch (QueueException e) {
      throw new QueueException("the chunk " + chunkFolder().resolve(fileName) + " is damaged (" + e.getMessage()
          + "): delete " + folder + " and run the command again, under any name", e);
    }
  }

  /** Takes note of how many products the product data service has, of which the run may delete some. */
  public void countPresent(long products) {
    try {
      update(old -> old.withPresent(products));
    } catch (IOException e) {
      throw cannotBeWritten(folder, e);
    }
  }

  /**
   * Takes a chunk off the queue, after it kept what failed of it and counted what was deleted. A crash in between has the
   * chunk done again, and its deletions counted twice: never too few.
   *
   * @param fileName of the chunk
   * @param failed which of its products, and why; may be empty
   * @param deleted how many of its products the database lacked
   */
  public void settle(String fileName, Chunk chunk, List<Rejection> failed, int deleted) {
    try {
      if (!failed.isEmpty()) {
        Files.createDirectories(failedFolder());
        String name = fileName.substring(0, fileName.lastIndexOf('-') + 1) + failed.size() + ".json";
        DurableFiles.write(failedFolder().resolve(name), chunk.failedJson(failed));
      }
      if (deleted > 0) {
        update(old -> old.withDeleted(old.deleted() + deleted));
      }
      Files.delete(chunkFolder().resolve(fileName));
    } catch (IOException e) {
      throw cannotBeWritten(folder, e);
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
      throw cannotBeRead(folder, e);
    }
  }

  /**
   * Whether it was never listed, or nothing is left to do or to try again; what cannot be read stays for somebody to look at.
   */
  private boolean isToGo() {
    try {
      return record() == null
          || remainingChunks() == 0 && failed() == 0 && !record().sweepIsDue() && products(listingFolder()) == 0;
    } catch (QueueException e) {
      return false;
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
        products += name.matches() ? Long.parseLong(name.group(2)) : 0;
      }
      return products;
    } catch (IOException e) {
      throw cannotBeRead(folder, e);
    }
  }

  /**
   * The products of a queue that failed, with the reasons, in the order in which they were listed.
   *
   * @param queue the queue's folder
   * @param limit how many at the most
   * @throws QueueException if they cannot be read
   */
  public static List<Rejection> failures(Path queue, int limit) {
    List<Rejection> failures = new ArrayList<>();
    try {
      for (Path file : files(queue.resolve("failed"))) {
        if (failures.size() == limit) {
          break;
        }
        failedOf(file).stream().limit(limit - failures.size()).forEach(failures::add);
      }
      return failures;
    } catch (IOException e) {
      throw new QueueException("the queue " + queue + " cannot be read: " + e, e);
    }
  }

  /** A file that was moved back meanwhile holds none. */
  private static List<Rejection> failedOf(Path file) throws IOException {
    try {
      return Chunk.failures(Files.readString(file));
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> CHUNK_FILE.matcher(file.getFileName().toString()).matches()).sorted().toList();
    } catch (NoSuchFileException e) {
      return new ArrayList<>();
    }
  }

  private static QueueException cannotBeWritten(Path folder, IOException e) {
    return new QueueException("the queue " + folder + " cannot be written: " + e, e);
  }

  private static QueueException cannotBeRead(Path folder, IOException e) {
    return new QueueException("the queue " + folder + " cannot be read: " + e, e);
  }

  /** Lets go of the queue; when nothing is left and nothing failed, its folder goes, and its name begins anew. */
  @Override
  public synchronized void close() {
    if (!lockFile.isOpen()) {
      return;
    }
    try (lockFile) {
      if (isToGo()) {
        // First what says that the queue is listed, so that whatever a kill leaves begins anew.
        DurableFiles.delete(chunkFolder());
        DurableFiles.delete(folder);
      }
    } catch (IOException e) {
      throw new QueueException("the queue " + folder + " cannot be deleted: " + e, e);
    } finally {
      HELD.remove(key(folder.resolve("lock")));
    }
  }
}
