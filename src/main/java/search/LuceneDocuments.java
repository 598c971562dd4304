package search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.BinaryPoint;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.BytesRef;
import product.Json;

/**
 * Documents as Lucene has them: the content as it is, and beside it the fields of a schema, made to be found. Content and version are
 * doc values, which are read faster than stored fields, in whose blocks many documents are compressed together (decision 15). Thread
 * safe.
 */
final class LuceneDocuments {

  static final String ID = "id";

  /** To be raised whenever the same schema makes other fields, so that indexes are made anew. */
  static final int VERSION = 3;

  private static final String VERSION_VALUE = "version value";
  private static final String CONTENT_VALUE = "content value";
  /**
   * As format 2 had them: its indexes answer, and are written, until they are built anew, and Lucene lets no field change its kind.
   */
  private static final String STORED_VERSION = "version";
  private static final String STORED_CONTENT = "content";
  private static final int KEY_CHARACTERS = 256;

  private final List<Schema.Field> fields;

  LuceneDocuments(Schema schema) {
    this.fields = schema.fields();
  }

  /**
   * The field of Lucene in which a field is found. How it is found is part of the name: so no attribute is taken for the id, the
   * version or the content, and where an index of another format has the attribute in another way, a search by it finds nothing
   * instead of failing.
   */
  static String found(Schema.Field field) {
    String how = switch (field.kind()) {
      case NAME, TEXT -> "words";
      case DECIMAL -> "decimal";
      case KEYWORD -> "keyword";
    };
    return how + ":" + field.name();
  }

  /** The field of Lucene that holds what documents are sorted by. */
  static String sorted(Schema.Field field) {
    return "sorted " + found(field);
  }

  /** What a keyword is found and counted by: the beginning of a long one. */
  static String key(String value) {
    return value.length() <= KEY_CHARACTERS ? value : value.substring(0, KEY_CHARACTERS);
  }

  /** A text as it is searched and shown in highlights; its words in any case, with or without accents. */
  static String plain(String text) {
    return English.composed(Markup.strip(text));
  }

  Document write(SearchIndex.Document document) {
    Document written = new Document();
    written.add(new StringField(ID, document.id(), Field.Store.NO));
    written.add(new SortedDocValuesField(ID, new BytesRef(document.id())));
    written.add(new NumericDocValuesField(VERSION_VALUE, document.version()));
    written.add(new BinaryDocValuesField(CONTENT_VALUE, new BytesRef(Json.write(document.content()))));
    for (Schema.Field field : fields) {
      add(written, field, document.content().path(field.name()));
    }
    return written;
  }

  private static void add(Document written, Schema.Field field, JsonNode value) {
    switch (field.kind()) {
      case NAME, TEXT -> {
        if (isValue(value)) {
          written.add(new TextField(found(field), plain(value.asText()), Field.Store.NO));
          if (field.sortable()) {
            written.add(new SortedDocValuesField(sorted(field), new BytesRef(key(value.asText()).toLowerCase(Locale.ROOT))));
          }
        }
      }
      case DECIMAL -> {
        if (value.isNumber()) {
          byte[] bytes = SortableDecimal.encode(value.decimalValue());
          written.add(new BinaryPoint(found(field), bytes));
          written.add(new SortedDocValuesField(sorted(field), new BytesRef(bytes)));
        }
      }
      case KEYWORD -> {
        for (JsonNode each : value.isArray() ? value : List.of(value)) {
          if (isValue(each) && !each.asText().isEmpty()) {
            written.add(new KeywordField(found(field), key(each.asText()), Field.Store.NO));
          }
        }
      }
    }
  }

  private static boolean isValue(JsonNode value) {
    return value.isValueNode() && !value.isNull() && !value.isMissingNode();
  }

  /** @param number of a document that the searcher has found */
  static SearchIndex.Document read(IndexSearcher searcher, int number) throws IOException {
    List<LeafReaderContext> segments = searcher.getLeafContexts();
    LeafReaderContext segment = segments.get(ReaderUtil.subIndex(number, segments));
    int inSegment = number - segment.docBase;
    BinaryDocValues content = DocValues.getBinary(segment.reader(), CONTENT_VALUE);
    if (!content.advanceExact(inSegment)) {
      Document stored = segment.reader().storedFields().document(inSegment);
      return new SearchIndex.Document(
          stored.get(ID), stored.getField(STORED_VERSION).numericValue().longValue(), content(stored.get(STORED_CONTENT)));
    }
    SortedDocValues id = DocValues.getSorted(segment.reader(), ID);
    NumericDocValues version = DocValues.getNumeric(segment.reader(), VERSION_VALUE);
    if (!id.advanceExact(inSegment) || !version.advanceExact(inSegment)) {
      throw new IOException("a document has no id or no version");
    }
    return new SearchIndex.Document(
        id.lookupOrd(id.ordValue()).utf8ToString(), version.longValue(), content(content.binaryValue().utf8ToString()));
  }

  private static ObjectNode content(String json) {
    return (ObjectNode) Json.parse(json);
  }
}
