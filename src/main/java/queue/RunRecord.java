package queue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import product.Json;

/**
 * What a queue was made for, and what must outlive the process that works on it. What is left and what failed is in
 * {@link IndexQueue#products}.
 *
 * @param command the index command
 * @param database the JDBC URL, without a password
 * @param productIds a digest of the ids that the run is limited to; empty if it is about all products
 * @param sweeps whether a sweep follows when every listed product is done
 * @param listedAt when the ids were listed, in microseconds of the database's UTC clock
 * @param products how many ids were listed
 * @param stage what the chunks are
 * @param present how many products the product data service had when the run began; {@link #UNKNOWN} until it was asked
 * @param deleted how many products this run has found missing in the database and had deleted, over all resumes
 */
public record RunRecord(
    String command,
    String database,
    String productIds,
    boolean sweeps,
    long listedAt,
    long products,
    Stage stage,
    long present,
    long deleted) {

  /** The number of products that the product data service had, before it was asked. */
  public static final long UNKNOWN = -1;

  /** The name of the record's file in the queue's folder. */
  static final String FILE = "run.json";

  /** What the chunks of a queue are. */
  public enum Stage {
    /** The products that were listed. */
    INDEX,
    /** The products of the product data service that were not. */
    SWEEP
  }

  /** The record of a run that is to begin; how many products it has the queue knows. */
  public static RunRecord of(String command, String database, String productIds, boolean sweeps, long listedAt) {
    return new RunRecord(command, database, productIds, sweeps, listedAt, 0, Stage.INDEX, UNKNOWN, 0);
  }

  /**
   * Reads the record of a queue, whoever works on it.
   *
   * @param queue the queue's folder
   * @return null if its ids are not listed yet
   * @throws QueueException if the record cannot be read
   */
  public static RunRecord read(Path queue) {
    Path file = queue.resolve(FILE);
    try {
      return Files.exists(queue.resolve(IndexQueue.CHUNKS)) ? parse(Files.readString(file)) : null;
    } catch (NoSuchFileException e) {
      // Its last chunk was settled just now, and its folder is about to go.
      if (!Files.exists(queue.resolve(IndexQueue.CHUNKS))) {
        return null;
      }
      throw unreadable(queue, e);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(queue, e);
    }
  }

  private static QueueException unreadable(Path queue, Exception e) {
    return new QueueException(
        "the record " + queue.resolve(FILE) + " cannot be read: delete " + queue + " and run the command again", e);
  }

  RunRecord withProducts(long listed) {
    return new RunRecord(command, database, productIds, sweeps, listedAt, listed, stage, present, deleted);
  }

  RunRecord withPresent(long count) {
    return new RunRecord(command, database, productIds, sweeps, listedAt, products, stage, count, deleted);
  }

  RunRecord withDeleted(long total) {
    return new RunRecord(command, database, productIds, sweeps, listedAt, products, stage, present, total);
  }

  RunRecord swept() {
    return new RunRecord(command, database, productIds, sweeps, listedAt, products, Stage.SWEEP, present, deleted);
  }

  /** Whether the sweep is still to be made. */
  public boolean sweepIsDue() {
    return sweeps && stage == Stage.INDEX;
  }

  String json() {
    return Json.MAPPER.createObjectNode()
        .put("command", command)
        .put("database", database)
        .put("productIds", productIds)
        .put("sweeps", sweeps)
        .put("listedAt", listedAt)
        .put("products", products)
        .put("stage", stage.name().toLowerCase(Locale.ROOT))
        .put("present", present)
        .put("deleted", deleted)
        .toPrettyString();
  }

  /**
   * @throws IllegalArgumentException if the text is no record
   */
  static RunRecord parse(String json) {
    JsonNode node = Json.parse(json);
    for (String field : new String[] {"listedAt", "products", "present", "deleted"}) {
      if (!node.path(field).canConvertToLong()) {
        throw new IllegalArgumentException("no number " + field);
      }
    }
    return new RunRecord(
        node.path("command").asText(),
        node.path("database").asText(),
        node.path("productIds").asText(),
        node.path("sweeps").asBoolean(),
        node.path("listedAt").longValue(),
        node.path("products").longValue(),
        Stage.valueOf(node.path("stage").asText().toUpperCase(Locale.ROOT)),
        node.path("present").longValue(),
        node.path("deleted").longValue());
  }
}
