package routes.indexer;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import product.Json;
import queue.Chunk;
import queue.IndexQueue;
import routes.indexer.ProductDataRoutes.UnavailableException;
import routes.source.Rows;

/**
 * Where a sweep is in the product data service's list of the products that the run did not meet, and how many of them the
 * database lacks. Used by one thread.
 */
public class Sweep {

  private final IndexQueue queue;
  private final DeletionGuard guard;
  private String after;
  private boolean more;
  private long missing;

  public Sweep(IndexQueue queue, DeletionGuard guard) {
    this.queue = queue;
    this.guard = guard;
  }

  /** Begins to list, anew if it was interrupted. */
  public void begin() {
    queue.beginListing();
    after = "";
    more = true;
    missing = 0;
  }

  public boolean hasMore() {
    return more;
  }

  /** The query for the next page. */
  public String query() {
    return "fullReadBefore=" + queue.record().listedAt() + "&after=" + URLEncoder.encode(after, StandardCharsets.UTF_8);
  }

  /**
   * Takes a page.
   *
   * @return its ids
   * @throws UnavailableException if it is no page that follows the last one
   */
  public List<String> page(@Body String json) throws UnavailableException {
    List<String> ids = new ArrayList<>();
    try {
      JsonNode page = Json.parse(json);
      page.path("ids").forEach(id -> ids.add(id.asText()));
      more = page.path("more").asBoolean();
    } catch (IllegalArgumentException e) {
      throw new UnavailableException(e.getMessage());
    }
    String last = ids.isEmpty() ? after : ids.get(ids.size() - 1);
    if (more && last.compareTo(after) <= 0) {
      throw new UnavailableException("its list of ids does not go on after '" + after + "'");
    }
    after = last;
    return ids;
  }

  /**
   * Counts what the database lacks of a chunk.
   *
   * @param living rows with those of its ids that the database lists
   * @return the chunk
   */
  public Chunk foresee(@Variable("chunk") Chunk chunk, @Body List<Map<String, Object>> living) {
    Set<String> alive = living.stream().map(row -> Rows.id(row).asText()).collect(Collectors.toSet());
    missing += chunk.ids().stream().filter(id -> !alive.contains(id.asText())).count();
    return chunk;
  }

  /**
   * Asks, at the end of the list and before anything of it is deleted, whether all of that may be.
   *
   * @throws DeletionGuard.DeletionGuardException if not
   */
  public void check() {
    guard.check(missing);
  }
}
