package search;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a user typed into a search field: words, {@code "phrases"}, and either with a minus before it for what must not be
 * there. Any text can be read so: a quotation mark that nothing closes, or a minus that stands alone, means nothing.
 *
 * @param parts in the order in which they were typed, {@value #MAX_PARTS} at most; what comes after is left out
 * @param unfinished whether the last part is a word that may go on: nothing, not even a space, comes after it
 */
record TypedText(List<Part> parts, boolean unfinished) {

  static final int MAX_PARTS = 32;

  private static final Pattern PART =
      Pattern.compile("(?<minus>-(?=\\S))?(?:\"(?<phrase>[^\"]*)\"|(?<word>[^\\s\"]+))", Pattern.UNICODE_CHARACTER_CLASS);

  /**
   * A part.
   *
   * @param text a word as typed, such as {@code t-shirt}, or the words of a phrase
   * @param phrase whether the words must stand together in this order
   * @param excluded whether it must not be there
   */
  record Part(String text, boolean phrase, boolean excluded) {}

  static TypedText of(String typed) {
    String closed = typed.chars().filter(c -> c == '"').count() % 2 == 0 ? typed : withoutLastQuote(typed);
    List<Part> parts = new ArrayList<>();
    boolean unfinished = false;
    Matcher found = PART.matcher(closed);
    while (parts.size() < MAX_PARTS && found.find()) {
      boolean phrase = found.group("phrase") != null;
      boolean excluded = found.group("minus") != null;
      parts.add(new Part(phrase ? found.group("phrase") : found.group("word"), phrase, excluded));
      unfinished = !phrase && !excluded && found.end() == closed.length();
    }
    return new TypedText(List.copyOf(parts), unfinished);
  }

  /** The last part, as it was typed; there has to be one. */
  String last() {
    return parts.get(parts.size() - 1).text();
  }

  private static String withoutLastQuote(String typed) {
    int quote = typed.lastIndexOf('"');
    return typed.substring(0, quote) + ' ' + typed.substring(quote + 1);
  }
}
