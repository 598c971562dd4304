package queue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import product.Json;
import product.Rejection;

/**
 * Some ids of a queue, in the database's own type: what one file holds. A file of products that failed is a chunk too, with
 * the reasons beside the ids, so that it need only be moved back to be tried again.
 *
 * @param ids numbers or texts, all alike, but for texts that can't be an id of the database
 */
public record Chunk(List<JsonNode> ids) {

  /** As the file has it. */
  public String json() {
    ObjectNode chunk = Json.MAPPER.createObjectNode();
    chunk.putArray("ids").addAll(ids);
    return Json.write(chunk);
  }

  /**
   * The text of a file of products that failed.
   *
   * @param failed which and why; each one of this chunk
   */
  public String failedJson(List<Rejection> failed) {
    ObjectNode chunk = Json.MAPPER.createObjectNode();
    var array = chunk.putArray("ids");
    ObjectNode reasons = chunk.putObject("reasons");
    for (JsonNode id : ids) {
      failed.stream().filter(each -> each.id().equals(id.asText())).findFirst().ifPresent(each -> {
        array.add(id);
        reasons.put(each.id(), each.reason());
      });
    }
    return chunk.toPrettyString();
  }

  /**
   * Reads which products of a file failed, and why; what {@link #failedJson} wrote.
   *
   * @throws QueueException if it is not such a text
   */
  static List<Rejection> failures(String json) {
    try {
      List<Rejection> failures = new ArrayList<>();
      Json.parse(json).path("reasons").properties()
          .forEach(reason -> failures.add(new Rejection(reason.getKey(), reason.getValue().asText())));
      return failures;
    } catch (IllegalArgumentException e) {
      throw new QueueException("not a chunk of failed products: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a file.
   *
   * @throws QueueException if it is not a chunk
   */
  public static Chunk parse(String json) {
    List<JsonNode> ids = new ArrayList<>();
    try {
      for (JsonNode id : Json.parse(json).path("ids")) {
        if (!id.isNumber() && !id.isTextual()) {
          throw new QueueException("not a chunk of ids: it holds " + id);
        }
        ids.add(id);
      }
    } catch (IllegalArgumentException e) {
      throw new QueueException("not a chunk of ids: " + e.getMessage(), e);
    }
    if (ids.isEmpty()) {
      throw new QueueException("not a chunk of ids: it has none");
    }
    return new Chunk(ids);
  }

  public int size() {
    return ids.size();
  }

  /** A chunk for each id. */
  public List<Chunk> singles() {
    return ids.stream().map(id -> new Chunk(List.of(id))).toList();
  }

  /**
   * The ids as a JDBC parameter: an array of the one type that a driver sends as the database's (a list, or an array of
   * objects, fails on PostgreSQL).
   */
  public Object[] parameter() {
    if (ids.stream().allMatch(JsonNode::canConvertToLong) && ids.stream().allMatch(JsonNode::isIntegralNumber)) {
      return ids.stream().map(JsonNode::longValue).toArray(Long[]::new);
    }
    if (ids.stream().allMatch(JsonNode::isNumber)) {
      return ids.stream().map(JsonNode::decimalValue).toArray(BigDecimal[]::new);
    }
    return ids.stream().map(JsonNode::asText).toArray(String[]::new);
  }
}
