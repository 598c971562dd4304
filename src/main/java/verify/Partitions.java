package verify;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What all places have, in partitions by a hash of the id, so that each holds all of its products, whatever order a place gave
 * them in, and can be compared by itself. Partitions lie in files, but for the last {@value #BUFFER_BYTES} bytes of each. Memory is
 * that of these and of one partition: a 256th of the products, some 700 bytes each. (The partitioning of Grace hash join:
 * Kitsuregawa, Tanaka and Moto-oka, "Application of hash to data base machine and its architecture", New Generation Computing 1,
 * 1983.)
 *
 * <p>First any number of threads add; then one reads.
 */
public final class Partitions implements AutoCloseable {

  /** How many partitions there are. */
  static final int COUNT = 256;

  private static final int BUFFER_BYTES = 1 << 13;
  private static final String LOCK = "lock";

  private final Path folder;
  private final int indexes;
  private final FileChannel lock;
  private final List<Partition> partitions;

  /** What has one value of the hash: in a file, which there is when it is larger than a buffer, and in the buffer. */
  private static final class Partition {
    private final Path file;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private final DataOutputStream data = new DataOutputStream(buffer);
    private boolean spilled;
    private boolean closed;

    Partition(Path file) {
      this.file = file;
    }

    synchronized void add(Sighting sighting) throws IOException {
      if (closed) {
        throw new IOException("this verify has ended");
      }
      write(sighting, data);
      if (buffer.size() >= BUFFER_BYTES) {
        Files.write(file, buffer.toByteArray(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        buffer.reset();
        spilled = true;
      }
    }

    synchronized void close() {
      closed = true;
    }

    synchronized DataInputStream read() throws IOException {
      InputStream rest = new ByteArrayInputStream(buffer.toByteArray());
      return new DataInputStream(
          spilled ? new SequenceInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES), rest) : rest);
    }
  }

  /**
   * @param folder for the files, of one verification at a time; created if it is not there, and what an earlier one left goes
   * @param indexes how many there are
   * @throws VerifyException if another verification uses the folder, or it cannot be written
   */
  public Partitions(Path folder, int indexes) {
    this.folder = folder;
    this.indexes = indexes;
    partitions = numbers().stream().map(number -> new Partition(folder.resolve("partition-" + number))).toList();
    try {
      Files.createDirectories(folder);
      lock = lock(folder);
      deleteFiles();
    } catch (IOException e) {
      throw unusable("written", e);
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Another of this very process, which is no different.
    }
    channel.close();
    throw new VerifyException("another verify works in " + folder + ": wait for it");
  }

  private VerifyException unusable(String verb, IOException e) {
    return new VerifyException("the folder " + folder + " cannot be " + verb + ": " + e.getMessage(), e);
  }

  private static int number(String id) {
    // The lower bits of a text's hash code say little more than its last characters.
    int hash = id.hashCode() * 0x9E3779B9;
    return Math.floorMod(hash ^ hash >>> 16, COUNT);
  }

  /** Adds what a place has. */
  public void add(Sighting sighting) {
    try {
      partitions.get(number(sighting.id())).add(sighting);
    } catch (IOException e) {
      throw unusable("written", e);
    }
  }

  public void addAll(List<Sighting> sightings) {
    sightings.forEach(this::add);
  }

  /** Adds that the operator named some products. */
  public void addNamed(List<String> ids) {
    ids.forEach(id -> add(Sighting.named(id)));
  }

  /** The numbers of all partitions. */
  public static List<Integer> numbers() {
    return IntStream.range(0, COUNT).boxed().toList();
  }

  /** What all places have of the products of one partition, in no particular order. */
  public Collection<Compared> read(int number) {
    Map<String, Compared> products = new HashMap<>();
    try (DataInputStream data = partitions.get(number).read()) {
      for (int place = data.read(); place >= 0; place = data.read()) {
        Sighting sighting = sighting(place, data);
        products.computeIfAbsent(sighting.id(), id -> new Compared(id, indexes)).add(sighting);
      }
    } catch (IOException e) {
      throw unusable("read", e);
    }
    return products.values();
  }

  private static void write(Sighting sighting, DataOutputStream data) throws IOException {
    data.writeByte(sighting.place());
    data.writeUTF(sighting.id());
    data.writeLong(sighting.version());
    data.writeByte(sighting.contents().size());
    for (Fingerprint content : sighting.contents()) {
      data.writeLong(content.high());
      data.writeLong(content.low());
    }
  }

  /** What {@link #write} has written, after its first byte. */
  private static Sighting sighting(int place, DataInputStream data) throws IOException {
    String id = data.readUTF();
    long version = data.readLong();
    int contents = data.readByte();
    List<Fingerprint> fingerprints = new ArrayList<>(contents);
    for (int i = 0; i < contents; i++) {
      fingerprints.add(new Fingerprint(data.readLong(), data.readLong()));
    }
    return new Sighting(id, place, version, fingerprints);
  }

  private void deleteFiles() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "partition-*")) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
  }

  /** Deletes the files; that of the lock stays, because another may be about to take it. */
  @Override
  public void close() {
    try (lock) {
      // Who still adds makes no file anew.
      partitions.forEach(Partition::close);
      deleteFiles();
    } catch (IOException e) {
      throw unusable("written", e);
    }
  }
}
