package routes.indexer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import event.AckEvent;
import event.EventCodec;
import event.Limits;
import event.UpdateEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Variable;
import org.apache.camel.component.jdbc.JdbcConstants;
import product.Json;
import product.Product;
import product.Rejection;
import queue.Chunk;
import routes.support.ConfigurationException;

/** The Message Translator from rows to UPDATE events. Thread safe. */
public class Updates {

  private final String queueId;
  private final List<String> tags;

  /**
   * @param queueId of the run
   * @param tags the attribute groups that the rows hold
   */
  public Updates(String queueId, List<String> tags) {
    this.queueId = queueId;
    this.tags = tags;
  }

  /**
   * What a chunk's rows come to.
   *
   * @param readAt when they were read, in microseconds of the database's UTC clock
   * @param columns the names of the columns
   * @param products what was read
   * @param missing ids without a row, of which the database must be asked whether it still has them
   * @param deleted ids that it no longer has
   * @param failed products that could not be read, and later those that were rejected
   */
  public record Read(
      long readAt,
      Set<String> columns,
      List<Product> products,
      List<JsonNode> missing,
      List<String> deleted,
      List<Rejection> failed) {

    Read(long readAt, Set<String> columns) {
      this(readAt, columns, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    /** Whether the database must be asked about some ids. */
    public boolean isMissingSome() {
      return !missing.isEmpty();
    }

    /** The missing ids as a JDBC parameter. */
    public Object[] missingIds() {
      return new Chunk(missing).parameter();
    }
  }

  /**
   * Makes products of the rows of a chunk.
   *
   * @param columns the names of the columns, by which a product without a row gets its nulls
   */
  public Read read(
      @Variable("chunk") Chunk chunk,
      @Variable("readAt") long readAt,
      @Header(JdbcConstants.JDBC_COLUMN_NAMES) Set<String> columns,
      @Body List<Map<String, Object>> rows) {
    Map<String, List<Map<String, Object>>> byId = new HashMap<>();
    for (Map<String, Object> row : rows) {
      byId.computeIfAbsent(Product.idText(Rows.id(row)), any -> new ArrayList<>(1)).add(row);
    }
    Read read = new Read(readAt, columns);
    Map<String, JsonNode> asked = new LinkedHashMap<>();
    chunk.ids().forEach(id -> asked.put(id.asText(), id));
    for (JsonNode id : asked.values()) {
      List<Map<String, Object>> found = byId.containsKey(id.asText()) ? byId.remove(id.asText()) : List.of();
      if (found.isEmpty()) {
        read.missing().add(id);
      } else if (found.size() > 1) {
        read.failed().add(new Rejection(id.asText(), "the SELECT gives " + found.size() + " rows for it: it must give one"));
      } else {
        add(read, id.asText(), found.get(0));
      }
    }
    if (!byId.isEmpty()) {
      throw new ConfigurationException("the SELECT of " + String.join(", ", tags) + " gives the id '" + byId.keySet().iterator().next()
          + "', which was not asked for: both SELECTs must give a product the same id");
    }
    return read;
  }

  private static void add(Read read, String id, Map<String, Object> row) {
    try {
      Product product = Product.of(Rows.object(row));
      int bytes = product.bytes();
      if (bytes > Limits.PRODUCT_BYTES) {
        read.failed().add(new Rejection(id, "it has " + bytes + " bytes as JSON, but at most " + Limits.PRODUCT_BYTES + " can be sent"));
      } else {
        read.products().add(product);
      }
    } catch (IllegalArgumentException e) {
      read.failed().add(new Rejection(id, e.getMessage()));
    }
  }

  /**
   * Tells what is missing: a product that the database still lists gets nulls for the attributes of the group; another is
   * deleted.
   *
   * @param living rows with those of the missing ids that the database lists
   */
  public Read tellMissing(@Variable("read") Read read, @Body List<Map<String, Object>> living) {
    Set<String> alive = living.stream().map(row -> Product.idText(Rows.id(row))).collect(Collectors.toSet());
    for (JsonNode id : read.missing()) {
      if (alive.contains(id.asText())) {
        read.products().add(nulls(id, read.columns()));
      } else {
        read.deleted().add(id.asText());
      }
    }
    return read;
  }

  /** What is to be said of the one product of a chunk whose row the database refuses to give. */
  public Read unreadable(@Variable("chunk") Chunk chunk, Exchange failed) {
    Read read = new Read(0, Set.of());
    String reason = Failures.reason(failed.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class));
    chunk.ids().forEach(id -> read.failed().add(new Rejection(id.asText(), "its row cannot be read: " + reason)));
    return read;
  }

  /**
   * Aggregation Strategy: joins what was read product by product. It is as old as its oldest part.
   *
   * @param joined what was joined so far; null at first
   */
  public static Exchange join(Exchange joined, Exchange next) {
    if (joined == null) {
      return next;
    }
    Read left = joined.getMessage().getBody(Read.class);
    Read right = next.getMessage().getBody(Read.class);
    long oldest = left.readAt() == 0 || right.readAt() == 0 ? Math.max(left.readAt(), right.readAt()) : Math.min(left.readAt(), right.readAt());
    Read read = new Read(oldest, left.columns());
    for (Read each : List.of(left, right)) {
      read.products().addAll(each.products());
      read.deleted().addAll(each.deleted());
      read.failed().addAll(each.failed());
    }
    joined.getMessage().setBody(read);
    return joined;
  }

  /** The events that carry what was read, none of them larger than an event may be. */
  public List<UpdateEvent> events(@Body Read read) {
    List<UpdateEvent> events = new ArrayList<>();
    for (List<Product> part : Limits.split(read.products(), Function.identity())) {
      events.add(new UpdateEvent(EventCodec.newId(), queueId, tags, read.readAt(), part, List.of()));
    }
    if (!read.deleted().isEmpty()) {
      events.add(new UpdateEvent(EventCodec.newId(), queueId, tags, read.readAt(), List.of(), read.deleted()));
    }
    return events;
  }

  /** Adds what the product data service rejected to what failed. */
  public void takeRejected(@Variable("read") Read read, @Body AckEvent ack) {
    read.failed().addAll(ack.rejected());
  }

  private static Product nulls(JsonNode id, Set<String> columns) {
    ObjectNode product = Json.MAPPER.createObjectNode();
    columns.forEach(column -> product.putNull(Rows.attribute(column)));
    product.set("id", id);
    return Product.of(product);
  }

  /** An update of nothing, by whose acknowledgement one sees that the product data service is there. */
  public UpdateEvent greeting() {
    return new UpdateEvent(EventCodec.newId(), queueId, tags, 1, List.of(), List.of());
  }
}
