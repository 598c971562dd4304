package verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import product.Json;

class FingerprintTest {

  private static Fingerprint of(String json) {
    return Fingerprint.of(Json.parse(json));
  }

  @Test
  void isTheFirstHalfOfTheDigestOfTheCanonicalJson() {
    // printf '{"a":"ü","b":12.50}' | sha256sum
    assertThat(of("{\"b\": 12.50, \"a\": \"\\u00fc\"}"))
        .isEqualTo(new Fingerprint(0x8bb282290273bb5eL, 0x9cc109cba5556b56L));
  }

  @Test
  void ofARowIsThatOfWhatTheRowBecomesOnItsWay() {
    var row = Json.MAPPER.createObjectNode().put("id", 7L).put("price", new BigDecimal("12.50"))
        .put("weight", new BigDecimal("5")).put("big", new BigDecimal("1E+3")).put("none", new BigDecimal("0.0000000000")).putNull("brand");
    assertThat(Fingerprint.of(row)).isEqualTo(of(Json.write(row)));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "{\"a\":12.5}    | {\"a\":12.50}",
    "{\"a\":1}       | {\"a\":\"1\"}",
    "{\"a\":null}    | {}",
    "{\"a\":\"null\"}| {\"a\":null}",
    "{\"a\":1}       | {\"b\":1}",
    "{\"a\":[1,2]}   | {\"a\":[2,1]}",
    "{\"a\":\"é\"}   | {\"a\":\"e\\u0301\"}"
  })
  void tellsApartWhatIsNotTheSame(String one, String other) {
    assertThat(of(one)).isNotEqualTo(of(other));
  }
}
