package search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The fields by which an index can be searched, sorted and filtered.
 *
 * @param fields in any order, each name once; a document may lack any of them
 */
public record Schema(List<Field> fields) {

  /** How a field is searched. */
  public enum Kind {
    /** By its words, also by their beginnings as they are written: for short texts, of which suggestions are made. */
    NAME,
    /** By its words. */
    TEXT,
    /** By its exact decimal value. */
    DECIMAL,
    /** By its whole value, or by each of them if it is an array; values are counted. */
    KEYWORD
  }

  /**
   * A field.
   *
   * @param name in the document's content
   * @param kind how it is searched
   * @param weight how much a word in it counts; for names and texts
   * @param sortable whether hits can be sorted by it
   */
  public record Field(String name, Kind kind, float weight, boolean sortable) {}

  public static Schema of(Field... fields) {
    return new Schema(List.of(fields));
  }

  /** A name whose words count {@code weight} times. */
  public static Field name(String name, float weight) {
    return new Field(name, Kind.NAME, weight, false);
  }

  /** A name that hits can also be sorted by, upper and lower case alike. */
  public static Field sortableName(String name) {
    return new Field(name, Kind.NAME, 1, true);
  }

  /** A text whose words count {@code weight} times. */
  public static Field text(String name, float weight) {
    return new Field(name, Kind.TEXT, weight, false);
  }

  /** A number that can be limited and sorted by. */
  public static Field decimal(String name) {
    return new Field(name, Kind.DECIMAL, 1, true);
  }

  /** A value that can be filtered by and is counted. */
  public static Field keyword(String name) {
    return new Field(name, Kind.KEYWORD, 1, false);
  }

  /** This with further fields. */
  public Schema with(List<Field> further) {
    List<Field> all = new ArrayList<>(fields);
    all.addAll(further);
    return new Schema(List.copyOf(all));
  }

  /**
   * The field of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  Field field(String name) {
    return fields.stream().filter(field -> field.name().equals(name)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no field " + name));
  }

  /** The fields of some kinds. */
  public List<Field> of(Kind... kinds) {
    Set<Kind> wanted = Set.of(kinds);
    return fields.stream().filter(field -> wanted.contains(field.kind())).toList();
  }

  /**
   * What an index of this schema holds of a document, as a text that is equal for equal ones. Weights don't
   * matter, because they count in searches only.
   */
  String mapping() {
    return fields.stream().sorted(Comparator.comparing(Field::name))
        .map(field -> field.name() + ":" + field.kind() + (field.sortable() ? ":sortable" : "")).collect(Collectors.joining(" "));
  }
}
