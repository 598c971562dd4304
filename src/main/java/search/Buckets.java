package search;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.util.BytesRef;
import search.SearchIndex.Bucket;
import search.SearchIndex.Range;

/**
 * Divides decimals into buckets of equal width, of which the last may be narrower. They begin at the least value asked for, or
 * else the least there is, and end at the greatest: bounds have two digits after the point, or as many as the values have.
 */
final class Buckets {

  private static final int LEAST_SCALE = 2;

  private Buckets() {}

  /**
   * @param values encoded by {@link SortableDecimal}, of the range
   * @param range that was asked for; null: none
   * @param number of buckets; fewer where their bounds would have more digits than that
   * @return empty if there are no values
   */
  static List<Bucket> of(ValueCounts values, Range range, int number) throws IOException {
    BytesRef least = values.least();
    if (least == null) {
      return List.of();
    }
    BytesRef greatest = values.greatest();
    BigDecimal from = range == null || range.min() == null ? SortableDecimal.decode(least.bytes, least.offset) : range.min();
    BigDecimal to = range == null || range.max() == null ? SortableDecimal.decode(greatest.bytes, greatest.offset) : range.max();
    int scale = Math.max(LEAST_SCALE, Math.max(from.scale(), to.scale()));
    BigDecimal width = to.subtract(from).divide(BigDecimal.valueOf(number), scale, RoundingMode.CEILING);
    int needed = width.signum() == 0 ? 1 : to.subtract(from).divide(width, 0, RoundingMode.CEILING).intValueExact();
    List<Bucket> buckets = new ArrayList<>();
    for (int i = 0; i < needed; i++) {
      boolean last = i == needed - 1;
      BigDecimal start = from.setScale(scale).add(width.multiply(BigDecimal.valueOf(i)));
      BigDecimal end = last ? to.setScale(scale) : start.add(width);
      buckets.add(new Bucket(start, end, values.count(i == 0 ? null : bound(start), last ? null : bound(end))));
    }
    return buckets;
  }

  private static BytesRef bound(BigDecimal value) {
    return new BytesRef(SortableDecimal.encode(value));
  }
}
