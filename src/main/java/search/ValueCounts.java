package search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.util.BytesRef;
import search.SearchIndex.Count;

/**
 * In how many of the documents found each value of a field occurs. What is held is a number for each value that a segment has,
 * in one array for each segment; the values themselves, of which there may be as many as documents, are looked up in their order,
 * and only those kept that are asked for.
 */
final class ValueCounts {

  private static final Comparator<Count> MOST_FREQUENT_FIRST = Comparator.comparingInt(Count::count).reversed().thenComparing(Count::value);

  private final List<Segment> segments;

  private ValueCounts(List<Segment> segments) {
    this.segments = segments;
  }

  /**
   * Counts the values of what a query finds.
   *
   * @param field with sorted values, one or several for each document
   */
  static ValueCounts of(IndexSearcher searcher, Query query, String field) throws IOException {
    return searcher.search(query, new CollectorManager<Counter, ValueCounts>() {
      @Override
      public Counter newCollector() {
        return new Counter(field);
      }

      @Override
      public ValueCounts reduce(Collection<Counter> counters) throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (Counter counter : counters) {
          for (Counted counted : counter.segments) {
            Segment segment = new Segment(DocValues.getSortedSet(counted.reader(), field), counted.counts());
            if (segment.next()) {
              segments.add(segment);
            }
          }
        }
        return new ValueCounts(segments);
      }
    });
  }

  /**
   * The most frequent values, and of equally frequent ones the first in their order; to be asked for once.
   *
   * @param most how many at the most
   */
  List<Count> mostFrequent(int most) throws IOException {
    PriorityQueue<Segment> inOrder = new PriorityQueue<>(Comparator.comparing((Segment segment) -> segment.value));
    inOrder.addAll(segments);
    PriorityQueue<Count> found = new PriorityQueue<>(MOST_FREQUENT_FIRST.reversed());
    List<Segment> same = new ArrayList<>();
    while (!inOrder.isEmpty()) {
      int count = 0;
      do {
        Segment segment = inOrder.poll();
        same.add(segment);
        count += segment.count();
      } while (!inOrder.isEmpty() && inOrder.peek().value.equals(same.get(0).value));
      // What comes later is kept only if it is more frequent.
      if (found.size() < most || count > found.peek().count()) {
        found.add(new Count(same.get(0).value.utf8ToString(), count));
        if (found.size() > most) {
          found.poll();
        }
      }
      for (Segment segment : same) {
        if (segment.next()) {
          inOrder.add(segment);
        }
      }
      same.clear();
    }
    return found.stream().sorted(MOST_FREQUENT_FIRST).toList();
  }

  /** The least value; null if there is none. */
  BytesRef least() {
    return segments.stream().map(Segment::least).min(Comparator.naturalOrder()).orElse(null);
  }

  /** The greatest value; null if there is none. */
  BytesRef greatest() {
    return segments.stream().map(Segment::greatest).max(Comparator.naturalOrder()).orElse(null);
  }

  /**
   * How many documents have a value from {@code from} on and below {@code to}, if each has one value; null where there is no bound.
   */
  int count(BytesRef from, BytesRef to) throws IOException {
    int count = 0;
    for (Segment segment : segments) {
      count += segment.count(from, to);
    }
    return count;
  }

  /** What was counted in a segment: a number for each of its values, in their order. */
  private record Counted(LeafReader reader, int[] counts) {}

  /** The values that occur in a segment, one after the other. */
  private static final class Segment {
    private final SortedSetDocValues values;
    private final int[] counts;
    private int at = -1;
    private BytesRef value;

    Segment(SortedSetDocValues values, int[] counts) {
      this.values = values;
      this.counts = counts;
    }

    boolean next() throws IOException {
      do {
        at++;
      } while (at < counts.length && counts[at] == 0);
      value = at < counts.length ? values.lookupOrd(at) : null;
      return value != null;
    }

    int count() {
      return counts[at];
    }

    BytesRef least() {
      int first = 0;
      while (counts[first] == 0) {
        first++;
      }
      return value(first);
    }

    BytesRef greatest() {
      int last = counts.length - 1;
      while (counts[last] == 0) {
        last--;
      }
      return value(last);
    }

    private BytesRef value(int number) {
      try {
        return BytesRef.deepCopyOf(values.lookupOrd(number));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    int count(BytesRef from, BytesRef to) throws IOException {
      int end = to == null ? counts.length : firstFrom(to);
      int count = 0;
      for (int each = from == null ? 0 : firstFrom(from); each < end; each++) {
        count += counts[each];
      }
      return count;
    }

    private int firstFrom(BytesRef bound) throws IOException {
      int found = (int) values.lookupTerm(bound);
      return found < 0 ? -found - 1 : found;
    }
  }

  /** Counts in one segment after the other. */
  private static final class Counter extends SimpleCollector {
    private final String field;
    private final List<Counted> segments = new ArrayList<>();
    private SortedSetDocValues values;
    private int[] counts;

    private Counter(String field) {
      this.field = field;
    }

    @Override
    protected void doSetNextReader(LeafReaderContext segment) throws IOException {
      values = DocValues.getSortedSet(segment.reader(), field);
      counts = new int[(int) values.getValueCount()];
      segments.add(new Counted(segment.reader(), counts));
    }

    @Override
    public void collect(int document) throws IOException {
      if (values.advanceExact(document)) {
        for (int i = values.docValueCount(); i > 0; i--) {
          counts[(int) values.nextOrd()]++;
        }
      }
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE_NO_SCORES;
    }
  }
}
