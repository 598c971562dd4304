package verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import product.Json;

/**
 * What stands for a content when it is compared: the first half of the SHA-256 of its canonical JSON. Two different contents
 * have the same fingerprint once in 2^64 products or so (the birthday bound).
 */
public record Fingerprint(long high, long low) {

  /** How many bytes it takes. */
  static final int BYTES = 2 * Long.BYTES;

  /** The fingerprint of a content; numbers count as they are written, so that 12.5 is not 12.50. */
  public static Fingerprint of(JsonNode content) {
    try {
      ByteBuffer digest = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(Json.canonical(content)));
      return new Fingerprint(digest.getLong(), digest.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
