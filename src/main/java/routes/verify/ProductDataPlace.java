package routes.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import event.EventCodec;
import java.util.List;
import java.util.Set;
import product.Change;
import product.ChangePage;
import product.Product;
import verify.Sighting;

/** The product data service: its products are those of its change feed that are no tombstones. */
final class ProductDataPlace extends Place {

  /** Paths that show no product. */
  private static final Set<String> SHADOWED = Set.of("changes", "ids");

  private final Contents contents;
  private final int pageSize;
  private long since;
  private String epoch = "";
  private boolean more = true;

  /**
   * @param pageSize how many changes to ask for at a time
   */
  ProductDataPlace(String url, Contents contents, int pageSize) {
    super("product data", Sighting.PRODUCT_DATA, url);
    this.contents = contents;
    this.pageSize = pageSize;
  }

  @Override
  long position(ObjectNode status) {
    return field((ObjectNode) field(status, "products", JsonNode::isObject), "sequence", JsonNode::isIntegralNumber).longValue();
  }

  @Override
  public boolean hasMore() {
    return more;
  }

  @Override
  public String pageUrl() {
    return url() + "/products/changes?since=" + since + "&limit=" + pageSize + "&epoch=" + epoch;
  }

  @Override
  List<Sighting> readPage(String body) {
    ChangePage page = EventCodec.decodePage(body);
    more = page.more() && page.lastSequence() > since;
    since = page.lastSequence();
    epoch = page.epoch();
    return page.changes().stream().filter(change -> !change.deleted()).map(this::sighting).toList();
  }

  private Sighting sighting(Change change) {
    return new Sighting(change.id(), number(), change.sequence(), contents.ofProduct(change.product()));
  }

  @Override
  boolean shows(String id) {
    return super.shows(id) && !SHADOWED.contains(id);
  }

  @Override
  public String productUrl(String id) {
    return url() + "/products/" + encode(id);
  }

  @Override
  Sighting readProduct(String id, String entityTag, String product) {
    long version = Long.parseLong(String.valueOf(entityTag).replace("\"", ""));
    return sighting(new Change(version, id, Product.of(object(product))));
  }
}
