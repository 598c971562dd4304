package search;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The {@link NearWords} of the words that were looked for last: who types a text asks for its words again with each letter, and many
 * users ask for the same. Thread safe.
 */
final class RecentWords {

  /** One has 10 to 340 KB. */
  private static final long MOST_BYTES = 16 << 20;

  /**
   * Of a word.
   *
   * @param edits by how many it may differ
   */
  private record Key(String word, int edits) {}

  private final Map<Key, NearWords> recent = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  NearWords near(String word, int edits) {
    Key key = new Key(word, edits);
    synchronized (recent) {
      NearWords known = recent.get(key);
      if (known != null) {
        return known;
      }
    }
    NearWords made = new NearWords(word, edits);
    synchronized (recent) {
      if (recent.putIfAbsent(key, made) == null) {
        bytes += made.bytes();
      }
      for (Iterator<NearWords> eldest = recent.values().iterator(); bytes > MOST_BYTES;) {
        bytes -= eldest.next().bytes();
        eldest.remove();
      }
    }
    return made;
  }
}
