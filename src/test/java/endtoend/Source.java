package endtoend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The legacy system's side: somebody else's connection to the source database. */
public final class Source implements AutoCloseable {

  private final Connection connection;

  public Source(String url) throws SQLException {
    this(url, "sa");
  }

  Source(String url, String user) throws SQLException {
    connection = DriverManager.getConnection(url, user, "");
  }

  Connection connection() {
    return connection;
  }

  /** Runs statements, separated by semicolons. */
  public void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs a statement with parameters, and returns how many rows it changed. */
  public int update(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement.executeUpdate();
    }
  }

  /** The rows of a query with columns of numbers and texts, as JSON objects by the text of their column {@code id}. */
  public Map<String, ObjectNode> rows(String query) throws SQLException {
    Map<String, ObjectNode> rows = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      ResultSetMetaData columns = result.getMetaData();
      while (result.next()) {
        ObjectNode row = Backend.JSON.createObjectNode();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          put(row, columns.getColumnLabel(i).toLowerCase(Locale.ROOT), result.getObject(i));
        }
        rows.put(row.path("id").asText(), row);
      }
    }
    return rows;
  }

  /** Every product of the sample database by its id, as it should be served. */
  Map<String, ObjectNode> products() throws SQLException {
    return rows("""
        select p.id, p.name, p.brand, p.colour, d.text as description, c.amount as price, c.currency
        from sample.product p
        left join sample.description d on d.product_id = p.id
        left join sample.price c on c.product_id = p.id
        order by p.id""");
  }

  private static void put(ObjectNode row, String name, Object value) {
    if (value == null) {
      row.putNull(name);
    } else if (value instanceof BigDecimal number) {
      row.put(name, number);
    } else if (value instanceof Integer number) {
      row.put(name, number);
    } else if (value instanceof Long number) {
      row.put(name, number);
    } else if (value instanceof String text) {
      row.put(name, text);
    } else {
      throw new AssertionError("a test does not expect " + value.getClass() + " in " + name);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
