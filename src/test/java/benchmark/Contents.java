package benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import product.Json;

/**
 * Tells whether two indexes hold the same: how many documents, and a digest of their ids and contents without the versions.
 */
final class Contents {

  private final MessageDigest sha256;
  private long documents;

  Contents() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Adds a document, in the order of the ids. */
  void add(String id, JsonNode document) {
    documents++;
    sha256.update(id.getBytes(StandardCharsets.UTF_8));
    sha256.update(Json.canonical(((ObjectNode) document.deepCopy()).without(List.of("id", "version"))));
  }

  String digest() {
    return documents + " documents, " + HexFormat.of().formatHex(sha256.digest());
  }
}
