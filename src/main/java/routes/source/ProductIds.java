package routes.source;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import routes.support.ConfigurationException;
import routes.support.Reason;

/**
 * The products that a run is limited to, by the property {@code product.ids}: ids as texts, separated by commas, or
 * {@code @path} of a file with one id on each line, which is read as a stream. Immutable.
 */
public final class ProductIds {

  private static final String KEY = "product.ids";

  private final String value;
  private final String digest;

  /**
   * @param value of the property; empty: all products
   * @throws ConfigurationException if an id is empty, or the file can't be read
   */
  public ProductIds(String value) {
    this.value = value.strip();
    this.digest = isLimited() ? digestOfIds() : "";
  }

  /** Whether there is a limit at all. */
  public boolean isLimited() {
    return !value.isEmpty();
  }

  /** Tells apart which ids were given, however they were; empty if none were. */
  public String digest() {
    return digest;
  }

  /** The ids, in the order in which they were given; close what is not read to its end. */
  public Iterator<String> ids() {
    return new Ids(value.startsWith("@") ? file(value.substring(1)) : list(value));
  }

  private static Stream<String> list(String ids) {
    return Stream.of(ids.split(",", -1)).map(String::strip);
  }

  private static Stream<String> file(String name) {
    try {
      BufferedReader reader = Files.newBufferedReader(Path.of(name), StandardCharsets.UTF_8);
      return reader.lines().onClose(() -> {
        try {
          reader.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    } catch (IOException e) {
      throw new ConfigurationException(
          KEY + " must be ids separated by commas, or @ and the path of a file with an id on each line, but is '@" + name
              + "', which cannot be read: " + Reason.of(e), e);
    }
  }

  private String digestOfIds() {
    try (Ids ids = new Ids(value.startsWith("@") ? file(value.substring(1)) : list(value))) {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      if (!ids.hasNext()) {
        throw new ConfigurationException(KEY + " names the file " + value.substring(1) + ", which has no ids");
      }
      while (ids.hasNext()) {
        sha256.update(ids.next().getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) '\n');
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ids, each checked as it is read. */
  private static final class Ids implements Iterator<String>, Closeable {
    private final Stream<String> source;
    private final Iterator<String> each;
    private long number;

    Ids(Stream<String> source) {
      this.source = source;
      this.each = source.iterator();
    }

    @Override
    public boolean hasNext() {
      try {
        return each.hasNext();
      } catch (UncheckedIOException e) {
        String why = e.getCause() instanceof CharacterCodingException ? "it is not UTF-8" : e.getCause().toString();
        throw new ConfigurationException(KEY + " names a file that cannot be read after line " + number + ": " + why, e);
      }
    }

    @Override
    public String next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      String id = each.next();
      number++;
      if (id.isEmpty()) {
        throw new ConfigurationException(KEY + " must be ids separated by commas, or @ and the path of a file with an id on each"
            + " line, but the id number " + number + " is empty");
      }
      return id;
    }

    @Override
    public void close() {
      source.close();
    }
  }
}
