package product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @ParameterizedTest
  @ValueSource(strings = {
      "12.50", "0.10", "100.00", "-0.001", "0", "12345678901234567890.123456789012345678",
      "1234567890123456789012345678901234567890"})
  void keepsEveryDigitOfANumber(String number) {
    assertThat(Json.write(Json.parse("{\"price\":" + number + "}"))).isEqualTo("{\"price\":" + number + "}");
  }

  @Test
  void writesWithoutWhiteSpaceAndInTheOrderOfTheFields() {
    assertThat(Json.write(Json.parse(" { \"b\" : [ 1 , null ] ,\n \"a\" : true } "))).isEqualTo("{\"b\":[1,null],\"a\":true}");
  }

  @Test
  void readsUtf8() {
    assertThat(Json.parse("\"Zoë 🎒\"".getBytes(StandardCharsets.UTF_8)).textValue()).isEqualTo("Zoë 🎒");
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "", "  \n", "{} x", "{}{}", "{} 1", "1 2", "{", "{\"a\":1", "[1,]", "{\"a\":1,}", "nul", "NaN", "-Infinity", "'a'",
      "{a:1}", "01", "1.", "\"\\x\"", "\"", "\u0000", "// no\n1", "<html>"})
  void refusesWhatIsNotExactlyOneValue(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Json.parse(text)).withMessageStartingWith("not JSON: ");
  }

  @Test
  void saysWhereAndWhyATextIsNotJsonInOneLineThatDoesNotRepeatTheText() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Json.parse("{\"secret\":\n  1,, }"))
        .satisfies(e -> assertThat(e.getMessage()).contains("(line 2, column 5)").doesNotContain("\n", "secret"));
  }

  @Test
  void refusesNestingThatWouldOverflowTheStack() {
    assertThatIllegalArgumentException().isThrownBy(() -> Json.parse("[".repeat(100_000) + "]".repeat(100_000)))
        .withMessageStartingWith("not JSON: ");
    assertThatIllegalArgumentException().isThrownBy(() -> Json.parse("{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000)))
        .withMessageStartingWith("not JSON: ");
  }

  @Test
  void refusesANumberOfAMillionDigits() {
    assertThatIllegalArgumentException().isThrownBy(() -> Json.parse("9".repeat(1_000_000)))
        .withMessageStartingWith("not JSON: ");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "{\"b\":1,\"a\":2}            | {\"a\":2,\"b\":1}",
      "{\"b\":{\"d\":1,\"c\":2}}    | {\"b\":{\"c\":2,\"d\":1}}",
      "[{\"b\":1,\"a\":2},1]        | [{\"a\":2,\"b\":1},1]",
      "[3, 1, 2]                    | [3,1,2]",
      "{\"a\" : 12.50}              | {\"a\":12.50}",
      "{\"aa\":1,\"a\":2,\"B\":3}   | {\"B\":3,\"a\":2,\"aa\":1}",
      "\"\\u00eb\\/\"               | \"ë/\"",
      "null                         | null"})
  void writesEqualValuesAsEqualBytes(String text, String canonical) {
    assertThat(new String(Json.canonical(Json.parse(text)), StandardCharsets.UTF_8)).isEqualTo(canonical);
  }

  @Test
  void tellsNumbersApartThatAreWrittenDifferently() {
    assertThat(Json.canonical(Json.parse("12.5"))).isNotEqualTo(Json.canonical(Json.parse("12.50")));
  }

  @Test
  void leavesTheValueAsItIsWhenItMakesItCanonical() {
    JsonNode value = Json.parse("{\"b\":{\"d\":1,\"c\":2},\"a\":[{\"z\":1,\"y\":2}]}");
    Json.canonical(value);
    assertThat(Json.write(value)).isEqualTo("{\"b\":{\"d\":1,\"c\":2},\"a\":[{\"z\":1,\"y\":2}]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\"b\\c/\n\u0000\u007f", "Zo\u00eb \u6728 \ud83c\udf92", "half of a pair: \ud83c", "\udf92 the other"})
  void escapesEveryKindOfCharacterAlike(String text) {
    String ascii = Json.ascii(Json.write(TextNode.valueOf(text)));
    assertThat(Json.writeAscii(TextNode.valueOf(text))).isEqualTo(ascii);
    assertThat(Json.text(text)).isEqualTo(ascii);
    assertThat(Json.parse(ascii).textValue()).isEqualTo(text);
  }

  @Property(tries = 500)
  void escapesWhatIsNotAsciiWithoutChangingTheValue(@ForAll String text) {
    String json = Json.write(TextNode.valueOf(text));
    String ascii = Json.ascii(json);
    assertThat(ascii.chars()).allMatch(c -> c < 0x80);
    assertThat(Json.parse(ascii).textValue()).isEqualTo(text);
    assertThat(Json.writeAscii(TextNode.valueOf(text))).isEqualTo(ascii);
    assertThat(Json.text(text)).isEqualTo(ascii);
  }
}
