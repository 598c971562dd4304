package search;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The fields by which an index can be searched and sorted.
 *
 * @param fields in any order; a document may lack any of them
 */
public record Schema(List<Field> fields) {

  /** How a field is searched. */
  public enum Kind {
    /** By its words. */
    TEXT,
    /** By its exact decimal value. */
    DECIMAL
  }

  /**
   * A field.
   *
   * @param name in the document's content
   * @param kind how it is searched
   * @param weight how much a word in it counts; for texts
   * @param sortable whether hits can be sorted by it
   */
  public record Field(String name, Kind kind, float weight, boolean sortable) {}

  public static Schema of(Field... fields) {
    return new Schema(List.of(fields));
  }

  /** A text whose words count {@code weight} times. */
  public static Field text(String name, float weight) {
    return new Field(name, Kind.TEXT, weight, false);
  }

  /** A text that hits can also be sorted by, upper and lower case alike. */
  public static Field sortableText(String name) {
    return new Field(name, Kind.TEXT, 1, true);
  }

  /** A number that can be limited and sorted by. */
  public static Field decimal(String name) {
    return new Field(name, Kind.DECIMAL, 1, true);
  }

  /** The weights of the text fields by name. */
  public Map<String, Float> weights() {
    return fields.stream().filter(field -> field.kind() == Kind.TEXT).collect(Collectors.toMap(Field::name, Field::weight));
  }

  /** A field by its name; null if there is none. */
  public Field field(String name) {
    return fields.stream().filter(field -> field.name().equals(name)).findFirst().orElse(null);
  }
}
