package search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.QueryBuilder;

/** Queries for a word, or a phrase, in any of some fields; where it is found in several, the best counts most. Thread safe. */
final class WordQueries {

  private static final int ONE_EDIT_FROM = 4;
  private static final int TWO_EDITS_FROM = 8;
  /** The time that it takes to find words grows with their length. */
  private static final int TWO_EDITS_UP_TO = 16;
  private static final float TWO_EDITS = 0.5f;
  private static final float OTHER_FIELDS = 0.1f;

  private final List<Schema.Field> fields;
  private final Analyzer words;
  private final QueryBuilder phrases;
  private final RecentWords recent;

  /**
   * A word.
   *
   * @param written as it was typed, but for case and accents
   * @param stem which it shares with its other forms
   */
  record Word(String written, String stem) {}

  /**
   * @param fields names and texts
   * @param recent words that were looked for
   */
  WordQueries(List<Schema.Field> fields, RecentWords recent) throws IOException {
    this.fields = fields;
    this.recent = recent;
    this.words = English.names();
    this.phrases = new QueryBuilder(English.stems());
  }

  /** The words of a text, stop words left out. */
  List<Word> words(String text) {
    List<Word> read = new ArrayList<>();
    try (TokenStream tokens = words.tokenStream("", text)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      PositionIncrementAttribute position = tokens.addAttribute(PositionIncrementAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        if (position.getPositionIncrement() == 0) {
          Word last = read.remove(read.size() - 1);
          read.add(new Word(last.written(), term.toString()));
        } else {
          read.add(new Word(term.toString(), term.toString()));
        }
      }
      tokens.end();
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The word in any of its forms; in names, the form in which it was typed counts more. */
  Query exact(Word word) {
    return anyField(field -> {
      Query stem = new TermQuery(stem(word, field));
      return field.kind() == Schema.Kind.NAME && !word.written().equals(word.stem())
          ? new DisjunctionMaxQuery(List.of(stem, new TermQuery(new Term(LuceneDocuments.found(field), word.written()))), 0.5f)
          : stem;
    });
  }

  /**
   * A word that begins so.
   *
   * @param typed the beginning of a word as it was typed
   * @param word what it is as a word; null if it is a stop word so far
   */
  Query prefix(String typed, Word word) {
    String beginning = word == null ? words.normalize("", typed).utf8ToString() : word.written();
    return anyField(field -> new PrefixQuery(new Term(LuceneDocuments.found(field), beginning)));
  }

  /** Whether the word occurs in any of its forms. */
  boolean occurs(Word word, IndexReader index) throws IOException {
    for (Schema.Field field : fields) {
      if (LivingTerms.occurs(stem(word, field), index)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Words of the index that differ by typos: one from {@value #ONE_EDIT_FROM} letters on, two from {@value #TWO_EDITS_FROM}. If the
   * word itself occurs, more frequent ones are no misspellings of it, but other words: "test" is none of "tent". A word with a
   * digit has no typos: it tells one model from another.
   *
   * @param occurs whether it does
   * @return null if there are none
   */
  Query fuzzy(Word word, boolean occurs, IndexReader index) throws IOException {
    int edits = edits(word.written());
    if (edits == 0 || word.written().codePoints().anyMatch(Character::isDigit)) {
      return null;
    }
    int most = occurs ? 0 : Integer.MAX_VALUE;
    for (Schema.Field field : fields) {
      most = Math.max(most, index.docFreq(stem(word, field)));
    }
    NearWords likeStem = edits(word.stem()) == 0 ? null : recent.near(word.stem(), edits(word.stem()));
    NearWords likeWritten = word.written().equals(word.stem()) ? null : recent.near(word.written(), edits);
    List<Query> like = new ArrayList<>();
    for (Schema.Field field : fields) {
      add(likeStem, field, index, most, like);
      add(field.kind() == Schema.Kind.NAME ? likeWritten : null, field, index, most, like);
    }
    return like.isEmpty() ? null : new DisjunctionMaxQuery(like, OTHER_FIELDS);
  }

  private static void add(NearWords words, Schema.Field field, IndexReader index, int most, List<Query> queries) throws IOException {
    Terms terms = words == null ? null : MultiTerms.getTerms(index, LuceneDocuments.found(field));
    if (terms != null) {
      for (NearWords.Near near : words.in(terms, most)) {
        Query found = new ConstantScoreQuery(new TermQuery(new Term(LuceneDocuments.found(field), near.word())));
        queries.add(weighted(found, field.weight() * (near.once() ? 1 : TWO_EDITS)));
      }
    }
  }

  private static Term stem(Word word, Schema.Field field) {
    return new Term(LuceneDocuments.found(field), word.stem());
  }

  private static int edits(String word) {
    int letters = word.codePointCount(0, word.length());
    return letters < ONE_EDIT_FROM ? 0 : letters < TWO_EDITS_FROM || letters > TWO_EDITS_UP_TO ? 1 : 2;
  }

  /** The words of a text together and in this order; null if it has none but stop words. */
  Query phrase(String text) {
    return anyField(field -> phrases.createPhraseQuery(LuceneDocuments.found(field), text));
  }

  private Query anyField(Function<Schema.Field, Query> ofField) {
    List<Query> queries = fields.stream()
        .map(field -> weighted(ofField.apply(field), field.weight())).filter(Objects::nonNull).toList();
    return queries.isEmpty() ? null : new DisjunctionMaxQuery(queries, OTHER_FIELDS);
  }

  private static Query weighted(Query query, float weight) {
    return query == null ? null : new BoostQuery(query, weight);
  }
}
