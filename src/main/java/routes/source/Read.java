package routes.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import event.Limits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import routes.support.Reason;

/**
 * What a chunk's rows come to.
 *
 * @param readAt when they were read, in microseconds of the database's UTC clock
 * @param columns the names of the columns
 * @param products what was read
 * @param missing ids without a row, of which the database must be asked whether it still has them
 * @param living those of them that it still has
 * @param deleted those of them that it no longer has
 * @param strangers ids of rows that were not asked for
 * @param failed products that could not be read, and later those that were rejected
 */
public record Read(
    long readAt,
    Set<String> columns,
    List<Product> products,
    List<JsonNode> missing,
    List<JsonNode> living,
    List<String> deleted,
    List<String> strangers,
    List<Rejection> failed) {

  /** Nothing was read yet. */
  public Read(long readAt, Set<String> columns) {
    this(readAt, columns, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(),
        new ArrayList<>());
  }

  /** Whether the database must be asked whether it still has some ids. */
  public boolean isMissingSome() {
    return !missing.isEmpty();
  }

  /** The missing ids. */
  public Chunk missingIds() {
    return new Chunk(missing);
  }

  /** Whether some ids without a row are those of products that the database has. */
  public boolean isLivingSome() {
    return !living.isEmpty();
  }

  /** The ids without a row that the database still has. */
  public Chunk livingIds() {
    return new Chunk(living);
  }

  /**
   * Makes products of the rows of a chunk.
   *
   * @param columns the names of the columns, by which a product without a row gets its nulls
   */
  public static Read of(
      @Variable("chunk") Chunk chunk,
      @Variable("readAt") long readAt,
      @Header(JdbcConstants.JDBC_COLUMN_NAMES) Set<String> columns,
      @Body List<Map<String, Object>> rows) {
    Read read = new Read(readAt, columns);
    Map<String, JsonNode> asked = new LinkedHashMap<>();
    for (JsonNode id : chunk.ids()) {
      try {
        asked.put(Product.idText(id), id);
      } catch (IllegalArgumentException e) {
        read.failed().add(new Rejection(id.asText(), e.getMessage()));
      }
    }
    read.missing().addAll(take(read, asked.values(), rows));
    return read;
  }

  /** Takes the rows of some ids, and returns the ids that have none. */
  private static List<JsonNode> take(Read read, Collection<JsonNode> ids, List<Map<String, Object>> rows) {
    Map<String, List<Map<String, Object>>> byId = new HashMap<>();
    for (Map<String, Object> row : rows) {
      byId.computeIfAbsent(Rows.id(row).asText(), any -> new ArrayList<>(1)).add(row);
    }
    List<JsonNode> without = new ArrayList<>();
    for (JsonNode id : ids) {
      List<Map<String, Object>> found = byId.remove(id.asText());
      if (found == null) {
        without.add(id);
      } else if (found.size() > 1) {
        read.failed().add(new Rejection(id.asText(), "the SELECT gives " + found.size() + " rows for it: it must give one"));
      } else {
        add(read, id.asText(), found.get(0));
      }
    }
    read.strangers().addAll(byId.keySet());
    return without;
  }

  private static void add(Read read, String id, Map<String, Object> row) {
    try {
      Product product = Product.of(Rows.object(row));
      int bytes = product.bytes();
      if (bytes > Limits.PRODUCT_BYTES) {
        read.failed().add(
            new Rejection(id, "it has " + bytes + " bytes as JSON, but at most " + Limits.PRODUCT_BYTES + " can be sent"));
      } else {
        read.products().add(product);
      }
    } catch (IllegalArgumentException e) {
      read.failed().add(new Rejection(id, e.getMessage()));
    }
  }

  /**
   * Tells what is missing: a product that the database still lists was perhaps created just now, and is to be read again;
   * another is deleted.
   *
   * @param living rows with those of the missing ids that the database lists
   * @throws ConfigurationException if the rows of living products came under other ids
   */
  public static Read tellMissing(@Variable("read") Read read, @Body List<Map<String, Object>> living) {
    Set<String> alive = living.stream().map(row -> Rows.id(row).asText()).collect(Collectors.toSet());
    for (JsonNode id : read.missing()) {
      if (alive.contains(id.asText())) {
        read.living().add(id);
      } else {
        read.deleted().add(id.asText());
      }
    }
    if (read.isLivingSome() && !read.strangers().isEmpty()) {
      throw new ConfigurationException("the SELECT of the products gives the id '" + read.strangers().get(0)
          + "', which was not asked for, and nothing for '" + read.living().get(0).asText()
          + "': both SELECTs must give a product the same id");
    }
    return read;
  }

  /**
   * Takes the rows of living products that had none before; one that still has none gets nulls for the attributes of the
   * group. All of it counts as read when the chunk was, which was earlier.
   */
  public static Read readAgain(@Variable("read") Read read, @Body List<Map<String, Object>> rows) {
    for (JsonNode id : take(read, read.living(), rows)) {
      read.products().add(nulls(id, read.columns()));
    }
    return read;
  }

  /** What is to be said of the one product of a chunk whose row the database refuses to give. */
  public static Read unreadable(@Variable("chunk") Chunk chunk, Exchange failed) {
    Read read = new Read(0, Set.of());
    String reason = Reason.of(failed.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class));
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
    boolean oneUnread = left.readAt() == 0 || right.readAt() == 0;
    long oldest = oneUnread ? Math.max(left.readAt(), right.readAt()) : Math.min(left.readAt(), right.readAt());
    Read read = new Read(oldest, left.columns());
    for (Read each : List.of(left, right)) {
      read.products().addAll(each.products());
      read.deleted().addAll(each.deleted());
      read.failed().addAll(each.failed());
    }
    joined.getMessage().setBody(read);
    return joined;
  }

  private static Product nulls(JsonNode id, Set<String> columns) {
    ObjectNode product = Json.MAPPER.createObjectNode();
    columns.forEach(column -> product.putNull(Rows.attribute(column)));
    product.set("id", id);
    return Product.of(product);
  }
}
