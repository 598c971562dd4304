package benchmark;

import java.util.Locale;

/**
 * What a figure has to reach.
 *
 * @param what the figure is
 * @param atLeast whether it must not be less than the bound; else it must not be greater
 * @param measured the figure; NaN, which meets nothing, if it could not be measured
 */
record Bar(String what, boolean atLeast, double bound, String unit, double measured) {

  static Bar atLeast(String what, double bound, String unit, double measured) {
    return new Bar(what, true, bound, unit, measured);
  }

  static Bar atMost(String what, double bound, String unit, double measured) {
    return new Bar(what, false, bound, unit, measured);
  }

  boolean met() {
    return atLeast ? measured >= bound : measured <= bound;
  }

  /** The bound in words. */
  String demand() {
    return ((atLeast ? "≥ " : "≤ ") + number(bound) + " " + unit).strip();
  }

  /** A figure with as many digits as tell something. */
  static String number(double figure) {
    double size = Math.abs(figure);
    return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", figure);
  }
}
