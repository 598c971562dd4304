package search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import search.TypedText.Part;
import search.WordQueries.Word;

/**
 * Makes queries of what users typed. A document fits in one of three ways: it has every word ({@link Way#EXACT}); it has every
 * word but the last, which may be unfinished, and one that begins like it ({@link Way#BEGUN}); or it has every word when some
 * are forgiven a typo ({@link Way#TYPOS}). By relevance all of these are found, the better way always before the other; sorted
 * by a field, where a poor hit could come first, only the best way that there is. When nothing fits, one of the words is enough.
 *
 * <p>The work is bounded: {@value TypedText#MAX_PARTS} words count, and the first {@value #FORGIVEN_WORDS} are forgiven typos.
 * Thread safe.
 */
final class LuceneQueries {

  /** How a document fits, the best way first. */
  enum Way {
    EXACT(1, 1), BEGUN(0.1f, 1e-4f), TYPOS(0, 1e-5f), ANY_WORD(0, 1e-5f);

    /** The least score. */
    private final float least;
    /** What relevance counts: BM25 gives a word less than 100, so that the best of one way is below the worst of a better one. */
    private final float weight;

    Way(float least, float weight) {
      this.least = least;
      this.weight = weight;
    }

    private Query scored(Query query) {
      return new BooleanQuery.Builder().add(new BoostQuery(query, weight), Occur.MUST)
          .add(new BoostQuery(new MatchAllDocsQuery(), least), Occur.SHOULD).build();
    }
  }

  /**
   * What to search for if all attempts before found nothing.
   *
   * @param ways how documents may fit, the best first; empty if all do
   * @param excluded what they must not fit
   */
  record Attempt(Map<Way, Query> ways, List<Query> excluded) {

    Query query() {
      BooleanQuery.Builder query = new BooleanQuery.Builder();
      List<Query> scored = ways.entrySet().stream().map(way -> way.getKey().scored(way.getValue())).toList();
      query.add(scored.isEmpty() ? new MatchAllDocsQuery() : new DisjunctionMaxQuery(scored, 0), Occur.MUST);
      excluded.forEach(each -> query.add(each, Occur.MUST_NOT));
      return query.build();
    }

    /** The words for which a document of that score was found; null if there are none. */
    Query found(float score) {
      Query found = null;
      for (Map.Entry<Way, Query> way : ways.entrySet()) {
        found = way.getValue();
        if (score >= way.getKey().least) {
          break;
        }
      }
      return found;
    }
  }

  private static final int FORGIVEN_WORDS = 6;
  private static final float TYPO = 0.1f;

  static {
    // A word counts several times, in each field and each way; the default of 1024 would do for a few fields only.
    IndexSearcher.setMaxClauseCount(1 << 14);
  }

  private final WordQueries words;

  /**
   * @param fields names and texts, in which words are searched
   */
  LuceneQueries(List<Schema.Field> fields) throws IOException {
    words = new WordQueries(fields);
  }

  /**
   * What to search for, one after the other until something is found; at least one.
   *
   * @param text what a user typed
   * @param byRelevance whether the best hits come first
   * @param index in which to look for words that differ by a typo
   */
  List<Attempt> attempts(String text, boolean byRelevance, IndexReader index) throws IOException {
    Typed typed = new Typed(TypedText.of(English.composed(text)), index);
    List<Attempt> attempts = new ArrayList<>();
    Map<Way, Query> ways = typed.ways();
    if (byRelevance && !ways.isEmpty()) {
      attempts.add(new Attempt(ways, typed.excluded));
    } else {
      ways.forEach((way, query) -> attempts.add(new Attempt(Map.of(way, query), typed.excluded)));
    }
    if (typed.tolerant.size() > 1) {
      if (!byRelevance && !typed.tolerant.equals(typed.exact)) {
        attempts.add(new Attempt(Map.of(Way.ANY_WORD, of(typed.exact, Occur.SHOULD)), typed.excluded));
      }
      attempts.add(new Attempt(Map.of(Way.ANY_WORD, of(typed.tolerant, Occur.SHOULD)), typed.excluded));
    }
    if (typed.tolerant.isEmpty()) {
      attempts.add(new Attempt(Map.of(), typed.excluded));
    }
    return attempts;
  }

  /** The queries that a text makes: for each of its words and phrases one that a document has to fit, in each way. */
  private final class Typed {
    private final List<Query> exact = new ArrayList<>();
    private final List<Query> begun = new ArrayList<>();
    private final List<Query> tolerant = new ArrayList<>();
    private final List<Query> excluded = new ArrayList<>();

    Typed(TypedText text, IndexReader index) throws IOException {
      Set<Word> different = new LinkedHashSet<>();
      Word last = null;
      for (Part part : text.parts()) {
        if (part.phrase() || part.excluded()) {
          Query phrase = words.phrase(part.text());
          if (phrase != null) {
            (part.excluded() ? List.of(excluded) : List.of(exact, begun, tolerant)).forEach(queries -> queries.add(phrase));
          }
        } else {
          List<Word> read = words.words(part.text());
          last = read.isEmpty() ? null : read.get(read.size() - 1);
          different.addAll(read);
        }
      }
      Query beginning = text.unfinished() ? words.begun(text.last(), last) : null;
      addWords(different.stream().limit(TypedText.MAX_PARTS).toList(), last, beginning, index);
      if (beginning == null) {
        begun.clear();
      } else if (last == null) {
        begun.add(beginning);
      }
    }

    private void addWords(List<Word> counting, Word last, Query beginning, IndexReader index) throws IOException {
      for (Word word : counting) {
        Query found = words.exact(word);
        Query like = exact.size() < FORGIVEN_WORDS ? words.like(word, index) : null;
        Query begins = word.equals(last) ? beginning : null;
        exact.add(found);
        begun.add(begins == null ? found : begins);
        List<Query> any = Stream.of(found, begins, like == null ? null : new BoostQuery(like, TYPO)).filter(Objects::nonNull).toList();
        tolerant.add(any.size() == 1 ? found : new DisjunctionMaxQuery(any, 0));
      }
    }

    Map<Way, Query> ways() {
      Map<Way, Query> ways = new EnumMap<>(Way.class);
      if (!exact.isEmpty()) {
        ways.put(Way.EXACT, of(exact, Occur.MUST));
      }
      if (!begun.isEmpty()) {
        ways.put(Way.BEGUN, of(begun, Occur.MUST));
      }
      if (!tolerant.equals(exact)) {
        ways.put(Way.TYPOS, of(tolerant, Occur.MUST));
      }
      return ways;
    }
  }

  private static Query of(List<Query> queries, Occur occur) {
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    queries.forEach(query -> all.add(query, occur));
    return all.build();
  }
}
