package routes.services.productdata;

import event.EventCodec;
import event.Limits;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import product.ChangePage;
import product.Json;
import product.Product;
import routes.support.Answer;
import routes.support.Parameters;
import routes.support.RestException;
import store.ProductStore;
import store.ProductStore.Versioned;

/** Answers the requests of the product data service's API. Thread safe. */
public class ProductQueries {

  private final ProductStore store;

  public ProductQueries(ProductStore store) {
    this.store = store;
  }

  /** A product by its id, with its version as the entity tag and the time it was read; 304 if the caller has that version; 404. */
  public void product(Exchange request) {
    Message message = request.getMessage();
    String id = Parameters.id(request);
    Versioned found = store.product(id).orElseThrow(() -> RestException.notFound("there is no product with the id '" + id + "'"));
    String tag = "\"" + found.version() + "\"";
    String known = message.getHeader("If-None-Match", "", String.class);
    Message answer = Answer.json(request, Json.write(found.product().tree()));
    answer.setHeader("ETag", tag);
    answer.setHeader("Read-At", Instant.EPOCH.plus(found.readAt(), ChronoUnit.MICROS).toString());
    if (known.equals("*") || List.of(known.replace("W/", "").split("\\s*,\\s*")).contains(tag)) {
      answer.setHeader(Exchange.HTTP_RESPONSE_CODE, 304);
      answer.setBody("");
    }
  }

  /** A page of the change feed; 410 if the caller comes from a past that this store does not know. */
  public void changes(Exchange request) {
    Parameters parameters = Parameters.of(request);
    long since = parameters.number("since", 0, 0, Long.MAX_VALUE);
    int limit = (int) parameters.number("limit", 1_000, 1, 10_000);
    String epoch = parameters.text("epoch", "", 64);
    if (!epoch.isEmpty() && !store.remembers(epoch, since)) {
      throw RestException.gone("this store never stood at " + since + " in epoch " + epoch + ": read from 0, without an epoch");
    }
    ChangePage page = store.changes(since, limit, Limits.BYTES);
    Answer.json(request, EventCodec.encodePage(page));
  }

  /** Ids of products whose last full read is older than some time. */
  public void ids(Exchange request) {
    Parameters parameters = Parameters.of(request);
    long before = parameters.number("fullReadBefore", Long.MAX_VALUE, 0, Long.MAX_VALUE);
    int limit = (int) parameters.number("limit", 1_000, 1, 10_000);
    List<String> ids = store.idsFullReadBefore(before, parameters.text("after", "", Product.ID_CHARACTERS), limit + 1);
    var answer = Json.MAPPER.createObjectNode();
    var array = answer.putArray("ids");
    ids.stream().limit(limit).forEach(array::add);
    Answer.json(request, Json.write(answer.put("more", ids.size() > limit)));
  }
}
