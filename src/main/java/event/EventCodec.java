package event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import product.Change;
import product.ChangePage;
import product.Json;
import product.Product;
import product.Rejection;

/**
 * Events to frames and back: CloudEvents 1.0 in structured mode, JSON, one event in one text. Decoding checks every field
 * that this project reads, and its message names the first that is missing or wrong. Pure functions.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">the JSON format</a>
 */
public final class EventCodec {

  /** The types of events. */
  public static final String UPDATE = "product.update";

  public static final String ACK = "product.ack";
  public static final String INDEX = "product.index";

  private static final int SHOWN_CHARACTERS = 80;
  /** Of a product, more or less. */
  private static final int USUAL_BYTES = 512;

  private EventCodec() {}

  /** A name for a new event. */
  public static String newId() {
    return UUID.randomUUID().toString();
  }

  public static String encodeUpdate(UpdateEvent event) {
    ObjectNode data = Json.MAPPER.createObjectNode().put("queueId", event.queueId());
    texts(data.putArray("tags"), event.tags());
    data.put("readAt", event.readAt());
    texts(data.putArray("deleted"), event.deleted());
    String head = encode(event.id(), "/indexer/" + event.queueId(), UPDATE, data);
    return withArray(head, "}}", "products", event.products(), (text, product) -> text.append(product.json()));
  }

  public static String encodeAck(AckEvent event) {
    ObjectNode data = Json.MAPPER.createObjectNode().put("eventId", event.eventId()).put("stored", event.stored())
        .put("outdated", event.outdated());
    ArrayNode rejected = data.putArray("rejected");
    event.rejected().forEach(each -> rejected.addObject().put("id", each.id()).put("reason", each.reason()));
    return encode(event.id(), "/product-data", ACK, data);
  }

  public static String encodeIndex(IndexEvent event) {
    ObjectNode data = Json.MAPPER.createObjectNode();
    texts(data.putArray("tags"), event.tags());
    data.put("epoch", event.epoch()).put("firstSequence", event.firstSequence()).put("lastSequence", event.lastSequence());
    return withArray(encode(event.id(), "/product-data", INDEX, data), "}}", "changes", event.changes(), EventCodec::change);
  }

  public static String encodePage(ChangePage page) {
    String head = Json.writeAscii(Json.MAPPER.createObjectNode().put("epoch", page.epoch()).put("lastSequence", page.lastSequence())
        .put("more", page.more()));
    return withArray(head, "}", "changes", page.changes(), EventCodec::change);
  }

  private static String encode(String id, String source, String type, ObjectNode data) {
    ObjectNode event = Json.MAPPER.createObjectNode()
        .put("specversion", "1.0")
        .put("id", id)
        .put("source", source)
        .put("type", type)
        .put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
        .put("datacontenttype", "application/json");
    return Json.writeAscii(event.set("data", data));
  }

  /**
   * Puts an array behind the last field of an object. Its elements are copied as the text that they are: a JSON generator would look at
   * each character of hundreds of products.
   *
   * @param end what the text ends with, from the end of that object on
   */
  private static <T> String withArray(String json, String end, String name, List<T> elements, BiConsumer<StringBuilder, T> append) {
    StringBuilder text = new StringBuilder(json.length() + elements.size() * USUAL_BYTES);
    text.append(json, 0, json.length() - end.length()).append(",\"").append(name).append("\":[");
    String separator = "";
    for (T element : elements) {
      append.accept(text.append(separator), element);
      separator = ",";
    }
    return text.append(']').append(end).toString();
  }

  /** A change as both the event and the feed have it. */
  private static void change(StringBuilder text, Change change) {
    text.append("{\"sequence\":").append(change.sequence()).append(",\"id\":").append(Json.text(change.id()));
    if (change.deleted()) {
      text.append(",\"deleted\":true}");
    } else {
      text.append(",\"product\":").append(change.product().json()).append('}');
    }
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }

  /**
   * @throws InvalidEventException if the frame is not such an event
   */
  public static UpdateEvent decodeUpdate(String frame) {
    Fields event = open(frame, UPDATE);
    Fields data = event.object("data");
    List<Product> products = new ArrayList<>();
    for (JsonNode product : data.array("products")) {
      if (!(product instanceof ObjectNode object)) {
        throw new InvalidEventException("data.products must hold objects, but holds " + shown(product));
      }
      new Fields(object, "data.products[" + products.size() + "].").id("id");
      products.add(Product.of(object));
    }
    List<String> tags = data.texts("tags");
    if (tags.isEmpty()) {
      throw new InvalidEventException("data.tags must name an attribute group, or * for all, but is empty");
    }
    long readAt = data.number("readAt", 1);
    return new UpdateEvent(event.text("id"), data.text("queueId"), tags, readAt, products, data.ids("deleted"));
  }

  /**
   * @throws InvalidEventException if the frame is not such an event
   */
  public static AckEvent decodeAck(String frame) {
    Fields event = open(frame, ACK);
    Fields data = event.object("data");
    List<Rejection> rejected = new ArrayList<>();
    for (JsonNode each : data.array("rejected")) {
      Fields rejection = new Fields(each, "data.rejected[" + rejected.size() + "].");
      rejected.add(new Rejection(rejection.text("id"), rejection.text("reason")));
    }
    return new AckEvent(
        event.text("id"), data.text("eventId"), data.count("stored"), data.count("outdated"), rejected);
  }

  /**
   * @throws InvalidEventException if the frame is not such an event
   */
  public static IndexEvent decodeIndex(String frame) {
    Fields event = open(frame, INDEX);
    Fields data = event.object("data");
    List<Change> changes = decodeChanges(data.array("changes"), "data.changes");
    long first = data.number("firstSequence", 1);
    long last = data.number("lastSequence", first);
    boolean gapless = changes.size() == last - first + 1;
    for (int i = 0; gapless && i < changes.size(); i++) {
      gapless = changes.get(i).sequence() == first + i;
    }
    if (!gapless) {
      throw new InvalidEventException("data.changes must number from firstSequence " + first + " to lastSequence " + last);
    }
    return new IndexEvent(event.text("id"), data.texts("tags"), data.text("epoch"), first, last, changes);
  }

  /**
   * @throws InvalidEventException if the text is not a page of the change feed
   */
  public static ChangePage decodePage(String text) {
    Fields page = new Fields(parse(text), "");
    List<Change> changes = decodeChanges(page.array("changes"), "changes");
    return new ChangePage(page.text("epoch"), changes, page.number("lastSequence", 0), page.flag("more"));
  }

  private static List<Change> decodeChanges(JsonNode array, String name) {
    List<Change> changes = new ArrayList<>(array.size());
    for (JsonNode each : array) {
      Fields change = new Fields(each, name + "[" + changes.size() + "].");
      long sequence = change.number("sequence", 1);
      String id = change.id("id");
      boolean deleted = each.has("deleted") && change.flag("deleted");
      if (!deleted && !(each.get("product") instanceof ObjectNode)) {
        throw new InvalidEventException(change.name("product") + " must be an object, but is " + shown(each.get("product")));
      }
      changes.add(new Change(sequence, id, deleted ? null : Product.of((ObjectNode) each.get("product"))));
    }
    return changes;
  }

  private static Fields open(String frame, String type) {
    JsonNode node = parse(frame);
    Fields event = new Fields(node, "");
    event.text("id");
    event.text("source");
    if (!"1.0".equals(event.text("specversion"))) {
      throw new InvalidEventException("specversion must be 1.0, but is " + shown(node.get("specversion")));
    }
    if (!type.equals(event.text("type"))) {
      throw new InvalidEventException("type must be " + type + " on this topic, but is " + shown(node.get("type")));
    }
    return event;
  }

  private static JsonNode parse(String text) {
    try {
      return Json.parse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidEventException(e.getMessage());
    }
  }

  private static String shown(JsonNode value) {
    String text = value == null ? "missing" : value.toString();
    return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
  }

  /** The fields of a JSON object, each checked as it is read. */
  private record Fields(JsonNode node, String path) {

    Fields {
      if (!node.isObject()) {
        String what = path.isEmpty() ? "an event" : path.substring(0, path.length() - 1);
        throw new InvalidEventException(what + " must be a JSON object, but is " + shown(node));
      }
    }

    String name(String field) {
      return path + field;
    }

    Fields object(String field) {
      return new Fields(required(field), name(field) + ".");
    }

    ArrayNode array(String field) {
      if (required(field) instanceof ArrayNode array) {
        return array;
      }
      throw new InvalidEventException(name(field) + " must be an array, but is " + shown(node.get(field)));
    }

    String text(String field) {
      JsonNode value = required(field);
      if (!value.isTextual() || value.textValue().isEmpty()) {
        throw new InvalidEventException(name(field) + " must be a text, but is " + shown(value));
      }
      return value.textValue();
    }

    List<String> texts(String field) {
      List<String> texts = new ArrayList<>();
      for (JsonNode each : array(field)) {
        if (!each.isTextual()) {
          throw new InvalidEventException(name(field) + " must hold texts, but holds " + shown(each));
        }
        texts.add(each.textValue());
      }
      return texts;
    }

    boolean flag(String field) {
      JsonNode value = required(field);
      if (!value.isBoolean()) {
        throw new InvalidEventException(name(field) + " must be true or false, but is " + shown(value));
      }
      return value.booleanValue();
    }

    /** An id, as text. */
    String id(String field) {
      try {
        return Product.idText(required(field));
      } catch (IllegalArgumentException e) {
        throw new InvalidEventException(name(field) + ": " + e.getMessage());
      }
    }

    List<String> ids(String field) {
      List<String> ids = texts(field);
      for (JsonNode id : array(field)) {
        try {
          Product.idText(id);
        } catch (IllegalArgumentException e) {
          throw new InvalidEventException(name(field) + ": " + e.getMessage());
        }
      }
      return ids;
    }

    long number(String field, long least) {
      JsonNode value = required(field);
      if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < least) {
        throw new InvalidEventException(
            name(field) + " must be a whole number of at least " + least + ", but is " + shown(value));
      }
      return value.longValue();
    }

    int count(String field) {
      long count = number(field, 0);
      if (count > Integer.MAX_VALUE) {
        throw new InvalidEventException(
            name(field) + " must be a whole number of at most " + Integer.MAX_VALUE + ", but is " + count);
      }
      return (int) count;
    }

    private JsonNode required(String field) {
      JsonNode value = node.get(field);
      if (value == null) {
        throw new InvalidEventException(name(field) + " is missing");
      }
      return value;
    }
  }
}
