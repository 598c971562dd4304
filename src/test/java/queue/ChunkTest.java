package queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import product.Json;
import product.Rejection;

class ChunkTest {

  private static Chunk chunk(String ids) {
    List<JsonNode> nodes = new ArrayList<>();
    Json.parse(ids).forEach(nodes::add);
    return new Chunk(nodes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "[1,2,3]", "[\"a\",\"../ë 🎒\",\"\\\"\"]", "[12.50]", "[12345678901234567890]", "[1,\"1\"]",
      "[\"\"]"})
  void isReadAsItWasWritten(String ids) {
    assertThat(Chunk.parse(chunk(ids).json())).isEqualTo(chunk(ids));
  }

  @Test
  void isOneSmallJsonObject() {
    assertThat(chunk("[1, \"b\"]").json()).isEqualTo("{\"ids\":[1,\"b\"]}");
    assertThat(chunk("[1,2,3]").size()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "", "{", "{\"ids\":[1]", "[]", "[1]", "1", "null", "{}", "{\"ids\":[]}", "{\"ids\":1}", "{\"ids\":\"1\"}",
      "{\"ids\":[null]}", "{\"ids\":[1,{}]}", "{\"ids\":[true]}", "{\"ids\":[1]} x"})
  void refusesAFileThatIsNone(String json) {
    assertThatExceptionOfType(QueueException.class).isThrownBy(() -> Chunk.parse(json))
        .withMessageStartingWith("not a chunk of ids: ");
  }

  @Test
  void keepsWhatFailedWithTheReasonsAsAChunkThatCanBeTriedAgain() {
    String failed = chunk("[1,2,3,\"x\"]").failedJson(List.of(new Rejection("x", "ë\n"), new Rejection("2", "too \"large\"")));
    assertThat(Chunk.parse(failed)).isEqualTo(chunk("[2,\"x\"]"));
    assertThat(Json.parse(failed)).isEqualTo(
        Json.parse("{\"ids\":[2,\"x\"],\"reasons\":{\"2\":\"too \\\"large\\\"\",\"x\":\"ë\\n\"}}"));
  }

  @Test
  void splitsIntoAChunkForEachId() {
    assertThat(chunk("[1,\"a\"]").singles()).containsExactly(chunk("[1]"), chunk("[\"a\"]"));
  }

  @Test
  void isAParameterOfTheOneTypeThatItsIdsHave() {
    assertThat(chunk("[1,2]").parameter()).isInstanceOf(Long[].class).containsExactly(1L, 2L);
    assertThat(new Chunk(List.of(LongNode.valueOf(Long.MAX_VALUE))).parameter()).containsExactly(Long.MAX_VALUE);
    assertThat(chunk("[\"a\",\"1\"]").parameter()).isInstanceOf(String[].class).containsExactly("a", "1");
    assertThat(chunk("[1,12.50]").parameter()).isInstanceOf(BigDecimal[].class)
        .containsExactly(BigDecimal.ONE, new BigDecimal("12.50"));
    assertThat(chunk("[12345678901234567890]").parameter()).isInstanceOf(BigDecimal[].class)
        .containsExactly(new BigDecimal("12345678901234567890"));
    assertThat(new Chunk(List.of(LongNode.valueOf(1), TextNode.valueOf("a"))).parameter()).isInstanceOf(String[].class)
        .containsExactly("1", "a");
  }
}
