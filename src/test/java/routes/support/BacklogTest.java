package routes.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class BacklogTest {

  private static final int MAX_BYTES = 1 << 20;

  private final Backlog backlog = new Backlog(MAX_BYTES);
  private final DefaultCamelContext context = new DefaultCamelContext();

  private Exchange frame(int bytes) {
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setBody("x".repeat(bytes));
    return exchange;
  }

  private int offered(int bytes) {
    int taken = 0;
    while (taken < 100_000 && backlog.offer(frame(bytes))) {
      taken++;
    }
    return taken;
  }

  @Test
  void hasRoomForFewLargeFramesOrManySmallOnes() throws InterruptedException {
    assertThat(offered(250_000)).isEqualTo(4);
    while (backlog.poll(0, TimeUnit.SECONDS) != null) {
      assertThat(backlog.size()).isLessThan(4);
    }
    assertThat(offered(500)).isBetween(400, 500);
  }

  @Test
  void refusesAtOnceWhatFindsNoRoomAndTakesItWhenThereIs() throws InterruptedException {
    assertThat(offered(250_000)).isEqualTo(4);
    long begun = System.nanoTime();
    assertThat(backlog.offer(frame(250_000), 1, TimeUnit.MINUTES)).isFalse();
    assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(30));
    assertThat(backlog.take()).isNotNull();
    assertThat(backlog.offer(frame(250_000))).isTrue();
    assertThat(backlog.poll()).isNotNull();
    assertThat(backlog.offer(frame(250_000))).isTrue();
    assertThat(backlog.offer(frame(250_000))).isFalse();
  }

  @Test
  void takesOneFrameHoweverLargeAndRemindersAlways() throws InterruptedException {
    assertThat(backlog.offer(frame(2 * MAX_BYTES))).isTrue();
    assertThat(backlog.offer(frame(1))).isFalse();
    backlog.put(new DefaultExchange(context));
    assertThat(backlog).hasSize(2);
  }
}
