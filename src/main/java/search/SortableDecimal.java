package search;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;
import org.apache.lucene.util.NumericUtils;

/**
 * Decimals as bytes whose order is that of the numbers: 16 bytes, a whole number of 10<sup>-18</sup>. Exact for numbers
 * of up to 20 digits before the point and 18 after it; a longer fraction is rounded down, a larger number is held as the
 * largest.
 */
final class SortableDecimal {

  static final int BYTES = 16;

  private static final int SCALE = 18;
  private static final BigInteger MAX = BigInteger.ONE.shiftLeft(8 * BYTES - 1).subtract(BigInteger.ONE);

  private SortableDecimal() {}

  /** Not above any number. */
  static byte[] lowest() {
    return new byte[BYTES];
  }

  /** Not below any number. */
  static byte[] highest() {
    byte[] bytes = new byte[BYTES];
    Arrays.fill(bytes, (byte) -1);
    return bytes;
  }

  static byte[] encode(BigDecimal value) {
    byte[] bytes = new byte[BYTES];
    NumericUtils.bigIntToSortableBytes(scaled(value), BYTES, bytes, 0);
    return bytes;
  }

  /** The number that the bytes at an offset stand for, without zeros at the end of its fraction. */
  static BigDecimal decode(byte[] bytes, int offset) {
    BigDecimal value = new BigDecimal(NumericUtils.sortableBytesToBigInt(bytes, offset, BYTES), SCALE).stripTrailingZeros();
    return value.scale() < 0 ? value.setScale(0) : value;
  }

  private static BigInteger scaled(BigDecimal value) {
    long digitsBeforePoint = (long) value.precision() - value.scale();
    if (value.signum() == 0 || digitsBeforePoint < -SCALE) {
      return value.signum() < 0 ? BigInteger.ONE.negate() : BigInteger.ZERO;
    }
    if (digitsBeforePoint > 21) {
      return value.signum() > 0 ? MAX : MAX.negate();
    }
    return value.setScale(SCALE, RoundingMode.FLOOR).unscaledValue().min(MAX).max(MAX.negate());
  }
}
