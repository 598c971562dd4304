package search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.BinaryPoint;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.search.TopFieldDocs;
import org.apache.lucene.search.TotalHits;
import org.apache.lucene.util.BytesRef;
import search.LuceneQueries.Attempt;
import search.LuceneQueries.Reading;
import search.SearchIndex.Bucket;
import search.SearchIndex.Count;
import search.SearchIndex.Document;
import search.SearchIndex.Hit;
import search.SearchIndex.Order;
import search.SearchIndex.Query;
import search.SearchIndex.Range;
import search.SearchIndex.Result;

/** Searches and reads an index as it is at a moment. Thread safe. */
final class LuceneSearch {

  private static final int MAX_VALUES = 100;
  private static final int HITS_FOR_A_SUGGESTION = 10;

  private static final SortField BY_ID = new SortField(LuceneDocuments.ID, SortField.Type.STRING);

  private final Schema schema;
  private final LuceneQueries queries;
  private final List<Schema.Field> suggested;
  private final LuceneQueries suggestions;
  private final Highlights highlights;

  LuceneSearch(Schema schema, Analyzer analyzer) throws IOException {
    this.schema = schema;
    RecentWords recent = new RecentWords();
    queries = new LuceneQueries(schema.of(Schema.Kind.NAME, Schema.Kind.TEXT), recent);
    suggested = schema.of(Schema.Kind.NAME);
    suggestions = new LuceneQueries(suggested, recent);
    highlights = new Highlights(schema, analyzer);
  }

  /**
   * Makes one attempt after the other, until one finds something. Filters don't count for that: they only narrow what the words
   * find, so that they never make words mean less, and every value has as many hits as are counted.
   */
  Result search(IndexSearcher searcher, Query query) throws IOException {
    Cursor after = Cursor.read(query, anyDocument(searcher));
    List<Attempt> attempts = queries.attempts(query.text(), query.order().byRelevance(), searcher.getIndexReader(),
        after == null ? null : after.unknown());
    int attempt = after == null ? 0 : after.attempt();
    Reading reading = (after == null ? attempts.get(0) : after.of(attempts)).reading();
    FieldDoc last = after == null ? null : asItIsNow(searcher, reading, query, after.last());
    TopFieldDocs found = found(searcher, reading, query, last);
    while (after == null && found.totalHits.value == 0 && attempt + 1 < attempts.size() && !finds(searcher, reading, query)) {
      attempt++;
      reading = attempts.get(attempt).reading();
      found = found(searcher, reading, query, null);
    }

    int skipped = after == null ? skipped(query) : 0;
    int end = Math.min(found.scoreDocs.length, skipped + query.size());
    List<Hit> hits = new ArrayList<>();
    Highlights.Marks marks = highlights.marks();
    for (int i = skipped; i < end; i++) {
      FieldDoc each = (FieldDoc) found.scoreDocs[i];
      float score = query.order().byRelevance() ? (Float) each.fields[0] : 0;
      Document document = LuceneDocuments.read(searcher, each.doc);
      hits.add(new Hit(document, score, marks.of(document.content(), reading.found(score))));
    }
    String next = end == found.scoreDocs.length ? null : new Cursor(attempt, reading.unknown(), (FieldDoc) found.scoreDocs[end - 1]).text(query);
    return new Result(found.totalHits.value, hits, next, facets(searcher, reading, query), histogram(searcher, reading, query));
  }

  private static int skipped(Query query) {
    return (query.page() - 1) * query.size();
  }

  /**
   * The hits asked for, and one more, which tells whether there are further ones. Most pages are full of what fits in the best
   * way: then the others are only counted, which is faster.
   */
  private TopFieldDocs found(IndexSearcher searcher, Reading reading, Query query, FieldDoc after) throws IOException {
    int most = (after == null ? skipped(query) : 0) + query.size() + 1;
    if (!query.order().byRelevance()) {
      return top(searcher, limited(reading.any(), query), query.order(), most, after);
    }
    if (reading.ways().size() > 1) {
      TopFieldDocs best = top(searcher, limited(reading.best(), query), query.order(), most, after);
      if (best.scoreDocs.length == most) {
        int all = searcher.count(limited(reading.any(), query));
        return new TopFieldDocs(new TotalHits(all, TotalHits.Relation.EQUAL_TO), best.scoreDocs, best.fields);
      }
    }
    return top(searcher, limited(reading.ranked(), query), query.order(), most, after);
  }

  private TopFieldDocs top(IndexSearcher searcher, org.apache.lucene.search.Query query, Order order, int most, FieldDoc after)
      throws IOException {
    return searcher.search(query, new TopFieldCollectorManager(sort(order), most, after, Integer.MAX_VALUE));
  }

  /** Whether there is anything without the filters, where there was nothing with them. */
  private static boolean finds(IndexSearcher searcher, Reading reading, Query query) throws IOException {
    boolean filtered = !query.values().isEmpty() || query.range() != null;
    return filtered && searcher.search(reading.any(), 1).scoreDocs.length > 0;
  }

  /**
   * The last hit of the page before. Its relevance changes when what is written makes words rarer or more frequent, and that of
   * its neighbours changes with it: by its old one, all that were as relevant would come again, or none of them.
   */
  private FieldDoc asItIsNow(IndexSearcher searcher, Reading reading, Query query, FieldDoc last) throws IOException {
    if (!query.order().byRelevance()) {
      return last;
    }
    org.apache.lucene.search.Query itself = new BooleanQuery.Builder().add(limited(reading.ranked(), query), Occur.MUST)
        .add(new TermQuery(new Term(LuceneDocuments.ID, (BytesRef) last.fields[1])), Occur.FILTER).build();
    ScoreDoc[] found = top(searcher, itself, query.order(), 1, null).scoreDocs;
    return found.length == 0 ? last : (FieldDoc) found[0];
  }

  private org.apache.lucene.search.Query limited(org.apache.lucene.search.Query words, Query query) {
    return limited(words, query.values(), query.range());
  }

  /**
   * What fits a query, limited.
   *
   * @param values of keyword fields, by their names
   * @param range null: none
   */
  private org.apache.lucene.search.Query limited(org.apache.lucene.search.Query query, Map<String, String> values, Range range) {
    BooleanQuery.Builder limited = new BooleanQuery.Builder().add(query, Occur.MUST);
    values.forEach((field, value) -> limited.add(new TermQuery(new Term(found(field), LuceneDocuments.key(value))), Occur.FILTER));
    if (range != null && (range.min() != null || range.max() != null)) {
      byte[] least = range.min() == null ? SortableDecimal.lowest() : SortableDecimal.encode(range.min());
      byte[] greatest = range.max() == null ? SortableDecimal.highest() : SortableDecimal.encode(range.max());
      limited.add(BinaryPoint.newRangeQuery(found(range.field()), least, greatest), Occur.FILTER);
    }
    return limited.build();
  }

  private String found(String field) {
    return LuceneDocuments.found(schema.field(field));
  }

  private Sort sort(Order order) {
    if (order.byRelevance()) {
      return new Sort(SortField.FIELD_SCORE, BY_ID);
    }
    SortField byField = new SortField(LuceneDocuments.sorted(schema.field(order.field())), SortField.Type.STRING, order.descending());
    // Documents without a value come last either way.
    byField.setMissingValue(order.descending() ? SortField.STRING_FIRST : SortField.STRING_LAST);
    return new Sort(byField, BY_ID);
  }

  /** Each without the filter by its own value, so that one sees what else there is to choose from. */
  private Map<String, List<Count>> facets(IndexSearcher searcher, Reading reading, Query query) throws IOException {
    Map<String, List<Count>> facets = new LinkedHashMap<>();
    for (Schema.Field field : schema.of(Schema.Kind.KEYWORD)) {
      Map<String, String> others = new HashMap<>(query.values());
      others.remove(field.name());
      org.apache.lucene.search.Query counted = limited(reading.any(), others, query.range());
      facets.put(field.name(), ValueCounts.of(searcher, counted, LuceneDocuments.found(field)).mostFrequent(MAX_VALUES));
    }
    return facets;
  }

  private List<Bucket> histogram(IndexSearcher searcher, Reading reading, Query query) throws IOException {
    if (query.histogram() == null) {
      return List.of();
    }
    String field = query.histogram().field();
    ValueCounts values = ValueCounts.of(searcher, limited(reading.any(), query),
        LuceneDocuments.sorted(schema.field(field)));
    boolean limited = query.range() != null && query.range().field().equals(field);
    return Buckets.of(values, limited ? query.range() : null, query.histogram().buckets());
  }

  /** The names with the words typed so far; without them, nothing. */
  List<String> suggest(IndexSearcher searcher, String typed, int limit) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    Reading reading = suggestions.attempts(typed, true, searcher.getIndexReader(), null).get(0).reading();
    if (!reading.ways().isEmpty()) {
      int hits = limit * HITS_FOR_A_SUGGESTION;
      for (ScoreDoc each : searcher.search(reading.ranked(), hits, sort(Order.RELEVANCE)).scoreDocs) {
        Document document = LuceneDocuments.read(searcher, each.doc);
        suggested.forEach(field -> names.add(LuceneDocuments.plain(document.content().path(field.name()).asText()).strip()));
      }
    }
    return names.stream().filter(name -> !name.isEmpty()).limit(limit).toList();
  }

  static Optional<Document> document(IndexSearcher searcher, String id) throws IOException {
    ScoreDoc[] found = searcher.search(new TermQuery(new Term(LuceneDocuments.ID, id)), 1).scoreDocs;
    return found.length == 0 ? Optional.empty() : Optional.of(LuceneDocuments.read(searcher, found[0].doc));
  }

  static List<Document> documents(IndexSearcher searcher, String after, int limit) throws IOException {
    FieldDoc last = after.isEmpty() ? null : new FieldDoc(anyDocument(searcher), 0, new Object[] {new BytesRef(after)});
    List<Document> documents = new ArrayList<>();
    for (ScoreDoc each : searcher.searchAfter(last, new MatchAllDocsQuery(), limit, new Sort(BY_ID)).scoreDocs) {
      documents.add(LuceneDocuments.read(searcher, each.doc));
    }
    return documents;
  }

  /** A number that the reader has, as searching after something needs one; it decides nothing, because ids differ. */
  private static int anyDocument(IndexSearcher searcher) {
    return Math.max(0, searcher.getIndexReader().maxDoc() - 1);
  }
}
