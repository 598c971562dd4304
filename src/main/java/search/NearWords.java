package search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.automaton.CompiledAutomaton;

/**
 * The words of an index that differ from a word by a letter too many, too few, another, or two in the wrong order. Lucene's
 * FuzzyQuery finds the same, but makes its automaton, which takes milliseconds for two edits of a word, for each field anew. Thread
 * safe.
 */
final class NearWords {

  private static final int MOST = 20;

  private final BytesRef word;
  private final int[] letters;
  private final CompiledAutomaton near;

  /**
   * @param edits by how many of these it may differ, 1 or 2
   */
  NearWords(String word, int edits) {
    this.word = new BytesRef(word);
    letters = word.codePoints().toArray();
    near = FuzzyQuery.getFuzzyAutomaton(word, edits, 0, true);
  }

  /** The memory that this takes, roughly. */
  long bytes() {
    return near.ramBytesUsed();
  }

  /** One of them, whether it differs once only, and in how many documents it occurs. */
  record Near(BytesRef word, boolean once, int frequency) {}

  /**
   * The nearest ones, and of these the most frequent, {@value #MOST} of them.
   *
   * @param frequency of the more frequent ones there are none
   */
  List<Near> in(Terms terms, int frequency) throws IOException {
    List<Near> found = new ArrayList<>();
    TermsEnum words = near.getTermsEnum(terms);
    for (BytesRef each = words.next(); each != null; each = words.next()) {
      if (words.docFreq() <= frequency && !each.equals(word)) {
        found.add(new Near(BytesRef.deepCopyOf(each), differsOnce(each.utf8ToString().codePoints().toArray()), words.docFreq()));
      }
    }
    found.sort(Comparator.comparing(Near::once).thenComparing(Near::frequency).reversed().thenComparing(Near::word));
    return found.subList(0, Math.min(found.size(), MOST));
  }

  /** Whether another word is this one but for one edit: what lies between their common beginning and end tells. */
  private boolean differsOnce(int[] other) {
    int from = 0;
    while (from < letters.length && from < other.length && letters[from] == other[from]) {
      from++;
    }
    int end = letters.length;
    int otherEnd = other.length;
    while (end > from && otherEnd > from && letters[end - 1] == other[otherEnd - 1]) {
      end--;
      otherEnd--;
    }
    return end - from <= 1 && otherEnd - from <= 1
        || end - from == 2 && otherEnd - from == 2 && letters[from] == other[from + 1] && letters[from + 1] == other[from];
  }
}
