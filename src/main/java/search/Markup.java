package search;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import org.apache.lucene.analysis.charfilter.HTMLStripCharFilter;

/** Markup is no words. */
final class Markup {

  private static final int MORE_CHARACTERS = 1024;

  private Markup() {}

  /**
   * The text of an HTML fragment: without tags and comments, with entities resolved. A text without markup is itself: Lucene's
   * filter allocates 32 KiB for each text, which was two thirds of all garbage of the services.
   */
  static String strip(String text) {
    if (text.indexOf('<') < 0 && text.indexOf('&') < 0) {
      return text;
    }
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
