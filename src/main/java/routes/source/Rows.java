package routes.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import product.Json;
import queue.Chunk;
import routes.support.ConfigurationException;

/**
 * Rows to JSON: column names in lower case, NULL as JSON null, exact decimals as they are, times in ISO 8601. Pure functions.
 */
public final class Rows {

  private static final JsonNodeFactory JSON = Json.MAPPER.getNodeFactory();

  private Rows() {}

  /**
   * @throws IllegalArgumentException if a column has a type that can't be sent
   */
  public static ObjectNode object(Map<String, Object> row) {
    ObjectNode object = JSON.objectNode();
    row.forEach((column, value) -> object.set(attribute(column), value(column, value)));
    return object;
  }

  /** The name of a column's attribute. */
  public static String attribute(String column) {
    return column.toLowerCase(Locale.ROOT);
  }

  /**
   * The value of the column {@code id}, which may be too short or too long for an id.
   *
   * @throws ConfigurationException if there is none, or it is NULL or neither number nor text
   */
  public static JsonNode id(Map<String, Object> row) {
    for (Map.Entry<String, Object> entry : row.entrySet()) {
      if (attribute(entry.getKey()).equals("id")) {
        JsonNode id = idValue(entry.getValue());
        if (!id.isNumber() && !id.isTextual()) {
          throw new ConfigurationException(
              "a row of the source database has a bad id: it must be a number or a text, but is " + id.getNodeType());
        }
        return id;
      }
    }
    throw new ConfigurationException("every SELECT must have a column id, but one has only " + row.keySet());
  }

  private static JsonNode idValue(Object id) {
    try {
      return value("id", id);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("a row of the source database has a bad id: " + e.getMessage(), e);
    }
  }

  /** The ids of rows, as a chunk. */
  public static Chunk chunk(List<Map<String, Object>> rows) {
    return new Chunk(rows.stream().map(Rows::id).toList());
  }

  private static JsonNode value(String column, Object value) {
    if (value == null) {
      return JSON.nullNode();
    } else if (value instanceof String text) {
      return JSON.textNode(text);
    } else if (value instanceof BigDecimal number) {
      return JSON.numberNode(number);
    } else if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
      return JSON.numberNode(((Number) value).longValue());
    } else if (value instanceof BigInteger number) {
      return JSON.numberNode(number);
    } else if ((value instanceof Double || value instanceof Float) && Double.isFinite(((Number) value).doubleValue())) {
      return JSON.numberNode(new BigDecimal(value.toString()));
    } else if (value instanceof Boolean flag) {
      return JSON.booleanNode(flag);
    } else if (value instanceof Timestamp time) {
      return JSON.textNode(time.toInstant().toString());
    } else if (value instanceof LocalDateTime time) {
      return JSON.textNode(DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time));
    } else if (value instanceof Temporal || value instanceof Date || value instanceof Time || value instanceof UUID) {
      return JSON.textNode(value.toString());
    }
    throw new IllegalArgumentException("column " + column + " has the type " + value.getClass().getName()
        + ", which cannot be sent: cast it to a text in the SQL");
  }

  /**
   * The time that a query for the database's clock gave, in microseconds of UTC.
   *
   * @throws IllegalArgumentException if it is no time
   */
  public static long microseconds(Object clock) {
    Instant time;
    if (clock instanceof OffsetDateTime offset) {
      time = offset.withOffsetSameInstant(ZoneOffset.UTC).toInstant();
    } else if (clock instanceof Timestamp timestamp) {
      time = timestamp.toInstant();
    } else {
      throw new IllegalArgumentException("source.clock-sql must select a timestamp with time zone, but gave " + clock);
    }
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
