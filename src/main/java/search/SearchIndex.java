package search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
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

  /**
   * A search.
   *
   * @param text what a user typed; empty: every document matches
   * @param rangeField the decimal field to limit; null: none
   * @param min the least value; null: none
   * @param max the greatest value; null: none
   * @param sortField what to sort by; null: by relevance
   * @param descending the greatest first
   * @param page from 1
   * @param size hits on a page, from 1
   */
  record Query(
      String text, String rangeField, BigDecimal min, BigDecimal max, String sortField, boolean descending, int page, int size) {}

  /** A document that was found, and how well it fits (0 when sorted by a field). */
  record Hit(Document document, float score) {}

  /** How many documents match, and those of the page. */
  record Result(long total, List<Hit> hits) {}

  /**
   * Writes documents in place of what the index has under their ids, and moves the checkpoint.
   *
   * @param documents at most one for an id
   * @param deleted ids of documents that go
   * @throws SearchException if it can't be written
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

  Result search(Query query);

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
