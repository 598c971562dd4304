package search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.text.BreakIterator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.uhighlight.FieldHighlighter;
import org.apache.lucene.search.uhighlight.LengthGoalBreakIterator;
import org.apache.lucene.search.uhighlight.Passage;
import org.apache.lucene.search.uhighlight.PassageFormatter;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.search.uhighlight.WholeBreakIterator;

/**
 * Marks the words that were found. It analyses the texts of the hits anew, which costs the few hits of a page something, and
 * the index nothing. Thread safe.
 */
final class Highlights {

  private static final int PASSAGES = 2;
  private static final int PASSAGE_CHARACTERS = 120;
  private static final float MATCH_IN_PASSAGE = 0.5f;

  private final List<Schema.Field> fields;
  private final Highlighter names;
  private final Highlighter texts;

  Highlights(Schema schema, Analyzer analyzer) {
    fields = schema.of(Schema.Kind.NAME, Schema.Kind.TEXT);
    names = new Highlighter(analyzer, WholeBreakIterator::new);
    texts = new Highlighter(analyzer, () -> LengthGoalBreakIterator.createClosestToLength(
        BreakIterator.getSentenceInstance(Locale.ENGLISH), PASSAGE_CHARACTERS, MATCH_IN_PASSAGE));
  }

  Marks marks() {
    return new Marks();
  }

  /** Makes for a query what marks its words in one text after the other: Lucene's own makes that for each text anew. */
  private static final class Highlighter extends UnifiedHighlighter {

    Highlighter(Analyzer analyzer, Supplier<BreakIterator> passages) {
      // Matches of a whole query would be those of one field alone, where all of its words need not be. An index of each text in
      // memory, which phrases need, would make words that are rare in it count more where passages are chosen; that is not worth a
      // tenth of a search.
      super(builderWithoutSearcher(analyzer).withBreakIterator(passages).withWeightMatches(false)
          .withPassageRelevancyOverSpeed(false).withMaxNoHighlightPassages(0).withFormatter(new Html()));
    }

    FieldHighlighter of(String field, Query found) {
      return getFieldHighlighter(field, found, extractTerms(found), PASSAGES);
    }
  }

  /**
   * Marks the hits of one search. They were found by few different queries, one for each way to fit, so it is kept what marks those.
   * Not thread safe.
   */
  final class Marks {

    private record Sought(Schema.Field field, Query found) {}

    private final Map<Sought, FieldHighlighter> highlighters = new HashMap<>();

    /**
     * The fields in which something was found, as HTML.
     *
     * @param found what was searched for; null: nothing
     */
    Map<String, String> of(ObjectNode content, Query found) throws IOException {
      Map<String, String> highlights = new LinkedHashMap<>();
      if (found != null) {
        for (Schema.Field field : fields) {
          JsonNode value = content.path(field.name());
          if (value.isValueNode() && !value.isNull()) {
            Object html = highlighters.computeIfAbsent(new Sought(field, found), this::highlighter)
                .highlightFieldForDoc(null, -1, LuceneDocuments.plain(value.asText()));
            if (html != null) {
              highlights.put(field.name(), html.toString());
            }
          }
        }
      }
      return highlights;
    }

    private FieldHighlighter highlighter(Sought sought) {
      return (sought.field.kind() == Schema.Kind.NAME ? names : texts).of(LuceneDocuments.found(sought.field), sought.found);
    }
  }

  /** Passages as HTML. Lucene's own formatter would turn every space into an entity. */
  private static final class Html extends PassageFormatter {

    @Override
    public String format(Passage[] passages, String text) {
      StringBuilder html = new StringBuilder();
      int end = 0;
      for (Passage passage : passages) {
        html.append(passage.getStartOffset() > end ? " … " : "");
        end = passage.getStartOffset();
        for (int i = 0; i < passage.getNumMatches(); i++) {
          int from = Math.max(end, passage.getMatchStarts()[i]);
          int to = Math.min(passage.getMatchEnds()[i], passage.getEndOffset());
          if (from < to) {
            append(html, text, end, from);
            html.append("<mark>");
            append(html, text, from, to);
            html.append("</mark>");
            end = to;
          }
        }
        append(html, text, end, passage.getEndOffset());
        end = passage.getEndOffset();
      }
      return html.toString().replaceAll("\\s+", " ").strip();
    }

    private static void append(StringBuilder html, String text, int from, int to) {
      for (int i = from; i < to; i++) {
        switch (text.charAt(i)) {
          case '&' -> html.append("&amp;");
          case '<' -> html.append("&lt;");
          case '>' -> html.append("&gt;");
          case '"' -> html.append("&quot;");
          case '\'' -> html.append("&#39;");
          default -> html.append(text.charAt(i));
        }
      }
    }
  }
}
