package event;

import java.util.Collection;
import java.util.Collections;

/** The names of attribute groups, by which an index tells the events that concern it. */
public final class Tags {

  /** Stands for all data of a product. */
  public static final String ALL = "*";

  private Tags() {}

  /** Whether an index that accepts some tags has an interest in an event with others. */
  public static boolean accepts(Collection<String> accepted, Collection<String> tags) {
    return !Collections.disjoint(accepted, tags);
  }
}
