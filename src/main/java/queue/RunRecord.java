package queue;

import com.fasterxml.jackson.databind.JsonNode;
import product.Json;

/**
 * What a queue was made for.
 *
 * @param command the index command
 * @param database the JDBC URL, without a password
 * @param listedAt when the ids were listed, in microseconds of the database's UTC clock
 * @param products how many ids were listed
 */
public record RunRecord(String command, String database, long listedAt, long products) {

  String json() {
    return Json.MAPPER.createObjectNode()
        .put("command", command)
        .put("database", database)
        .put("listedAt", listedAt)
        .put("products", products)
        .toPrettyString();
  }

  static RunRecord parse(String json) {
    JsonNode node = Json.parse(json);
    return new RunRecord(
        node.path("command").asText(), node.path("database").asText(), node.path("listedAt").asLong(), node.path("products").asLong());
  }
}
