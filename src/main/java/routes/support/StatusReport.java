package routes.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import product.Json;
import queue.QueueStatus;
import search.Generations.Progress;
import search.Generations.State;

/**
 * How things are: what {@code GET /status} answers, and {@code -Pstatus} puts together from several answers. Immutable.
 *
 * @param queues the runs of indexers on this machine
 * @param broker the broker as this process sees it; null where that needs none, and in what is put together
 * @param products the product store; null where the product data service isn't
 * @param indexes in the order of their names
 * @param stops why runs could not go on, by the ids of those of the queues that were interrupted
 */
public record StatusReport(
    List<QueueStatus> queues, Broker broker, Products products, List<Index> indexes, Map<String, Stop> stops) {

  /** A report that does not know why runs could not go on. */
  public StatusReport(List<QueueStatus> queues, Broker broker, Products products, List<Index> indexes) {
    this(queues, broker, products, indexes, Map.of());
  }

  /**
   * The broker.
   *
   * @param address where it listens
   * @param connected whether the connection to it stands
   */
  public record Broker(String address, boolean connected) {}

  /**
   * What an index keeps of products: its settings.
   *
   * @param document the class that says so, the property {@code <index>.document}
   * @param facets further attributes, the property {@code <index>.facets}
   */
  public record Kept(String document, List<String> facets) {}

  /**
   * The product store.
   *
   * @param count products, deleted ones not counted
   * @param sequence number of the latest change
   * @param epoch of the store
   * @param rate changes in a second, over the last seconds
   * @param folder of all state of its process, as an absolute path
   */
  public record Products(long count, long sequence, String epoch, long rate, String folder) {}

  /**
   * An index.
   *
   * @param checkpoint up to which sequence number it is complete
   * @param lag how many sequence numbers it is behind the product store, or behind what it has heard of
   * @param rate sequence numbers in a second, over the last seconds
   * @param state its generations
   * @param kept its settings; null if it does not say
   */
  public record Index(String name, long documents, long checkpoint, long lag, long rate, State state, Kept kept) {

    /** The same with another lag. */
    public Index withLag(long other) {
      return new Index(name, documents, checkpoint, other, rate, state, kept);
    }

    private ObjectNode json() {
      ObjectNode json = Json.MAPPER.createObjectNode().put("name", name).put("documents", documents)
          .put("checkpoint", checkpoint).put("lag", lag).put("rate", rate).put("generation", state.generation());
      if (state.previous() != null) {
        json.put("previousGeneration", state.previous());
      }
      if (state.progress() != null) {
        Progress progress = state.progress();
        json.putObject("rebuild").put("generation", progress.generation()).put("rollback", progress.rollback())
            .put("checkpoint", progress.checkpoint()).put("target", progress.target());
      }
      if (!state.failure().isEmpty()) {
        json.put("rebuildFailure", state.failure());
      }
      if (kept != null) {
        ArrayNode facets = json.put("document", kept.document()).putArray("facets");
        kept.facets().forEach(facets::add);
      }
      return json;
    }

    private static Index of(JsonNode json) {
      JsonNode rebuild = json.get("rebuild");
      Progress progress = rebuild == null ? null : new Progress(rebuild.path("generation").asInt(), rebuild.path("rollback").asBoolean(),
          rebuild.path("checkpoint").asLong(), rebuild.path("target").asLong());
      Integer previous = json.has("previousGeneration") ? json.get("previousGeneration").asInt() : null;
      return new Index(json.path("name").asText(), json.path("documents").asLong(), json.path("checkpoint").asLong(),
          json.path("lag").asLong(), json.path("rate").asLong(),
          new State(json.path("generation").asInt(), previous, progress, json.path("rebuildFailure").asText()), kept(json));
    }

    private static Kept kept(JsonNode json) {
      List<String> facets = new ArrayList<>();
      json.path("facets").forEach(facet -> facets.add(facet.asText()));
      return json.has("document") ? new Kept(json.get("document").asText(), facets) : null;
    }
  }

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
      Stop stop = stops.get(queue.id());
      if (stop != null) {
        object.putObject("stopped").put("at", stop.at().toString()).put("reason", stop.reason());
      }
    }
    if (broker != null) {
      status.putObject("broker").put("address", broker.address()).put("connected", broker.connected());
    }
    if (products != null) {
      status.putObject("products").put("count", products.count()).put("sequence", products.sequence())
          .put("epoch", products.epoch()).put("rate", products.rate()).put("folder", products.folder());
    }
    ArrayNode indexArray = status.putArray("indexes");
    indexes.forEach(index -> indexArray.add(index.json()));
    secondsLeft().ifPresent(seconds -> status.put("secondsLeft", seconds));
    return Json.write(status);
  }

  /**
   * Broker, products and indexes of an answer to {@code GET /status}; its queues are left out, because whoever asks several
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
        store.path("count").asLong(), store.path("sequence").asLong(), store.path("epoch").asText(), store.path("rate").asLong(),
        store.path("folder").asText());
    List<Index> indexes = new ArrayList<>();
    status.path("indexes").forEach(index -> indexes.add(Index.of(index)));
    JsonNode link = status.get("broker");
    Broker broker = link == null ? null : new Broker(link.path("address").asText(), link.path("connected").asBoolean());
    return new StatusReport(List.of(), broker, products, indexes);
  }
}
