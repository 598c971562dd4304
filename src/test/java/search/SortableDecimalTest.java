package search;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SortableDecimalTest {

  private static int compareEncoded(BigDecimal one, BigDecimal other) {
    return Integer.signum(Arrays.compareUnsigned(SortableDecimal.encode(one), SortableDecimal.encode(other)));
  }

  @Test
  void takesSixteenBytes() {
    for (String number : List.of("0", "12.50", "-1", "1e30", "0.000000000000000001")) {
      assertThat(SortableDecimal.encode(new BigDecimal(number))).hasSize(SortableDecimal.BYTES);
    }
  }

  @Test
  void holdsNumbersInTheirOrder() {
    List<String> ascending = List.of(
        "-1e30", "-99999999999999999999.999999999999999999", "-99999999999999999999", "-12.50", "-12.499999", "-1", "-0.1",
        "-0.000000000000000001", "0", "0.000000000000000001", "0.099999999999999999", "0.1", "0.100000000000000001", "1",
        "12.499999", "12.50", "12.5000001", "100", "9007199254740992", "9007199254740993", "99999999999999999999",
        "99999999999999999999.999999999999999999", "1e30");
    for (int i = 1; i < ascending.size(); i++) {
      assertThat(compareEncoded(new BigDecimal(ascending.get(i - 1)), new BigDecimal(ascending.get(i))))
          .as("%s and %s", ascending.get(i - 1), ascending.get(i)).isEqualTo(-1);
    }
  }

  @Test
  void holdsEqualNumbersAlike() {
    assertThat(compareEncoded(new BigDecimal("0.1"), new BigDecimal("0.10"))).isZero();
    assertThat(compareEncoded(new BigDecimal("0"), new BigDecimal("-0.00"))).isZero();
    assertThat(compareEncoded(new BigDecimal("0"), new BigDecimal("0e999999999"))).isZero();
    assertThat(compareEncoded(new BigDecimal("1e2"), new BigDecimal("100.0"))).isZero();
  }

  @Test
  void roundsALongerFractionDown() {
    assertThat(compareEncoded(new BigDecimal("0.1000000000000000019"), new BigDecimal("0.100000000000000001"))).isZero();
    assertThat(compareEncoded(new BigDecimal("-0.1000000000000000011"), new BigDecimal("-0.100000000000000002"))).isZero();
  }

  @Test
  @Timeout(10)
  void takesNumbersOfAnySizeInNoTime() {
    BigDecimal tiny = new BigDecimal("1e-999999999");
    BigDecimal huge = new BigDecimal("1e999999999");
    assertThat(compareEncoded(tiny, BigDecimal.ONE)).isEqualTo(-1);
    assertThat(compareEncoded(tiny, BigDecimal.ZERO)).isNotNegative();
    assertThat(compareEncoded(tiny.negate(), BigDecimal.ZERO)).isNotPositive();
    assertThat(compareEncoded(tiny.negate(), BigDecimal.ONE.negate())).isEqualTo(1);
    assertThat(compareEncoded(huge, new BigDecimal("99999999999999999999"))).isEqualTo(1);
    assertThat(compareEncoded(huge.negate(), new BigDecimal("-99999999999999999999"))).isEqualTo(-1);
    assertThat(compareEncoded(huge, new BigDecimal("1e30"))).isZero();
    assertThat(compareEncoded(new BigDecimal("1e-20000000"), new BigDecimal("2"))).isEqualTo(-1);
  }

  @Provide
  Arbitrary<BigDecimal> exactNumbers() {
    Arbitrary<BigDecimal> large = Arbitraries.bigDecimals()
        .between(new BigDecimal("-99999999999999999999"), new BigDecimal("99999999999999999999")).ofScale(18);
    Arbitrary<BigDecimal> small = Arbitraries.bigDecimals().between(new BigDecimal("-3"), new BigDecimal("3")).ofScale(2);
    return Arbitraries.oneOf(large, small);
  }

  @Property(tries = 2_000)
  void ordersNumbersOfUpToEighteenPlacesExactly(@ForAll("exactNumbers") BigDecimal one,
      @ForAll("exactNumbers") BigDecimal other) {
    assertThat(compareEncoded(one, other)).isEqualTo(one.compareTo(other));
  }

  @Provide
  Arbitrary<BigDecimal> anyNumbers() {
    return Combinators.combine(Arbitraries.bigIntegers().between(BigInteger.TEN.pow(40).negate(), BigInteger.TEN.pow(40)),
        Arbitraries.integers().between(-60, 60)).as(BigDecimal::new);
  }

  @Property(tries = 2_000)
  void neverExchangesTwoNumbers(@ForAll("anyNumbers") BigDecimal one, @ForAll("anyNumbers") BigDecimal other) {
    assertThat(compareEncoded(one, other)).isIn(0, one.compareTo(other));
  }
}
