package search;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
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

  @Property(tries = 5_000)
  void isWhatTheFilterMakesOfIt(@ForAll("texts") String text) {
    assertThat(Markup.strip(text)).isEqualTo(Markup.filtered(text));
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> pieces = Arbitraries.frequencyOf(
        Tuple.of(6, Arbitraries.of("<p>", "</p>", "<li>", "<BR/>", "<b>", "</strong>", "<h1>", "<x>", "<q2>", "<s>", "&amp;", "&nbsp;", "&Eacute;",
            "&lt;", "&unknown;", "&frac12;", "caf\u00e9 ", "warm", " ", "\n", "\uD83C\uDF42", ";", "1")),
        Tuple.of(1, Arbitraries.of("<", ">", "&", "</", "/>", "<p class='x'>", "<!-- a -->", "<!--", "-->", "<script>", "</script>", "<style>", "</style>",
            "&#39;", "&#xD83D;", "&#xDE00;", "&amp", "<br />", "<p", "\"", "<![CDATA[", "]]>", "<?x?>", "&;", "<1>", "<p\uD83C>")));
    return pieces.list().ofMaxSize(20).map(parts -> String.join("", parts));
  }
}
