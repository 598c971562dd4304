package routes.support;

/** Words beside numbers. */
public final class Plural {

  private Plural() {}

  /** A noun as it stands after a number: {@code 1 product}, {@code 2 products}, {@code 0 products}. */
  public static String of(long number, String noun) {
    return number == 1 ? noun : noun + "s";
  }
}
