package routes.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import verify.Sighting;

/** An index: it lists its documents by id. */
final class IndexPlace extends Place {

  private final int pageSize;
  private String after = "";
  private boolean more = true;

  /**
   * @param pageSize how many documents to ask for at a time
   */
  IndexPlace(String name, int number, String url, int pageSize) {
    super(name, number, url);
    this.pageSize = pageSize;
  }

  @Override
  long position(ObjectNode status) {
    for (JsonNode index : field(status, "indexes", JsonNode::isArray)) {
      if (index instanceof ObjectNode object && name().equals(object.path("name").asText())) {
        return field(object, "checkpoint", JsonNode::isIntegralNumber).longValue();
      }
    }
    throw new IllegalArgumentException("it has no such index");
  }

  @Override
  public boolean hasMore() {
    return more;
  }

  @Override
  public String pageUrl() {
    return url() + "/" + name() + "/documents?limit=" + pageSize + "&after=" + encode(after);
  }

  @Override
  List<Sighting> readPage(String body) {
    ObjectNode page = object(body);
    List<Sighting> sightings = new ArrayList<>();
    for (JsonNode document : field(page, "documents", JsonNode::isArray)) {
      sightings.add(sighting(document));
    }
    more = field(page, "more", JsonNode::isBoolean).booleanValue() && !sightings.isEmpty();
    after = more ? sightings.get(sightings.size() - 1).id() : after;
    return sightings;
  }

  private Sighting sighting(JsonNode document) {
    if (!(document instanceof ObjectNode object)) {
      throw new IllegalArgumentException("a document is no object");
    }
    String id = field(object, "id", JsonNode::isTextual).textValue();
    long version = field(object, "version", JsonNode::isIntegralNumber).longValue();
    return new Sighting(id, number(), version, List.of(Contents.ofDocument(object)));
  }

  @Override
  public String productUrl(String id) {
    return url() + "/" + name() + "/documents/" + encode(id);
  }

  @Override
  Sighting readProduct(String id, String entityTag, String document) {
    return sighting(object(document));
  }
}
