package search;

import java.io.IOException;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.custom.CustomAnalyzer;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;

/**
 * How English texts become words: without case, accents and possessive 's, without stop words, and each as its stem (Porter's).
 * Of a {@link Schema.Kind#NAME} the words as they are written are kept beside their stems, because an unfinished word is the
 * beginning of those alone: "runnin" begins "running", not "run". In descriptions that would cost half as much again.
 */
final class English {

  /** To be raised whenever the words of a text change, so that indexes are made anew. */
  static final int VERSION = 1;

  private static final char FIRST_COMBINING = '\u0300';

  private English() {}

  /** Analyses each field of a schema as its kind demands. */
  static Analyzer analyzer(Schema schema) throws IOException {
    Map<String, Analyzer> ofNames = new HashMap<>();
    Analyzer names = names();
    schema.of(Schema.Kind.NAME).forEach(field -> ofNames.put(LuceneDocuments.found(field), names));
    return new PerFieldAnalyzerWrapper(stems(), ofNames);
  }

  /** Words as written, each followed by its stem at the same position where that differs. */
  static Analyzer names() throws IOException {
    return words().addTokenFilter("keywordRepeat").addTokenFilter("porterStem").addTokenFilter("removeDuplicates").build();
  }

  /** The stems of words. */
  static Analyzer stems() throws IOException {
    return words().addTokenFilter("porterStem").build();
  }

  private static CustomAnalyzer.Builder words() throws IOException {
    return CustomAnalyzer.builder().withTokenizer("standard").addTokenFilter("englishPossessive").addTokenFilter("lowercase")
        .addTokenFilter("asciiFolding").addTokenFilter("stop");
  }

  /** Accents as one character with their letters, which is what analysis takes off; almost every text has them so already. */
  static String composed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= FIRST_COMBINING) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
      }
    }
    return text;
  }
}
