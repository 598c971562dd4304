package search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * word but the last, which may be unfinished, and one that begins like it ({@link Way#PREFIX}); or it has every word when some
 * are forgiven a typo ({@link Way#FUZZY}). By relevance all of these are found, the better way always before the other; sorted
 * by a field, where a poor hit could come first, only the best way that there is. When nothing fits, one of the words is enough.
 *
 * <p>The work is bounded: {@value TypedText#MAX_PARTS} words count, and the first {@value #FORGIVEN_WORDS} are forgiven typos.
 * Thread safe.
 */
final class LuceneQueries {

  /** How a document fits, the best way first. */
  enum Way {
    EXACT(1, 1), PREFIX(0.1f, 1e-4f), FUZZY(0, 1e-5f), ANY_WORD(0, 1e-5f);

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

  /** What to search for if all attempts before found nothing; made when it is its turn. */
  interface Attempt {
    Reading reading() throws IOException;
  }

  /**
   * What was typed, read in some ways.
   *
   * @param ways how documents may fit, the best first, of which the last takes in the others; empty if all do
   * @param excluded what they must not fit
   * @param unknown which words did not occur, as far as that counted: the first is the lowest bit
   */
  record Reading(Map<Way, Query> ways, List<Query> excluded, int unknown) {

    /** What fits in the best way, with its score. */
    Query best() {
      return ranked(ways.entrySet().stream().limit(1).toList());
    }

    /** What fits in any way, with the score of the best. */
    Query ranked() {
      return ranked(List.copyOf(ways.entrySet()));
    }

    /** What fits in any way. */
    Query any() {
      return without(ways.values().stream().reduce(new MatchAllDocsQuery(), (better, worse) -> worse));
    }

    private Query ranked(List<Map.Entry<Way, Query>> some) {
      List<Query> scored = some.stream().map(way -> way.getKey().scored(way.getValue())).toList();
      return without(scored.isEmpty() ? new MatchAllDocsQuery() : new DisjunctionMaxQuery(scored, 0));
    }

    private Query without(Query query) {
      BooleanQuery.Builder rest = new BooleanQuery.Builder().add(query, Occur.MUST);
      excluded.forEach(each -> rest.add(each, Occur.MUST_NOT));
      return rest.build();
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

  private final WordQueries queries;

  /**
   * @param fields names and texts, in which words are searched
   * @param recent words that were looked for
   */
  LuceneQueries(List<Schema.Field> fields, RecentWords recent) throws IOException {
    queries = new WordQueries(fields, recent);
  }

  /**
   * What to search for, one after the other until something is found; at least one. How many there are follows from the text and
   * the order alone, so that the number of one and its unknown words tell what was searched for, whatever is written meanwhile.
   *
   * @param text what a user typed
   * @param byRelevance whether the best hits come first
   * @param index in which to look for words that differ by a typo
   * @param unknown the words that are taken not to occur; null: those that do not
   */
  List<Attempt> attempts(String text, boolean byRelevance, IndexReader index, Integer unknown) {
    Typed typed = new Typed(TypedText.of(English.composed(text)), index, unknown);
    List<Attempt> attempts = new ArrayList<>();
    if (!byRelevance) {
      addEachWay(typed, attempts);
    } else if (!typed.exact.isEmpty() || !typed.prefix.isEmpty()) {
      attempts.add(() -> typed.read(typed.everyWay()));
    }
    if (typed.exact.size() > 1) {
      if (!byRelevance) {
        attempts.add(() -> typed.read(Map.of(Way.ANY_WORD, of(typed.exact, Occur.SHOULD))));
      }
      attempts.add(() -> typed.read(Map.of(Way.ANY_WORD, of(typed.fuzzy(), Occur.SHOULD))));
    }
    if (typed.exact.isEmpty()) {
      attempts.add(() -> typed.read(Map.of()));
    }
    return attempts;
  }

  private static void addEachWay(Typed typed, List<Attempt> attempts) {
    if (!typed.exact.isEmpty()) {
      attempts.add(() -> typed.read(Map.of(Way.EXACT, of(typed.exact, Occur.MUST))));
    }
    if (!typed.prefix.isEmpty()) {
      attempts.add(() -> typed.read(Map.of(Way.PREFIX, of(typed.prefix, Occur.MUST))));
    }
    if (!typed.words.isEmpty()) {
      attempts.add(() -> typed.read(Map.of(Way.FUZZY, of(typed.fuzzy(), Occur.MUST))));
    }
  }

  /** The queries that a text makes: for each of its phrases and words, in this order, one that a document has to fit, in each way. */
  private final class Typed {
    private final IndexReader index;
    private final List<Query> excluded = new ArrayList<>();
    private final List<Query> phrases = new ArrayList<>();
    private final List<Word> words;
    /** Null if there is none, or if it is a stop word. */
    private final Word last;
    /** What begins like the last word; null if that is finished. */
    private final Query beginning;
    private final List<Query> exact;
    /** Empty if the last word is finished, or a stop word among others. */
    private final List<Query> prefix = new ArrayList<>();
    private final Integer taken;
    private List<Query> fuzzy;
    private int unknown;

    Typed(TypedText text, IndexReader index, Integer taken) {
      this.index = index;
      this.taken = taken;
      Set<Word> different = new LinkedHashSet<>();
      Word latest = null;
      for (Part part : text.parts()) {
        if (part.phrase() || part.excluded()) {
          Query phrase = queries.phrase(part.text());
          if (phrase != null) {
            (part.excluded() ? excluded : phrases).add(phrase);
          }
        } else {
          List<Word> read = queries.words(part.text());
          latest = read.isEmpty() ? null : read.get(read.size() - 1);
          different.addAll(read);
        }
      }
      words = different.stream().limit(TypedText.MAX_PARTS).toList();
      last = latest;
      beginning = text.unfinished() ? queries.prefix(text.last(), last) : null;
      exact = new ArrayList<>(phrases);
      words.forEach(word -> exact.add(queries.exact(word)));
      if (beginning != null && words.contains(last)) {
        prefix.addAll(exact);
        prefix.set(phrases.size() + words.indexOf(last), beginning);
      } else if (beginning != null && exact.isEmpty()) {
        prefix.add(beginning);
      }
    }

    /** Made when it is asked for, as typos cost time to look for. */
    List<Query> fuzzy() throws IOException {
      if (fuzzy == null) {
        fuzzy = new ArrayList<>(exact);
        for (int i = 0; i < words.size(); i++) {
          Word word = words.get(i);
          List<Query> any = new ArrayList<>(List.of(exact.get(phrases.size() + i)));
          if (beginning != null && word.equals(last)) {
            any.add(beginning);
          }
          Query like = i < FORGIVEN_WORDS ? queries.fuzzy(word, occurs(i), index) : null;
          if (like != null) {
            any.add(new BoostQuery(like, TYPO));
          }
          if (any.size() > 1) {
            fuzzy.set(phrases.size() + i, new DisjunctionMaxQuery(any, 0));
          }
        }
      }
      return fuzzy;
    }

    private boolean occurs(int number) throws IOException {
      boolean occurs = taken == null ? queries.occurs(words.get(number), index) : (taken >> number & 1) == 0;
      unknown |= occurs ? 0 : 1 << number;
      return occurs;
    }

    Map<Way, Query> everyWay() throws IOException {
      Map<Way, Query> ways = new EnumMap<>(Way.class);
      if (!exact.isEmpty()) {
        ways.put(Way.EXACT, of(exact, Occur.MUST));
      }
      if (!prefix.isEmpty()) {
        ways.put(Way.PREFIX, of(prefix, Occur.MUST));
      }
      if (!fuzzy().equals(exact)) {
        ways.put(Way.FUZZY, of(fuzzy(), Occur.MUST));
      }
      return ways;
    }

    Reading read(Map<Way, Query> ways) {
      return new Reading(ways, excluded, unknown);
    }
  }

  private static Query of(List<Query> each, Occur occur) {
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    each.forEach(query -> all.add(query, occur));
    return all.build();
  }
}
