package store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import product.Json;
import product.Product;
import product.ProductState;
import product.ProductState.Attribute;

/**
 * The bytes of a stored product: the version and the two times of its state (8 bytes each), how many attributes were read
 * at another time than the last full read (4), their names (length in 4, UTF-8) and times (8), and the product's JSON,
 * attributes of deleted products included. The JSON stands last and whole, so that the feed passes it on unparsed.
 */
final class ProductRecord {

  private static final int FIXED = 3 * Long.BYTES + Integer.BYTES;

  private ProductRecord() {}

  /** The JSON of a product: its id, then its attributes by name. */
  static String json(ProductState state) {
    ObjectNode tree = Json.MAPPER.createObjectNode();
    tree.set("id", state.id());
    state.attributes().forEach((name, attribute) -> tree.set(name, attribute.value()));
    return Json.writeAscii(tree);
  }

  /**
   * @param text the state's {@link #json}
   */
  static byte[] encode(long version, ProductState state, String text) {
    TreeMap<String, Long> readAts = new TreeMap<>();
    int size = FIXED;
    for (Map.Entry<String, Attribute> entry : state.attributes().entrySet()) {
      if (entry.getValue().readAt() != state.fullReadAt()) {
        readAts.put(entry.getKey(), entry.getValue().readAt());
        size += Integer.BYTES + utf8(entry.getKey()).length + Long.BYTES;
      }
    }
    byte[] json = utf8(text);
    ByteBuffer bytes = ByteBuffer.allocate(size + json.length);
    bytes.putLong(version).putLong(state.fullReadAt()).putLong(state.deletedAt()).putInt(readAts.size());
    readAts.forEach(
        (name, readAt) -> {
          byte[] utf8 = utf8(name);
          bytes.putInt(utf8.length).put(utf8).putLong(readAt);
        });
    return bytes.put(json).array();
  }

  static long version(byte[] record) {
    return ByteBuffer.wrap(record).getLong();
  }

  static boolean exists(byte[] record) {
    return fullReadAt(record) > ByteBuffer.wrap(record).getLong(2 * Long.BYTES);
  }

  /** When the latest of its data was read. */
  static long readAt(byte[] record) {
    long latest = fullReadAt(record);
    ByteBuffer bytes = ByteBuffer.wrap(record).position(3 * Long.BYTES);
    for (int left = bytes.getInt(); left > 0; left--) {
      int length = bytes.getInt();
      latest = Math.max(latest, bytes.position(bytes.position() + length).getLong());
    }
    return latest;
  }

  static long fullReadAt(byte[] record) {
    return ByteBuffer.wrap(record).getLong(Long.BYTES);
  }

  /**
   * The state that a full read merges into: without its attributes, and so without parsing, if the read is newer than all of
   * them, because then none of them stays.
   */
  static ProductState stateForFullRead(byte[] record, JsonNode id, long readAt) {
    ByteBuffer bytes = ByteBuffer.wrap(record).position(Long.BYTES);
    long fullReadAt = bytes.getLong();
    long deletedAt = bytes.getLong();
    boolean newest = readAt > fullReadAt;
    for (int left = bytes.getInt(); left > 0 && newest; left--) {
      int length = bytes.getInt();
      newest = readAt > bytes.position(bytes.position() + length).getLong();
    }
    return newest ? new ProductState(id, fullReadAt, deletedAt, Collections.emptySortedMap()) : state(record);
  }

  /** The product, unparsed; null if it is not there. */
  static Product product(byte[] record) {
    if (!exists(record)) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(record).position(3 * Long.BYTES);
    for (int left = bytes.getInt(); left > 0; left--) {
      int length = bytes.getInt();
      bytes.position(bytes.position() + length + Long.BYTES);
    }
    return Product.ofJson(rest(bytes));
  }

  static ProductState state(byte[] record) {
    ByteBuffer bytes = ByteBuffer.wrap(record).position(Long.BYTES);
    long fullReadAt = bytes.getLong();
    long deletedAt = bytes.getLong();
    TreeMap<String, Long> readAts = new TreeMap<>();
    for (int left = bytes.getInt(); left > 0; left--) {
      byte[] name = new byte[bytes.getInt()];
      bytes.get(name);
      readAts.put(new String(name, StandardCharsets.UTF_8), bytes.getLong());
    }
    JsonNode tree = Json.parse(rest(bytes));
    TreeMap<String, Attribute> attributes = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : tree.properties()) {
      if (!field.getKey().equals("id")) {
        long readAt = readAts.getOrDefault(field.getKey(), fullReadAt);
        attributes.put(field.getKey(), new Attribute(field.getValue(), readAt));
      }
    }
    return new ProductState(tree.get("id"), fullReadAt, deletedAt, attributes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String rest(ByteBuffer bytes) {
    return new String(bytes.array(), bytes.position(), bytes.remaining(), StandardCharsets.UTF_8);
  }
}
