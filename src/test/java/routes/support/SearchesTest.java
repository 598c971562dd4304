package routes.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SearchesTest {

  private final Searches searches = new Searches(250);

  private void take(long milliseconds) {
    searches.took(TimeUnit.MILLISECONDS.toNanos(milliseconds));
  }

  @Test
  void haveOneWaitAsLongAsTheyTookSinceTheLastTime() {
    assertThat(searches.pauseMs()).isZero();
    take(20);
    take(30);
    assertThat(searches.pauseMs()).isEqualTo(50);
    assertThat(searches.pauseMs()).as("what was waited for").isZero();
  }

  @Test
  void neverHaveOneWaitLongerThanIsAllowed() {
    take(10_000);
    assertThat(searches.pauseMs()).isEqualTo(250);
    assertThat(searches.pauseMs()).as("the rest is forgotten").isZero();
  }

  @Test
  void haveNobodyWaitWhereNoTimeIsAllowed() {
    Searches none = new Searches(0);
    none.took(TimeUnit.SECONDS.toNanos(1));
    assertThat(none.pauseMs()).isZero();
  }

  @Test
  void countLessThanAMillisecondToo() {
    for (int i = 0; i < 100; i++) {
      searches.took(TimeUnit.MICROSECONDS.toNanos(100));
    }
    assertThat(searches.pauseMs()).isEqualTo(10);
  }
}
