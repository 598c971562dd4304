package routes.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import routes.support.ConfigurationException;

class ProductIdsTest {

  @TempDir
  private Path folder;

  private static List<String> ids(String value) {
    List<String> ids = new ArrayList<>();
    new ProductIds(value).ids().forEachRemaining(ids::add);
    return ids;
  }

  private String file(String text) throws IOException {
    return "@" + Files.writeString(folder.resolve("ids.txt"), text, StandardCharsets.UTF_8);
  }

  @Test
  void isNoLimitWhenItIsEmpty() {
    assertThat(new ProductIds("").isLimited()).isFalse();
    assertThat(new ProductIds(" ").digest()).isEmpty();
    assertThat(new ProductIds("1").isLimited()).isTrue();
  }

  @Test
  void readsAListWithOrWithoutSpaces() {
    assertThat(ids("1,2,3")).containsExactly("1", "2", "3");
    assertThat(ids(" 1, a b ,é ")).containsExactly("1", "a b", "é");
    assertThat(ids("17")).containsExactly("17");
  }

  @Test
  void readsEachLineOfAFileAsItIs() throws IOException {
    assertThat(ids(file("1\n a,b \né\r\n@x"))).containsExactly("1", " a,b ", "é", "@x");
    assertThat(ids(file("1\n2\n"))).containsExactly("1", "2");
  }

  @Test
  void readsAFileAsAStream() throws IOException {
    // Its end is bad: whoever reads all of it first does not get to the beginning.
    ProductIds ids = new ProductIds(file("1\n2\n"));
    Files.writeString(folder.resolve("ids.txt"), "7\n".repeat(100_000) + "\n");
    Iterator<String> each = ids.ids();
    assertThat(each.next()).isEqualTo("7");
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> each.forEachRemaining(id -> {}))
        .withMessageContaining("the id number 100001 is empty");
    ((Closeable) each).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {",", "1,", ",1", "1,,2", "1, ,2"})
  void refusesAnEmptyElement(String value) {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> new ProductIds(value))
        .withMessageStartingWith("product.ids must be").withMessageEndingWith("is empty");
  }

  @Test
  void refusesAFileThatCannotBeRead() throws IOException {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> new ProductIds("@" + folder.resolve("nowhere")))
        .withMessageContaining("product.ids").withMessageContaining("nowhere");
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> new ProductIds(file("")))
        .withMessageContaining("has no ids");
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> new ProductIds(file("1\n\n2")))
        .withMessageContaining("the id number 2 is empty");
    Files.write(folder.resolve("latin"), "1\n2\né\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> new ProductIds("@" + folder.resolve("latin")))
        .withMessageContaining("it is not UTF-8");
  }

  @Test
  void tellsTheSameIdsByTheirDigestHoweverTheyAreGiven() throws IOException {
    String digest = new ProductIds("1,2,3").digest();
    assertThat(new ProductIds("1, 2,3").digest()).isEqualTo(digest);
    assertThat(new ProductIds(file("1\n2\n3\n")).digest()).isEqualTo(digest);
    assertThat(List.of("1,2", "3,2,1", "12,3", "1,23")).noneMatch(other -> new ProductIds(other).digest().equals(digest));
  }
}
