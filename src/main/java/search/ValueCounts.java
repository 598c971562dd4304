package search;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.util.BytesRef;

/**
 * Counts the values that the documents found have in a field: in how many each occurs. It counts numbers that stand for the
 * values, one array for each segment, and looks up those that occur.
 */
final class ValueCounts implements CollectorManager<ValueCounts.Counter, Map<BytesRef, Integer>> {

  private final String field;

  /**
   * @param field with sorted values, one or several for each document
   */
  ValueCounts(String field) {
    this.field = field;
  }

  @Override
  public Counter newCollector() {
    return new Counter(field);
  }

  @Override
  public Map<BytesRef, Integer> reduce(Collection<Counter> counters) {
    Map<BytesRef, Integer> all = new HashMap<>();
    counters.forEach(counter -> counter.counts.forEach((value, count) -> all.merge(value, count, Integer::sum)));
    return all;
  }

  /** Counts in one segment after the other. */
  static final class Counter extends SimpleCollector {
    private final String field;
    private final Map<BytesRef, Integer> counts = new HashMap<>();
    private SortedSetDocValues values;
    private int[] ofSegment;

    private Counter(String field) {
      this.field = field;
    }

    @Override
    protected void doSetNextReader(LeafReaderContext segment) throws IOException {
      values = DocValues.getSortedSet(segment.reader(), field);
      ofSegment = new int[(int) values.getValueCount()];
    }

    @Override
    public void collect(int document) throws IOException {
      if (values.advanceExact(document)) {
        for (int i = values.docValueCount(); i > 0; i--) {
          ofSegment[(int) values.nextOrd()]++;
        }
      }
    }

    @Override
    public void finish() throws IOException {
      for (int ord = 0; ord < ofSegment.length; ord++) {
        if (ofSegment[ord] > 0) {
          counts.merge(BytesRef.deepCopyOf(values.lookupOrd(ord)), ofSegment[ord], Integer::sum);
        }
      }
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE_NO_SCORES;
    }
  }
}
