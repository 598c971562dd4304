package search;

import java.io.IOException;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;

/** Tells words that occur from those that only deleted documents still have, which Lucene keeps and counts until a merge. */
final class LivingTerms {

  /** A word that so many deleted documents have is taken to occur, so that telling is always fast. */
  private static final int MOST_DELETED = 1_000;

  private LivingTerms() {}

  /** Whether a document has the word that was not deleted. */
  static boolean occurs(Term word, IndexReader index) throws IOException {
    int deleted = 0;
    for (LeafReaderContext segment : index.leaves()) {
      PostingsEnum documents = segment.reader().postings(word, PostingsEnum.NONE);
      Bits living = segment.reader().getLiveDocs();
      while (documents != null && documents.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
        if (living == null || living.get(documents.docID()) || ++deleted == MOST_DELETED) {
          return true;
        }
      }
    }
    return false;
  }
}
