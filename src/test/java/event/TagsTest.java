package event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TagsTest {

  @Test
  void concernsWhoeverAcceptsOneOfThem() {
    assertThat(Tags.accepts(Set.of("*", "price"), List.of("price"))).isTrue();
    assertThat(Tags.accepts(Set.of("*", "price"), List.of("stock", "price"))).isTrue();
    assertThat(Tags.accepts(Set.of("*", "price"), List.of("*"))).isTrue();
    assertThat(Tags.accepts(Set.of("*", "price"), List.of("stock"))).isFalse();
    assertThat(Tags.accepts(Set.of("price"), List.of("*"))).as("who wants full updates says so").isFalse();
    assertThat(Tags.accepts(Set.of("*"), List.of())).isFalse();
  }

  @Test
  void makesAnUpdateFullWhenItCarriesAll() {
    assertThat(new UpdateEvent("e", "q", List.of("*"), 1, List.of(), List.of()).full()).isTrue();
    assertThat(new UpdateEvent("e", "q", List.of("price"), 1, List.of(), List.of()).full()).isFalse();
  }
}
