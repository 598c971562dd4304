package search;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.charfilter.HTMLStripCharFilter;

/**
 * Markup is no words. What counts as markup, and what becomes of it, Lucene's filter decides; but that allocates 32 KiB for each
 * text, which was 12 of the 30 GB that the services allocated in two runs. So what it makes of a tag without attributes, or of an
 * entity, is remembered, and texts with other markup alone are given to it whole. Thread safe.
 */
final class Markup {

  private static final int MORE_CHARACTERS = 1024;
  private static final int MOST_REMEMBERED = 1_000;
  private static final int LONGEST_REMEMBERED = 32;

  private static final Pattern HIDES_WHAT_FOLLOWS = Pattern.compile("(?i)</?(script|style)/?>");

  private static final Map<String, String> REMEMBERED = new ConcurrentHashMap<>();

  private Markup() {}

  /** The text of an HTML fragment: without tags and comments, with entities resolved. A text without markup is itself. */
  static String strip(String text) {
    int at = markup(text, 0);
    if (at == text.length()) {
      return text;
    }
    StringBuilder words = new StringBuilder(text.length());
    int from = 0;
    while (at < text.length()) {
      int end = text.charAt(at) == '<' ? endOfTag(text, at) : endOfEntity(text, at);
      String meaning = end < 0 ? null : meaning(text.substring(at, end));
      if (meaning == null) {
        return filtered(text);
      }
      words.append(text, from, at).append(meaning);
      from = end;
      at = markup(text, from);
    }
    return words.append(text, from, text.length()).toString();
  }

  private static int markup(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '<' && text.charAt(at) != '&') {
      at++;
    }
    return at;
  }

  /** The end of a tag without attributes, {@code <p>}, {@code </p>} or {@code <br/>}; -1 if it is anything else. */
  private static int endOfTag(String text, int start) {
    boolean closing = text.startsWith("</", start);
    int name = start + (closing ? 2 : 1);
    int end = endOfName(text, name);
    if (end == name) {
      return -1;
    }
    end += !closing && text.startsWith("/", end) ? 1 : 0;
    return text.startsWith(">", end) ? end + 1 : -1;
  }

  /** The end of an entity with a name, {@code &amp;}; -1 if it is anything else. */
  private static int endOfEntity(String text, int start) {
    int end = endOfName(text, start + 1);
    return end > start + 1 && text.startsWith(";", end) ? end + 1 : -1;
  }

  private static int endOfName(String text, int start) {
    int end = start;
    while (end < text.length() && end - start < LONGEST_REMEMBERED && isNameCharacter(text.charAt(end), end > start)) {
      end++;
    }
    return end;
  }

  private static boolean isNameCharacter(char c, boolean digitToo) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || digitToo && c >= '0' && c <= '9';
  }

  /** What the filter makes of a tag or an entity wherever it stands; null if that depends on what follows, or is not known. */
  private static String meaning(String markup) {
    String meaning = REMEMBERED.get(markup);
    if (meaning == null && REMEMBERED.size() < MOST_REMEMBERED && !HIDES_WHAT_FOLLOWS.matcher(markup).matches()) {
      String between = filtered("x" + markup + "x");
      meaning = between.substring(1, between.length() - 1);
      REMEMBERED.put(markup, meaning);
    }
    return meaning;
  }

  /** What Lucene's filter makes of a text. */
  static String filtered(String text) {
    try (Reader stripped = new HTMLStripCharFilter(new StringReader(text))) {
      StringBuilder words = new StringBuilder(text.length());
      char[] more = new char[MORE_CHARACTERS];
      for (int read = stripped.read(more, 0, more.length); read >= 0; read = stripped.read(more, 0, more.length)) {
        words.append(more, 0, read);
      }
      return words.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
