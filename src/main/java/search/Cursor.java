package search;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.util.BytesRef;
import search.SearchIndex.Query;

/**
 * Where the hits of a page end: what the last one is sorted by, and its id, so that going on costs the same however deep it is,
 * and what is written meanwhile shifts nothing. Relevance alone may, where it makes some words rarer than others.
 *
 * @param attempt the number of the {@link LuceneQueries.Attempt} that found the hits, with which the further pages stay
 * @param unknown the {@link LuceneQueries.Reading#unknown()} words of that, likewise
 * @param last the last hit
 */
record Cursor(int attempt, int unknown, FieldDoc last) {

  private static final String MISSING = "-";

  /**
   * As the text that {@link #read} takes.
   *
   * @param query that found the hits
   */
  String text(Query query) {
    Object value = last.fields[0];
    String sortedBy = value == null ? MISSING
        : text(value instanceof Float score ? new BytesRef(ByteBuffer.allocate(Float.BYTES).putFloat(score).array()) : (BytesRef) value);
    return String.join(".", search(query), Integer.toString(attempt), Integer.toString(unknown), sortedBy, text((BytesRef) last.fields[1]));
  }

  /**
   * The cursor that a query goes on after.
   *
   * @param document a number that the reader has; it decides nothing, because ids differ
   * @return null if the query wants a page
   * @throws IllegalArgumentException if the query's cursor is none, or that of another search
   */
  static Cursor read(Query query, int document) {
    if (query.after() == null) {
      return null;
    }
    String[] parts = query.after().split("\\.", -1);
    if (parts.length != 5) {
      throw none(null);
    }
    if (!parts[0].equals(search(query))) {
      throw new IllegalArgumentException("after belongs to another search: give what an answer to this one gave as next");
    }
    try {
      Object value = parts[3].equals(MISSING) ? null : bytes(parts[3]);
      if (query.order().byRelevance()) {
        value = ByteBuffer.wrap(Base64.getUrlDecoder().decode(parts[3])).getFloat();
      }
      return new Cursor(Integer.parseUnsignedInt(parts[1]), Integer.parseUnsignedInt(parts[2]),
          new FieldDoc(document, 0, new Object[] {value, bytes(parts[4])}));
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      throw none(e);
    }
  }

  /**
   * The attempt with the cursor's number.
   *
   * @param attempts all that there are for its query
   * @throws IllegalArgumentException if it is not one of them
   */
  <T> T of(List<T> attempts) {
    if (attempt < 0 || attempt >= attempts.size()) {
      throw none(null);
    }
    return attempts.get(attempt);
  }

  private static IllegalArgumentException none(Exception cause) {
    return new IllegalArgumentException("after must be what an answer gave as next", cause);
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
