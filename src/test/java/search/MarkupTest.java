package search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkupTest {

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "A plain text, as it is.                      | A plain text, as it is.",
      "<b class=\"x\">Warm</b> wool                 | Warm wool",
      "Salt &amp; pepper, 5 &lt; 7                  | Salt & pepper, 5 < 7",
      "3 < 4 and 5 > 4                              | 3 < 4 and 5 > 4",
      "caf&eacute;<!-- a note --><script>x</script> | café"
  })
  void leavesTheWords(String text, String words) {
    assertThat(Markup.strip(text).strip()).isEqualTo(words);
  }
}
