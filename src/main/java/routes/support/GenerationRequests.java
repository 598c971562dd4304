package routes.support;

import java.util.function.Supplier;
import org.apache.camel.Exchange;
import product.Json;
import search.GenerationException;
import search.Generations;

/** Answers the requests to rebuild an index and to roll it back. Thread safe. */
public class GenerationRequests {

  private final Generations index;

  public GenerationRequests(Generations index) {
    this.index = index;
  }

  /** Begins to build a new generation: 202 with its number; 409 if one grows already. */
  public void rebuild(Exchange request) {
    begin(request, index::rebuild);
  }

  /** Begins to return to the previous generation: 202 with its number; 409 if there is none, or one grows already. */
  public void rollback(Exchange request) {
    begin(request, index::rollback);
  }

  private void begin(Exchange request, Supplier<Integer> change) {
    try {
      int generation = change.get();
      Answer.json(request, Json.write(Json.MAPPER.createObjectNode().put("index", index.name()).put("generation", generation)))
          .setHeader(Exchange.HTTP_RESPONSE_CODE, 202);
    } catch (GenerationException e) {
      throw RestException.conflict(e.getMessage());
    }
  }
}
