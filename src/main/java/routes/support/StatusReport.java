package routes.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import product.Json;
import queue.QueueStatus;

/**
 * How things are: what {@code GET /status} answers, and {@code -Pstatus} puts together from several answers. Immutable.
 *
 * @param queues the runs of indexers on this machine
 * @param products the product store; null where the product data service isn't
 * @param indexes in the order of their names
 */
public record StatusReport(List<QueueStatus> queues, Products products, List<Index> indexes) {

  /**
   * The product store.
   *
   * @param count products, deleted ones not counted
   * @param sequence number of the latest change
   * @param epoch of the store
   * @param rate changes in a second, over the last seconds
   */
  public record Products(long count, long sequence, String epoch, long rate) {}

  /**
   * An index.
   *
   * @param checkpoint up to which sequence number it is complete
   * @param lag how many sequence numbers it is behind the product store, or behind what it has heard of
   * @param rate sequence numbers in a second, over the last seconds
   */
  public record Index(String name, long documents, long checkpoint, long lag, long rate) {}

  /**
   * Seconds until everything is visible in every index of this report, at the rates of the last seconds. An index has to
   * take what is left in the queues too, so the slowest part decides.
   *
   * @return empty if nothing is under way, or it can't be told yet: ids are still being listed, or nothing moves
   */
  public OptionalLong secondsLeft() {
    if (queues.stream().anyMatch(queue -> queue.stage() == QueueStatus.Stage.LISTING)) {
      return OptionalLong.empty();
    }
    long queued = queues.stream().filter(QueueStatus::running).mapToLong(QueueStatus::remaining).sum();
    List<double[]> workAndRates = new ArrayList<>();
    if (products != null) {
      workAndRates.add(new double[] {queued, products.rate()});
    }
    indexes.forEach(index -> workAndRates.add(new double[] {(double) queued + index.lag(), index.rate()}));
    double seconds = 0;
    for (double[] each : workAndRates) {
      if (each[0] > 0 && each[1] <= 0) {
        return OptionalLong.empty();
      }
      seconds = each[0] > 0 ? Math.max(seconds, each[0] / each[1]) : seconds;
    }
    return seconds == 0 ? OptionalLong.empty() : OptionalLong.of((long) Math.ceil(seconds));
  }

  /** The answer to {@code GET /status}; what is not known is left out. */
  public String json() {
    ObjectNode status = Json.MAPPER.createObjectNode();
    ArrayNode queueArray = status.putArray("queues");
    for (QueueStatus queue : queues) {
      ObjectNode object = queueArray.addObject().put("id", queue.id());
      if (queue.command() != null) {
        object.put("command", queue.command());
      }
      object.put("stage", queue.stage().name().toLowerCase(Locale.ROOT)).put("remaining", queue.remaining()).put("failed", queue.failed());
      if (queue.total() != null) {
        object.put("total", queue.total());
      }
    }
    if (products != null) {
      status.putObject("products").put("count", products.count()).put("sequence", products.sequence())
          .put("epoch", products.epoch()).put("rate", products.rate());
    }
    ArrayNode indexArray = status.putArray("indexes");
    for (Index index : indexes) {
      indexArray.addObject().put("name", index.name()).put("documents", index.documents())
          .put("checkpoint", index.checkpoint()).put("lag", index.lag()).put("rate", index.rate());
    }
    secondsLeft().ifPresent(seconds -> status.put("secondsLeft", seconds));
    return Json.write(status);
  }

  /**
   * Products and indexes of an answer to {@code GET /status}; its queues are left out, because whoever asks several
   * processes reads them from their files.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static StatusReport parse(String json) {
    JsonNode status = Json.parse(json);
    if (!status.path("indexes").isArray()) {
      throw new IllegalArgumentException("not a status");
    }
    JsonNode store = status.get("products");
    Products products = store == null ? null : new Products(
        store.path("count").asLong(), store.path("sequence").asLong(), store.path("epoch").asText(), store.path("rate").asLong());
    List<Index> indexes = new ArrayList<>();
    for (JsonNode index : status.path("indexes")) {
      indexes.add(new Index(index.path("name").asText(), index.path("documents").asLong(), index.path("checkpoint").asLong(),
          index.path("lag").asLong(), index.path("rate").asLong()));
    }
    return new StatusReport(List.of(), products, indexes);
  }
}
