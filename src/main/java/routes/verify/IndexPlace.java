package routes.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import routes.support.ConfigurationException;
import routes.support.StatusReport.Kept;
import verify.Sighting;

/** An index: it lists its documents by id. */
final class IndexPlace extends Place {

  private final Kept kept;
  private final int pageSize;
  private String after = "";
  private boolean more = true;

  /**
   * @param kept what the index should keep of products, by the settings of this process
   * @param pageSize how many documents to ask for at a time
   */
  IndexPlace(String name, int number, String url, Kept kept, int pageSize) {
    super(name, number, url);
    this.kept = kept;
    this.pageSize = pageSize;
  }

  @Override
  long position(ObjectNode status) {
    for (JsonNode index : field(status, "indexes", JsonNode::isArray)) {
      if (index instanceof ObjectNode object && name().equals(object.path("name").asText())) {
        checkSettings(object);
        return field(object, "checkpoint", JsonNode::isIntegralNumber).longValue();
      }
    }
    throw new IllegalArgumentException("it has no such index");
  }

  /**
   * What the index keeps can't be held against what it should, if the two are told different things of that.
   *
   * @throws ConfigurationException if so
   */
  private void checkSettings(ObjectNode index) {
    Set<String> facets = new TreeSet<>();
    index.path("facets").forEach(facet -> facets.add(facet.asText()));
    if (index.has("document") && !kept.document().equals(index.get("document").asText())) {
      throw differing("document", index.get("document").asText(), kept.document());
    } else if (index.has("facets") && !facets.equals(new TreeSet<>(kept.facets()))) {
      throw differing("facets", String.join(",", facets), String.join(",", kept.facets()));
    }
  }

  private ConfigurationException differing(String setting, String there, String here) {
    String key = name() + "." + setting;
    return new ConfigurationException(key + " is '" + there + "' in the service at " + url() + ", but '" + here
        + "' here: verify needs the same, -D" + key + "=" + there);
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
