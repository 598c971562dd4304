package benchmark;

import endtoend.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * The source database: the sample, as large as asked for. Its last product with a price gets a name and a price before every
 * run that no run had before, so that a search tells whether this very run has arrived. Closed again after each change, so
 * that an indexer has the database to itself.
 */
final class Shop {

  /**
   * What the last product was changed to.
   *
   * @param id of the product
   * @param word in its name, and in no other
   * @param price of it, and of no other
   */
  record Mark(String id, String word, BigDecimal price) {}

  private static final int UNLIKE_ANY_PRICE = 5_000_000;

  private final String url;
  private final int products;
  private final int last;
  private int marks;
  private Mark mark;

  /** Creates the database in a folder. */
  Shop(Path folder, int products) throws SQLException {
    this.products = products;
    url = "jdbc:h2:file:" + folder.toAbsolutePath().resolve("shop") + ";AUTO_SERVER=TRUE";
    try (Source source = new Source(url);
        InputStream sql = Shop.class.getResourceAsStream("/sql/sample.sql")) {
      String sample = new String(sql.readAllBytes(), StandardCharsets.UTF_8);
      source.execute(sample.replace("${sample.products}", Integer.toString(products)));
      last = source.rows("select max(product_id) as id from sample.price").values().iterator().next().path("id").intValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    mark();
  }

  String url() {
    return url;
  }

  /** How many products it has. */
  int products() {
    return products;
  }

  /** What the last product was changed to last. */
  Mark lastMark() {
    return mark;
  }

  /** Gives the last product another name and another price. */
  Mark mark() throws SQLException {
    marks++;
    // Words with a digit are neither taken for typos of each other nor, of one length, for beginnings.
    mark = new Mark(Integer.toString(last), String.format("mark%06d", marks), price());
    change("update sample.product set name = ? where id = ?", "Product " + mark.word());
    change("update sample.price set amount = ? where product_id = ?", mark.price());
    return mark;
  }

  /** Gives the last product another price only. */
  Mark markPrice() throws SQLException {
    marks++;
    mark = new Mark(mark.id(), mark.word(), price());
    change("update sample.price set amount = ? where product_id = ?", mark.price());
    return mark;
  }

  private BigDecimal price() {
    return BigDecimal.valueOf(UNLIKE_ANY_PRICE + marks).setScale(2);
  }

  private void change(String sql, Object value) throws SQLException {
    try (Source source = new Source(url)) {
      if (source.update(sql, value, last) != 1) {
        throw new IllegalStateException("the sample lacks the product " + last);
      }
    }
  }
}
