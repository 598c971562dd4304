package routes.support;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import product.Json;
import product.Product;
import search.Generations;
import search.Schema;
import search.SearchIndex.Document;
import search.SearchIndex.Histogram;
import search.SearchIndex.Hit;
import search.SearchIndex.Order;
import search.SearchIndex.Query;
import search.SearchIndex.Range;
import search.SearchIndex.Result;

/**
 * Answers the requests of an index's API. Which parameters there are follows from the index's fields: a sortable one can be
 * in {@code sort}, a decimal one has a least and a greatest value and can be counted in {@code buckets}, and a keyword is a
 * parameter of its own. Thread safe.
 */
public class IndexQueries {

  private static final int MAX_SIZE = 100;
  private static final int MAX_HITS = 10_000;
  private static final int MAX_TEXT = 1_000;
  private static final int MAX_VALUE = 256;
  private static final int MAX_CURSOR = 4_000;
  private static final int MAX_BUCKETS = 100;
  private static final int MAX_SUGGESTIONS = 20;

  private final Generations index;
  private final Schema.Field ranged;
  private final List<String> keywords;
  private final List<String> sorts = new ArrayList<>();
  private final Searches searches;

  /**
   * @param searches is told how long each took
   */
  public IndexQueries(Generations index, Schema schema, Searches searches) {
    this.index = index;
    this.searches = searches;
    this.ranged = schema.of(Schema.Kind.DECIMAL).stream().findFirst().orElse(null);
    this.keywords = schema.of(Schema.Kind.KEYWORD).stream().map(Schema.Field::name).toList();
    for (Schema.Field field : schema.fields()) {
      if (field.sortable()) {
        sorts.add(field.name());
        sorts.add("-" + field.name());
      }
    }
  }

  /** What further fields of a schema can't be called: parameters, and what a hit has besides its content. */
  static Set<String> namesTaken(Schema schema) {
    Set<String> taken = new HashSet<>(Set.of("q", "page", "size", "after", "sort", "buckets", "id", "version", "score", "highlights"));
    for (Schema.Field field : schema.fields()) {
      taken.addAll(List.of(field.name(), bound("min", field), bound("max", field)));
    }
    return taken;
  }

  /** The documents that match, a page of them. */
  public void search(Exchange request) {
    Query query = query(Parameters.of(request));
    long start = System.nanoTime();
    Result result;
    try {
      result = index.read(searched -> searched.search(query));
    } catch (IllegalArgumentException e) {
      throw RestException.badRequest(e.getMessage());
    }
    ObjectNode answer = Json.MAPPER.createObjectNode().put("total", result.total());
    if (query.after() == null) {
      answer.put("page", query.page());
    }
    answer.put("size", query.size()).put("tookMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    hits(answer.putArray("hits"), result.hits(), query.order().byRelevance());
    if (result.next() != null) {
      answer.put("next", result.next());
    }
    if (!result.facets().isEmpty()) {
      answer.set("facets", Json.MAPPER.valueToTree(result.facets()));
    }
    if (query.histogram() != null) {
      answer.set("buckets", Json.MAPPER.valueToTree(result.histogram()));
    }
    Answer.json(request, Json.write(answer));
    searches.took(System.nanoTime() - start);
  }

  private static void hits(ArrayNode array, List<Hit> hits, boolean scored) {
    for (Hit hit : hits) {
      ObjectNode object = array.addObject().put("id", hit.document().id());
      if (scored) {
        object.put("score", hit.score());
      }
      object.setAll(hit.document().content());
      if (!hit.highlights().isEmpty()) {
        object.set("highlights", Json.MAPPER.valueToTree(hit.highlights()));
      }
    }
  }

  private Query query(Parameters parameters) {
    Query query = Query.of(parameters.text("q", "", MAX_TEXT)).having(values(parameters)).by(order(parameters));
    int size = (int) parameters.number("size", 20, 1, MAX_SIZE);
    int page = (int) parameters.number("page", 1, 1, MAX_HITS);
    String after = parameters.text("after", "", MAX_CURSOR);
    if (!after.isEmpty() && page > 1) {
      throw RestException.badRequest("page and after exclude each other: what comes after is always one page");
    }
    if (page * size > MAX_HITS) {
      throw RestException.badRequest("page x size must be at most " + MAX_HITS + ", but is " + page * size
          + ": narrow the search, or go on with after, from the next of each answer");
    }
    query = after.isEmpty() ? query.page(page, size) : query.page(1, size).after(after);
    if (ranged != null) {
      query = query.within(range(parameters));
      int buckets = (int) parameters.number("buckets", 0, 0, MAX_BUCKETS);
      query = buckets == 0 ? query : query.counting(new Histogram(ranged.name(), buckets));
    }
    return query;
  }

  private Map<String, String> values(Parameters parameters) {
    Map<String, String> values = new HashMap<>();
    for (String keyword : keywords) {
      String value = parameters.text(keyword, "", MAX_VALUE);
      if (!value.isEmpty()) {
        values.put(keyword, value);
      }
    }
    return values;
  }

  private Order order(Parameters parameters) {
    String sort = sorts.isEmpty() ? null : parameters.oneOf("sort", null, sorts);
    if (sort == null) {
      return Order.RELEVANCE;
    }
    boolean descending = sort.startsWith("-");
    return new Order(descending ? sort.substring(1) : sort, descending);
  }

  private Range range(Parameters parameters) {
    BigDecimal min = parameters.decimal(bound("min", ranged));
    BigDecimal max = parameters.decimal(bound("max", ranged));
    if (min != null && max != null && min.compareTo(max) > 0) {
      throw RestException.badRequest(bound("min", ranged) + " must not be greater than " + bound("max", ranged));
    }
    return min == null && max == null ? null : new Range(ranged.name(), min, max);
  }

  private static String bound(String bound, Schema.Field field) {
    return bound + Character.toUpperCase(field.name().charAt(0)) + field.name().substring(1);
  }

  /** Names that begin with what was typed. */
  public void suggest(Exchange request) {
    Parameters parameters = Parameters.of(request);
    String typed = parameters.text("q", "", MAX_TEXT);
    int size = (int) parameters.number("size", 5, 1, MAX_SUGGESTIONS);
    long start = System.nanoTime();
    List<String> suggestions = index.read(searched -> searched.suggest(typed, size));
    ObjectNode answer = Json.MAPPER.createObjectNode().put("tookMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    answer.set("suggestions", Json.MAPPER.valueToTree(suggestions));
    Answer.json(request, Json.write(answer));
    searches.took(System.nanoTime() - start);
  }

  /** A document by its id; 404. */
  public void document(Exchange request) {
    String id = Parameters.id(request);
    Document found = index.read(searched -> searched.document(id)).orElseThrow(() -> RestException.notFound("there is no document with the id '" + id + "'"));
    Answer.json(request, Json.write(json(found)));
  }

  private static ObjectNode json(Document document) {
    return Json.MAPPER.createObjectNode().put("id", document.id()).put("version", document.version()).setAll(document.content());
  }

  /** All documents in the order of their ids, a page of them. */
  public void documents(Exchange request) {
    Parameters parameters = Parameters.of(request);
    int limit = (int) parameters.number("limit", 1_000, 1, 10_000);
    String after = parameters.text("after", "", Product.ID_CHARACTERS);
    List<Document> documents = index.read(listed -> listed.documents(after, limit + 1));
    ObjectNode answer = Json.MAPPER.createObjectNode();
    ArrayNode array = answer.putArray("documents");
    for (Document document : documents.subList(0, Math.min(limit, documents.size()))) {
      array.add(json(document));
    }
    Answer.json(request, Json.write(answer.put("more", documents.size() > limit)));
  }
}
