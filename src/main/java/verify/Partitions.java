package verify;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
 * What all places have, in files: which file depends on a hash of the id alone, so that each file holds all of its products,
 * whatever order a place gave them in, and can be compared by itself. Memory is that of one file: a 256th of the
 * products, some 700 bytes each. (The partitioning of Grace hash join: Kitsuregawa, Tanaka and Moto-oka, "Application of hash
 * to data base machine and its architecture", New Generation Computing 1, 1983.)
 *
 * <p>First any number of threads add; then one reads.
 */
public final class Partitions implements AutoCloseable {

  /** How many files there are. */
  static final int COUNT = 256;

  private static final int BUFFER_BYTES = 1 << 13;
  private static final String LOCK = "lock";

  private final Path folder;
  private final int indexes;
  private final FileChannel lock;
  private final List<DataOutputStream> files = new ArrayList<>(COUNT);

  /**
   * @param folder for the files, of one verification at a time; created if it is not there, and what an earlier one left goes
   * @param indexes how many there are
   * @throws VerifyException if another verification uses the folder, or it cannot be written
   */
  public Partitions(Path folder, int indexes) {
    this.folder = folder;
    this.indexes = indexes;
    try {
      Files.createDirectories(folder);
      lock = lock(folder);
      deleteFiles();
      for (int i = 0; i < COUNT; i++) {
        files.add(new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file(i)), BUFFER_BYTES)));
      }
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

  private Path file(int number) {
    return folder.resolve("partition-" + number);
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
    DataOutputStream file = files.get(number(sighting.id()));
    try {
      synchronized (file) {
        file.writeByte(sighting.place());
        file.writeUTF(sighting.id());
        file.writeLong(sighting.version());
        file.writeByte(sighting.contents().size());
        for (Fingerprint content : sighting.contents()) {
          file.writeLong(content.high());
          file.writeLong(content.low());
        }
      }
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

  /** The numbers of all files. */
  public List<Integer> numbers() {
    return IntStream.range(0, COUNT).boxed().toList();
  }

  /** What all places have of the products of one file, in no particular order. From the first call on nothing can be added. */
  public Collection<Compared> read(int number) {
    Map<String, Compared> products = new HashMap<>();
    try {
      closeFiles();
      try (InputStream bytes = Files.newInputStream(file(number));
          DataInputStream file = new DataInputStream(new BufferedInputStream(bytes, BUFFER_BYTES))) {
        for (int place = file.read(); place >= 0; place = file.read()) {
          Sighting sighting = sighting(place, file);
          products.computeIfAbsent(sighting.id(), id -> new Compared(id, indexes)).add(sighting);
        }
      }
    } catch (IOException e) {
      throw unusable("read", e);
    }
    return products.values();
  }

  private static Sighting sighting(int place, DataInputStream file) throws IOException {
    String id = file.readUTF();
    long version = file.readLong();
    int contents = file.readByte();
    List<Fingerprint> fingerprints = new ArrayList<>(contents);
    for (int i = 0; i < contents; i++) {
      fingerprints.add(new Fingerprint(file.readLong(), file.readLong()));
    }
    return new Sighting(id, place, version, fingerprints);
  }

  private void closeFiles() throws IOException {
    for (DataOutputStream file : files) {
      file.close();
    }
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
      closeFiles();
      deleteFiles();
    } catch (IOException e) {
      throw unusable("written", e);
    }
  }
}
