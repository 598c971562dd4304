package search;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.util.BytesRef;
import search.SearchIndex.Bucket;
import search.SearchIndex.Range;

/**
 * Divides decimals into buckets of equal width. They begin at the least value asked for, or else the least there is, and end
 * at the greatest, or somewhat behind it: bounds have two digits after the point, or as many as the values have.
 */
final class Buckets {

  private static final int LEAST_SCALE = 2;

  private Buckets() {}

  /**
   * @param counts how many documents have each value, encoded by {@link SortableDecimal}
   * @param range that was asked for; null: none
   * @param number of buckets; one is enough if all values are the same
   * @return empty if there are no values
   */
  static List<Bucket> of(Map<BytesRef, Integer> counts, Range range, int number) {
    TreeMap<BigDecimal, Integer> values = new TreeMap<>();
    counts.forEach((value, count) -> values.put(SortableDecimal.decode(value.bytes, value.offset), count));
    if (values.isEmpty()) {
      return List.of();
    }
    BigDecimal from = range == null || range.min() == null ? values.firstKey() : range.min();
    BigDecimal to = range == null || range.max() == null ? values.lastKey() : range.max();
    int scale = Math.max(LEAST_SCALE, Math.max(from.scale(), to.scale()));
    BigDecimal width = to.subtract(from).divide(BigDecimal.valueOf(number), scale, RoundingMode.CEILING);
    int needed = width.signum() == 0 ? 1 : number;
    int[] documents = new int[needed];
    values.forEach((value, count) -> documents[bucket(value, from, width, needed)] += count);
    List<Bucket> buckets = new ArrayList<>();
    for (int i = 0; i < needed; i++) {
      BigDecimal start = from.setScale(scale).add(width.multiply(BigDecimal.valueOf(i)));
      buckets.add(new Bucket(start, start.add(width), documents[i]));
    }
    return buckets;
  }

  private static int bucket(BigDecimal value, BigDecimal from, BigDecimal width, int number) {
    if (width.signum() == 0) {
      return 0;
    }
    BigInteger bucket = value.subtract(from).divideToIntegralValue(width).toBigInteger();
    return bucket.min(BigInteger.valueOf(number - 1L)).max(BigInteger.ZERO).intValue();
  }
}
