package benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {

  private static Latencies ofMilliseconds(List<Integer> milliseconds) {
    Latencies latencies = new Latencies();
    milliseconds.forEach(each -> latencies.add(TimeUnit.MILLISECONDS.toNanos(each)));
    return latencies;
  }

  @Test
  void aPercentileIsTheNearestRankInWhateverOrderTheyCame() {
    List<Integer> hundred = new ArrayList<>(IntStream.rangeClosed(1, 100).boxed().toList());
    Collections.reverse(hundred);
    Latencies latencies = ofMilliseconds(hundred);
    assertThat(latencies.percentile(50)).isEqualTo(50);
    assertThat(latencies.percentile(99)).isEqualTo(99);
    assertThat(latencies.percentile(99.1)).isEqualTo(100);
    assertThat(latencies.percentile(0.001)).isEqualTo(1);
    assertThat(latencies.max()).isEqualTo(100);
  }

  @Test
  void ofFewTheHighPercentilesAreTheLongest() {
    assertThat(ofMilliseconds(List.of(7)).percentile(50)).isEqualTo(7);
    assertThat(ofMilliseconds(List.of(7, 3, 5)).percentile(50)).isEqualTo(5);
    assertThat(ofMilliseconds(List.of(7, 3, 5)).percentile(99)).isEqualTo(7);
  }

  @Test
  void ofNoneTheyAreUnknown() {
    assertThat(new Latencies().percentile(50)).isNaN();
    assertThat(new Latencies().max()).isNaN();
  }

  @Test
  void thoseOfSeveralRoundsAreTakenTogether() {
    Latencies all = ofMilliseconds(List.of(1, 2));
    all.addAll(ofMilliseconds(List.of(9)));
    assertThat(all.count()).isEqualTo(3);
    assertThat(all.percentile(50)).isEqualTo(2);
    assertThat(all.max()).isEqualTo(9);
  }
}
