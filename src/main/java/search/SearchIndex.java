package search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The search engine behind one index. One thread writes; any number search. A search sees what was written at most half a
 * second before; what was written survives the process from the next {@link #commit()} on.
 */
public interface SearchIndex extends AutoCloseable {

  /**
   * Up to where an index is complete.
   *
   * @param epoch the epoch of the product store that the number belongs to; empty if the index is new
   * @param sequence every change up to this number is in; 0 if none
   */
  record Checkpoint(String epoch, long sequence) {
    /** Where a new index stands. */
    public static final Checkpoint NONE = new Checkpoint("", 0);
  }

  /**
   * A document.
   *
   * @param id the product's id as text
   * @param version the sequence number of the change that it was made from
   * @param content what hits show, and what the fields of the {@link Schema} are taken from
   */
  record Document(String id, long version, ObjectNode content) {}

  /** The least and the greatest value of a decimal field; null where there is no bound. */
  record Range(String field, BigDecimal min, BigDecimal max) {}

  /** What hits are sorted by, before their ids: a sortable field, or null for relevance. */
  record Order(String field, boolean descending) {
    /** The best fit first. */
    public static final Order RELEVANCE = new Order(null, false);

    public boolean byRelevance() {
      return field == null;
    }
  }

  /** Into how many parts of equal width the values of a decimal field are divided, to be counted in each. */
  record Histogram(String field, int buckets) {}

  /**
   * A search.
   *
   * @param text what a user typed: words, of which hits have every one, {@code "phrases"}, and {@code -} before what they must
   *     not have; empty: every document matches
   * @param values of keyword fields, by their names, that hits have
   * @param range that hits lie in; null: none
   * @param order of the hits
   * @param page from 1
   * @param size hits on a page, from 1
   * @param after the hits that come after those of an earlier answer: its {@link Result#next()}; null: those of the page
   * @param histogram what to count; null: nothing
   */
  record Query(String text, Map<String, String> values, Range range, Order order, int page, int size, String after,
      Histogram histogram) {

    /** The first twenty by relevance. */
    public static Query of(String text) {
      return new Query(text, Map.of(), null, Order.RELEVANCE, 1, 20, null, null);
    }

    public Query having(Map<String, String> values) {
      return new Query(text, values, range, order, page, size, after, histogram);
    }

    public Query within(Range range) {
      return new Query(text, values, range, order, page, size, after, histogram);
    }

    public Query by(Order order) {
      return new Query(text, values, range, order, page, size, after, histogram);
    }

    public Query page(int page, int size) {
      return new Query(text, values, range, order, page, size, after, histogram);
    }

    public Query after(String cursor) {
      return new Query(text, values, range, order, page, size, cursor, histogram);
    }

    public Query counting(Histogram histogram) {
      return new Query(text, values, range, order, page, size, after, histogram);
    }
  }

  /**
   * A document that was found.
   *
   * @param score how well it fits; 0 when sorted by a field
   * @param highlights of the fields in which words were found: HTML with each of them in {@code <mark>}, of a long text the
   *     passages around them
   */
  record Hit(Document document, float score, Map<String, String> highlights) {}

  /** How many documents have that value of a keyword field. */
  record Count(String value, int count) {}

  /** How many documents have a value of at least {@code from} and less than {@code to}; in the last bucket, at most that. */
  record Bucket(BigDecimal from, BigDecimal to, int count) {}

  /**
   * What was found.
   *
   * @param total how many documents match
   * @param hits those of the page
   * @param next what gets the hits that come after these, by {@link Query#after}; null if there are none
   * @param facets the values of each keyword field, the most frequent first: of the documents that match, whichever value of
   *     this field was asked for
   * @param histogram of the documents that match; empty if none was asked for, or none of them has a value
   */
  record Result(long total, List<Hit> hits, String next, Map<String, List<Count>> facets, List<Bucket> histogram) {}

  /**
   * Writes documents in place of what the index has under their ids, and moves the checkpoint.
   *
   * @param documents at most one for an id
   * @param deleted ids of documents that go
   * @throws SearchException if it can't be written, because of the disk
   * @throws java.util.concurrent.CancellationException if the index is closed, or the thread interrupted, meanwhile: what was
   *     not committed is lost
   * @throws IllegalArgumentException if the search engine can't take one of them
   */
  void write(List<Document> documents, List<String> deleted, Checkpoint checkpoint);

  /** Empties the index; its checkpoint is {@link Checkpoint#NONE}. */
  void clear();

  /** Makes what was written survive, documents and checkpoint as one. Does nothing if nothing was written. */
  void commit();

  /** Shows searches at once what was written. */
  void refresh();

  /** The checkpoint of the last write, whether committed or not. */
  Checkpoint checkpoint();

  /** How many documents there are. */
  long documents();

  /**
   * Searches.
   *
   * @throws IllegalArgumentException if {@link Query#after} does not come from an answer to this search; it says so
   */
  Result search(Query query);

  /**
   * What a user may be about to type: names with the words typed so far, of which the last may be unfinished.
   *
   * @param limit how many at the most
   */
  List<String> suggest(String typed, int limit);

  /** A document by its id; empty if there is none. */
  Optional<Document> document(String id);

  /**
   * Documents in the order of their ids.
   *
   * @param after the id to go on after; empty for the first
   * @param limit how many at the most
   */
  List<Document> documents(String after, int limit);

  @Override
  void close();
}
