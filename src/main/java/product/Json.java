package product;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * How this project reads and writes JSON: numbers keep every digit that they were written with (12.50 stays 12.50), and
 * an object is followed by nothing. Thread safe.
 */
public final class Json {

  /** The one mapper of the project; do not reconfigure it. */
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private static final ObjectWriter ASCII = MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

  private static final String HEX = "0123456789ABCDEF";

  private static final ObjectWriter CANONICAL = MAPPER.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);

  private Json() {}

  /**
   * Parses one JSON value.
   *
   * @throws IllegalArgumentException if the text is not exactly one JSON value; the message says where and why
   */
  public static JsonNode parse(String text) {
    try {
      JsonNode value = MAPPER.readTree(text);
      if (value == null || value.isMissingNode()) {
        throw new IllegalArgumentException("not JSON: the text is empty");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw notJson(e);
    }
  }

  /** As {@link #parse(String)}, from UTF-8. */
  public static JsonNode parse(byte[] utf8) {
    return parse(new String(utf8, StandardCharsets.UTF_8));
  }

  /** The JSON text of a value, without white space. */
  public static String write(JsonNode value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * As {@link #write}, with what is not ASCII escaped. Java holds such a text in a byte a character and turns it to bytes
   * and back by copying, which took a third of an indexer's time when it was not ASCII (measured). It is written as bytes, because
   * characters would have to be told apart once more.
   */
  public static String writeAscii(JsonNode value) {
    try {
      return new String(ASCII.writeValueAsBytes(value), StandardCharsets.ISO_8859_1);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text as JSON, with what is not ASCII escaped. */
  public static String text(String text) {
    return ascii('"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"');
  }

  /**
   * The canonical form of a value, in which equal values are equal bytes: UTF-8, no white space, the fields of objects
   * in the order of their names, numbers as written. (RFC 8785 without its rounding of numbers to doubles.)
   */
  public static byte[] canonical(JsonNode value) {
    try {
      return CANONICAL.writeValueAsBytes(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Escapes what is not ASCII, which in JSON stands in texts alone. */
  public static String ascii(String json) {
    int length = asciiLength(json);
    if (length == json.length()) {
      return json;
    }
    StringBuilder escaped = new StringBuilder(length);
    int from = 0;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c >= 0x80) {
        escaped.append(json, from, i).append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          escaped.append(HEX.charAt(c >> shift & 0xF));
        }
        from = i + 1;
      }
    }
    return escaped.append(json, from, json.length()).toString();
  }

  private static int asciiLength(String json) {
    int length = json.length();
    for (int i = 0; i < json.length(); i++) {
      length += json.charAt(i) < 0x80 ? 0 : 5;
    }
    return length;
  }

  private static IllegalArgumentException notJson(JsonProcessingException e) {
    String where =
        e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ")";
    String reason = e.getOriginalMessage().replaceAll("\\s*\\(start marker at \\[Source:[^\\]]*\\]\\)", "");
    return new IllegalArgumentException("not JSON: " + reason + where, e);
  }
}
