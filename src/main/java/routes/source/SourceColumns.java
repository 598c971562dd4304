package routes.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.Body;
import product.Product;
import queue.Chunk;

/**
 * What the database says of the columns of the two SELECTs: the type of the ids, by which a text that names a product is
 * turned into what the database compares with, and which times have no zone. Asked for once, when it is needed. Thread safe.
 */
public class SourceColumns {

  /** A number that is not larger written out than as a text. */
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,400}(\\.\\d{1,400})?(E[+-]?\\d{1,3})?");

  private static final Map<Integer, List<Long>> INTEGERS = Map.of(
      Types.TINYINT, List.of((long) Byte.MIN_VALUE, 255L),
      Types.SMALLINT, List.of((long) Short.MIN_VALUE, (long) Short.MAX_VALUE),
      Types.INTEGER, List.of((long) Integer.MIN_VALUE, (long) Integer.MAX_VALUE),
      Types.BIGINT, List.of(Long.MIN_VALUE, Long.MAX_VALUE));
  private static final Set<Integer> DECIMALS = Set.of(Types.DECIMAL, Types.NUMERIC, Types.DOUBLE, Types.FLOAT, Types.REAL);

  private final DataSource source;
  private final SourceSql sql;
  private volatile Integer idType;
  private volatile Set<String> timesWithoutZone;

  public SourceColumns(DataSource source, SourceSql sql) {
    this.source = source;
    this.sql = sql;
  }

  /**
   * A chunk of products that are named by texts. A text that no id of the database has stays one.
   *
   * @throws SQLException if the database refuses to tell its type
   */
  public Chunk chunk(@Body List<String> ids) throws SQLException {
    boolean numbers = hasNumbers();
    return new Chunk(ids.stream().map(id -> numbers ? number(id) : TextNode.valueOf(id)).toList());
  }

  private static JsonNode number(String id) {
    if (NUMBER.matcher(id).matches()) {
      JsonNode number = node(new BigDecimal(id));
      // 007 is not the product 7.
      return number.asText().equals(id) ? number : TextNode.valueOf(id);
    }
    return TextNode.valueOf(id);
  }

  private static JsonNode node(BigDecimal number) {
    if (number.scale() != 0) {
      return DecimalNode.valueOf(number);
    }
    BigInteger whole = number.toBigInteger();
    return whole.bitLength() < Long.SIZE ? LongNode.valueOf(whole.longValue()) : BigIntegerNode.valueOf(whole);
  }

  /**
   * Ids as a JDBC parameter, without those that the database can't have: it would refuse the whole query for one of them.
   *
   * @throws SQLException if the database refuses to tell its type
   */
  public Object[] parameter(@Body Chunk chunk) throws SQLException {
    if (!hasNumbers()) {
      return chunk.ids().stream().map(JsonNode::asText).filter(SourceColumns::isSendable).toArray(String[]::new);
    }
    List<Long> range = INTEGERS.get(idType);
    return new Chunk(chunk.ids().stream().filter(id -> isWithin(id, range)).toList()).parameter();
  }

  private static boolean isWithin(JsonNode id, List<Long> range) {
    return range == null
        ? id.isNumber()
        : id.isIntegralNumber() && id.canConvertToLong() && range.get(0) <= id.longValue() && id.longValue() <= range.get(1);
  }

  private static boolean isSendable(String id) {
    return !id.isEmpty() && id.length() <= Product.ID_CHARACTERS;
  }

  private boolean hasNumbers() throws SQLException {
    if (idType == null) {
      idType = columns(sql.idTypeSql(), columns -> columns.getColumnType(1));
    }
    return INTEGERS.containsKey(idType) || DECIMALS.contains(idType);
  }

  /**
   * Frees times without zone of the zone of this JVM, which JDBC gives them.
   *
   * @param rows of the attribute group
   * @return the same
   * @throws SQLException if the database refuses to tell the types of the columns
   */
  public List<Map<String, Object>> withoutZones(@Body List<Map<String, Object>> rows) throws SQLException {
    if (timesWithoutZone == null) {
      timesWithoutZone = columns(sql.groupTypesSql(), SourceColumns::timesWithoutZone);
    }
    for (String column : timesWithoutZone) {
      rows.forEach(row -> row.computeIfPresent(column, (name, time) -> time instanceof Timestamp t ? t.toLocalDateTime() : time));
    }
    return rows;
  }

  /** Types.TIMESTAMP alone does not say: PostgreSQL has it for both. */
  private static Set<String> timesWithoutZone(ResultSetMetaData columns) throws SQLException {
    Set<String> names = new HashSet<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String type = columns.getColumnTypeName(i).toLowerCase(Locale.ROOT);
      if (columns.getColumnType(i) == Types.TIMESTAMP && !type.contains("timestamptz") && !type.contains("with time zone")) {
        names.add(columns.getColumnLabel(i));
      }
    }
    return names;
  }

  private interface Asking<T> {
    T of(ResultSetMetaData columns) throws SQLException;
  }

  private <T> T columns(String query, Asking<T> asking) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet none = statement.executeQuery(query)) {
      return asking.of(none.getMetaData());
    }
  }
}
