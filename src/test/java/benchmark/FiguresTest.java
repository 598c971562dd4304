package benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {

  @Test
  void theMedianOfAnOddNumberIsTheMiddleOne() {
    assertThat(Spread.of(9, 1, 5)).isEqualTo(new Spread(1, 5, 9));
    assertThat(Spread.of(3)).isEqualTo(new Spread(3, 3, 3));
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
    assertThat(Spread.of(10, 1, 2, 5)).isEqualTo(new Spread(1, 3.5, 10));
  }

  @Test
  void nothingHasNoSpread() {
    assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBarIsMetAtItsBound() {
    assertThat(Bar.atLeast("rate", 100, "/s", 100).met()).isTrue();
    assertThat(Bar.atLeast("rate", 100, "/s", 99.99).met()).isFalse();
    assertThat(Bar.atMost("p99", 250, "ms", 250).met()).isTrue();
    assertThat(Bar.atMost("p99", 250, "ms", 250.01).met()).isFalse();
  }

  @Test
  void whatCouldNotBeMeasuredMeetsNoBar() {
    assertThat(Bar.atLeast("rate", 0, "/s", Double.NaN).met()).isFalse();
    assertThat(Bar.atMost("p99", 1, "ms", Double.NaN).met()).isFalse();
  }

  @Test
  void figuresAreShownWithTheDigitsThatTell() {
    assertThat(Bar.number(28_345.6)).isEqualTo("28,346");
    assertThat(Bar.number(45.67)).isEqualTo("45.7");
    assertThat(Bar.number(0.754)).isEqualTo("0.75");
    assertThat(Bar.atMost("p99", 50, "ms", 1).demand()).isEqualTo("≤ 50.0 ms");
  }
}
