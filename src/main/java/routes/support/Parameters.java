package routes.support;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/** The query parameters of a request, each checked as it is read. Read from the query alone, which headers can't forge. */
public final class Parameters {

  private static final int MAX_PARAMETERS = 100;

  private final Map<String, List<String>> values;

  private Parameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /**
   * @throws RestException with status 400 if the query cannot be read
   */
  public static Parameters of(Exchange request) {
    String query = request.getMessage().getHeader(Exchange.HTTP_RAW_QUERY, String.class);
    if (query == null) {
      query = request.getMessage().getHeader(Exchange.HTTP_QUERY, "", String.class);
    }
    try {
      return new Parameters(new QueryStringDecoder(query, StandardCharsets.UTF_8, false, MAX_PARAMETERS, true).parameters());
    } catch (IllegalArgumentException e) {
      throw RestException.badRequest("the query cannot be read: " + e.getMessage());
    }
  }

  /**
   * The id that stands in the path.
   *
   * @throws RestException with status 400 if the query or a header has one too
   */
  public static String id(Exchange request) {
    if (request.getMessage().getHeader("id") instanceof String id) {
      return id;
    }
    throw RestException.badRequest("id is given more than once: it stands in the path alone, not in the query or a header");
  }

  /** A text; {@code absent} if it is not given. */
  public String text(String name, String absent, int maxCharacters) {
    List<String> given = values.get(name);
    if (given == null) {
      return absent;
    }
    if (given.size() > 1) {
      throw RestException.badRequest(name + " is given more than once");
    }
    String text = given.get(0);
    if (text.length() > maxCharacters) {
      throw RestException.badRequest(name + " must have at most " + maxCharacters + " characters, but has " + text.length());
    }
    return text;
  }

  /** A whole number within bounds; {@code absent} if it is not given. */
  public long number(String name, long absent, long min, long max) {
    String text = text(name, Long.toString(absent), 40);
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, with what it should be.
    }
    throw RestException.badRequest(name + " must be a whole number from " + min + " to " + max + ", but is '" + text + "'");
  }

  /** A decimal number that is not negative; null if it is not given. */
  public BigDecimal decimal(String name) {
    String text = text(name, null, 40);
    if (text == null) {
      return null;
    }
    // Written out: BigDecimal would also take 1e999999999.
    if (!text.matches("\\d{1,20}(\\.\\d{1,18})?")) {
      throw RestException.badRequest(name + " must be a number such as 12 or 12.50, but is '" + text + "'");
    }
    return new BigDecimal(text);
  }

  /** One of some words; {@code absent} if it is not given. */
  public String oneOf(String name, String absent, List<String> words) {
    String text = text(name, absent, 40);
    if (text != null && !words.contains(text)) {
      throw RestException.badRequest(name + " must be one of " + String.join(", ", words) + ", but is '" + text + "'");
    }
    return text;
  }
}
