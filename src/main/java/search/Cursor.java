package search;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.util.BytesRef;
import search.SearchIndex.Query;

/**
 * Where the hits of a page end, as a text: what the last one is sorted by, and its id, so that going on costs the same however
 * deep it is, and what is written meanwhile shifts nothing.
 */
final class Cursor {

  private static final String MISSING = "-";

  private Cursor() {}

  /**
   * @param last the last hit of a page
   * @param query that found it
   */
  static String of(FieldDoc last, Query query) {
    Object value = last.fields[0];
    String sortedBy = value == null ? MISSING
        : text(value instanceof Float score ? new BytesRef(ByteBuffer.allocate(Float.BYTES).putFloat(score).array()) : (BytesRef) value);
    return search(query) + "." + sortedBy + "." + text((BytesRef) last.fields[1]);
  }

  /**
   * @param document a number that the reader has; it decides nothing, because ids differ
   * @return what to search after; null if the query wants a page
   * @throws IllegalArgumentException if the query's cursor is none, or that of another search
   */
  static FieldDoc read(Query query, int document) {
    if (query.after() == null) {
      return null;
    }
    String[] parts = query.after().split("\\.", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("after must be what an answer gave as next");
    }
    if (!parts[0].equals(search(query))) {
      throw new IllegalArgumentException("after belongs to another search: give what an answer to this one gave as next");
    }
    try {
      Object value = parts[1].equals(MISSING) ? null : bytes(parts[1]);
      if (query.order().byRelevance()) {
        value = ByteBuffer.wrap(Base64.getUrlDecoder().decode(parts[1])).getFloat();
      }
      return new FieldDoc(document, 0, new Object[] {value, bytes(parts[2])});
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      throw new IllegalArgumentException("after must be what an answer gave as next", e);
    }
  }

  private static String search(Query query) {
    return Integer.toHexString(Objects.hash(query.text(), query.values(), query.range() == null ? "" : query.range().toString(),
        query.order().toString()));
  }

  private static String text(BytesRef bytes) {
    return Base64.getUrlEncoder().withoutPadding()
        .encodeToString(Arrays.copyOfRange(bytes.bytes, bytes.offset, bytes.offset + bytes.length));
  }

  private static BytesRef bytes(String text) {
    return new BytesRef(Base64.getUrlDecoder().decode(text));
  }
}
