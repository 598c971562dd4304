package routes.support;

import com.fasterxml.jackson.databind.JsonNode;
import files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import product.Json;

/**
 * Why a run could not go on, and when. It lies beside the run's queue and goes with it, so that whoever looks at the queue
 * learns it though the indexer is gone. A run that was killed leaves none. Immutable.
 *
 * @param at when, to the second
 * @param reason for the operator
 */
public record Stop(Instant at, String reason) {

  private static final Logger LOG = LoggerFactory.getLogger(Stop.class);
  private static final String FILE = "stopped.json";

  /** Keeps a reason beside the queue of a process, which must be its own; does nothing where it has none, or the disk refuses. */
  public static void keep(CamelContext context, String reason) {
    String id = Settings.find(context, "queue.id").orElse("");
    Path queue = Path.of(Settings.find(context, "kv.folder").orElse(""), "queue", id);
    if (!id.isEmpty() && Files.isDirectory(queue)) {
      try {
        DurableFiles.write(queue.resolve(FILE), Json.write(Json.MAPPER.createObjectNode()
            .put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()).put("reason", reason)));
      } catch (IOException e) {
        LOG.debug("The reason cannot be kept beside the queue", e);
      }
    }
  }

  /**
   * The latest reason of a queue.
   *
   * @param queue the queue's folder
   * @return empty if there is none, or it can't be read
   */
  static Optional<Stop> of(Path queue) {
    try {
      JsonNode json = Json.parse(Files.readString(queue.resolve(FILE)));
      return Optional.of(new Stop(Instant.parse(json.path("at").asText()), json.path("reason").asText()));
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
