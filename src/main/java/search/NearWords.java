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
 * FuzzyQuery finds the same, but makes its automaton, which takes milliseconds for two edits of a long word, for each field anew.
 */
final class NearWords {

  private static final int MOST = 20;

  private final BytesRef word;
  private final CompiledAutomaton once;
  private final CompiledAutomaton near;

  /**
   * @param edits by how many of these it may differ, 1 or 2
   */
  NearWords(String word, int edits) {
    this.word = new BytesRef(word);
    once = FuzzyQuery.getFuzzyAutomaton(word, 1, 0, true);
    near = edits == 1 ? once : FuzzyQuery.getFuzzyAutomaton(word, edits, 0, true);
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
        found.add(new Near(BytesRef.deepCopyOf(each), once.runAutomaton.run(each.bytes, each.offset, each.length), words.docFreq()));
      }
    }
    found.sort(Comparator.comparing(Near::once).thenComparing(Near::frequency).reversed().thenComparing(Near::word));
    return found.subList(0, Math.min(found.size(), MOST));
  }
}
