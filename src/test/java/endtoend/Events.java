package endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Events as anybody would write them who has read what is said of them, without the project's own code. */
public final class Events {

  private Events() {}

  /** An UPDATE of products, each given as JSON. */
  public static ObjectNode update(String id, String tag, long readAt, String... products) {
    ObjectNode event = envelope(id, "product.update");
    ObjectNode data = event.putObject("data").put("queueId", "TEST").put("readAt", readAt);
    data.putArray("tags").add(tag);
    data.putArray("deleted");
    ArrayNode array = data.putArray("products");
    for (String product : products) {
      array.add(Backend.parse(product));
    }
    return event;
  }

  /** An UPDATE that says that products are no more. */
  public static ObjectNode deletion(String id, long readAt, String... ids) {
    ObjectNode event = update(id, "*", readAt);
    for (String each : ids) {
      ((ArrayNode) event.at("/data/deleted")).add(each);
    }
    return event;
  }

  /** An ACK without rejections. */
  public static ObjectNode ack(String id, String eventId, int stored) {
    ObjectNode event = envelope(id, "product.ack");
    event.putObject("data").put("eventId", eventId).put("stored", stored).put("outdated", 0).putArray("rejected");
    return event;
  }

  /** What every event begins with. */
  public static ObjectNode envelope(String id, String type) {
    return Backend.JSON.createObjectNode().put("specversion", "1.0").put("id", id).put("source", "/test").put("type", type)
        .put("datacontenttype", "application/json");
  }

  /** An event with another value for one field, or without the field if the value is null. */
  public static String with(ObjectNode event, String pointer, String json) {
    ObjectNode copy = event.deepCopy();
    int last = pointer.lastIndexOf('/');
    JsonNode parent = copy.at(pointer.substring(0, last));
    String field = pointer.substring(last + 1);
    if (parent instanceof ArrayNode array) {
      array.set(Integer.parseInt(field), Backend.parse(json));
    } else if (json == null) {
      ((ObjectNode) parent).remove(field);
    } else {
      ((ObjectNode) parent).set(field, Backend.parse(json));
    }
    return copy.toString();
  }
}
