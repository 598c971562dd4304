package routes.support;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import product.Json;
import product.Product;
import search.Generations;
import search.Schema;
import search.SearchIndex.Document;
import search.SearchIndex.Hit;
import search.SearchIndex.Query;
import search.SearchIndex.Result;

/**
 * Answers the requests of an index's API. Which parameters there are follows from the index's fields: a sortable one can be
 * in {@code sort}, a decimal one has a least and a greatest value. Thread safe.
 */
public class IndexQueries {

  private static final int MAX_SIZE = 100;
  private static final int MAX_HITS = 10_000;
  private static final int MAX_TEXT = 1_000;

  private final Generations index;
  private final Schema.Field ranged;
  private final List<String> sorts = new ArrayList<>();

  public IndexQueries(Generations index, Schema schema) {
    this.index = index;
    this.ranged = schema.fields().stream().filter(field -> field.kind() == Schema.Kind.DECIMAL).findFirst().orElse(null);
    for (Schema.Field field : schema.fields()) {
      if (field.sortable()) {
        sorts.add(field.name());
        sorts.add("-" + field.name());
      }
    }
  }

  /** The documents that match, a page of them. */
  public void search(Exchange request) {
    Query query = query(Parameters.of(request));
    long start = System.nanoTime();
    Result result = index.read(searched -> searched.search(query));
    ObjectNode answer = Json.MAPPER.createObjectNode()
        .put("total", result.total())
        .put("page", query.page())
        .put("size", query.size())
        .put("tookMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    ArrayNode hits = answer.putArray("hits");
    for (Hit hit : result.hits()) {
      ObjectNode object = hits.addObject().put("id", hit.document().id());
      if (query.sortField() == null) {
        object.put("score", hit.score());
      }
      object.setAll(hit.document().content());
    }
    Answer.json(request, Json.write(answer));
  }

  private Query query(Parameters parameters) {
    String text = parameters.text("q", "", MAX_TEXT);
    int size = (int) parameters.number("size", 20, 1, MAX_SIZE);
    int page = (int) parameters.number("page", 1, 1, MAX_HITS);
    if (page * size > MAX_HITS) {
      throw RestException.badRequest(
          "page x size must be at most " + MAX_HITS + ", but is " + page * size + ": narrow the search");
    }
    BigDecimal min = ranged == null ? null : parameters.decimal(parameterName("min"));
    BigDecimal max = ranged == null ? null : parameters.decimal(parameterName("max"));
    if (min != null && max != null && min.compareTo(max) > 0) {
      throw RestException.badRequest(parameterName("min") + " must not be greater than " + parameterName("max"));
    }
    String sort = sorts.isEmpty() ? null : parameters.oneOf("sort", null, sorts);
    boolean descending = sort != null && sort.startsWith("-");
    String sortField = descending ? sort.substring(1) : sort;
    return new Query(text, ranged == null ? null : ranged.name(), min, max, sortField, descending, page, size);
  }

  private String parameterName(String bound) {
    return bound + Character.toUpperCase(ranged.name().charAt(0)) + ranged.name().substring(1);
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
