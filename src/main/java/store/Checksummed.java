package store;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.DataType;

/**
 * A data type of MVStore with a checksum over all keys, or all values, of a page, which is held against them whenever the page
 * is read from the file. MVStore itself only checks where a page begins and how long it is. In the file: length (4 bytes),
 * CRC-32C (4), and what the type underneath writes. Thread safe.
 */
final class Checksummed<T> implements DataType<T> {

  private static final int HEAD = 2 * Integer.BYTES;

  private final DataType<T> type;

  /**
   * @param type of what is written
   */
  Checksummed(DataType<T> type) {
    this.type = type;
  }

  @Override
  public void write(WriteBuffer buffer, Object storage, int count) {
    int start = buffer.position();
    buffer.putInt(0).putInt(0);
    type.write(buffer, storage, count);
    int length = buffer.position() - start - HEAD;
    buffer.putInt(start, length);
    buffer.putInt(start + Integer.BYTES, checksum(buffer.getBuffer(), start + HEAD, length));
  }

  @Override
  public void read(ByteBuffer buffer, Object storage, int count) {
    try {
      int length = buffer.getInt();
      int checksum = buffer.getInt();
      // First of all: a damaged length of a text could otherwise ask for gigabytes.
      if (length < 0 || length > buffer.remaining() || checksum != checksum(buffer, buffer.position(), length)) {
        throw DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, "A page does not match its checksum");
      }
    } catch (BufferUnderflowException e) {
      throw DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, "A page is cut off");
    }
    type.read(buffer, storage, count);
  }

  private static int checksum(ByteBuffer buffer, int from, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(buffer.duplicate().limit(from + length).position(from));
    return (int) checksum.getValue();
  }

  @Override
  public void write(WriteBuffer buffer, T value) {
    type.write(buffer, value);
  }

  @Override
  public T read(ByteBuffer buffer) {
    return type.read(buffer);
  }

  @Override
  public int compare(T one, T other) {
    return type.compare(one, other);
  }

  @Override
  public int binarySearch(T key, Object storage, int size, int initialGuess) {
    return type.binarySearch(key, storage, size, initialGuess);
  }

  @Override
  public int getMemory(T value) {
    return type.getMemory(value);
  }

  @Override
  public boolean isMemoryEstimationAllowed() {
    return type.isMemoryEstimationAllowed();
  }

  @Override
  public T[] createStorage(int size) {
    return type.createStorage(size);
  }
}
