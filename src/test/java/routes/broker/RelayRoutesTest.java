package routes.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import endtoend.Backend;
import endtoend.LogCapture;
import endtoend.Peer;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClientOptions;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The relay as a process of its own, and clients that are not ours. */
@Timeout(60)
class RelayRoutesTest {

  private static final int BUFFER_BYTES = 4 << 20;

  @TempDir
  private static Path folder;

  private static Backend backend;
  private static int port;

  @BeforeAll
  static void startsTheBroker() {
    backend = new Backend(folder).with("broker.subscriber-buffer-bytes", BUFFER_BYTES);
    backend.start("broker");
    port = backend.brokerPort();
  }

  @AfterAll
  static void stops() {
    backend.close();
  }

  private static List<String> frames(String name, int count) {
    return IntStream.range(0, count).mapToObj(i -> name + " " + i).toList();
  }

  @Test
  void everySubscriberGetsTheFramesOfEachPublisherInTheirOrder() {
    try (Peer first = Peer.subscriber(port, "update");
        Peer second = Peer.subscriber(port, "update");
        Peer other = Peer.subscriber(port, "index")) {
      List<CompletableFuture<Void>> sending = new ArrayList<>();
      for (String name : List.of("one", "two", "three", "four")) {
        sending.add(CompletableFuture.runAsync(() -> {
          try (Peer publisher = Peer.publisher(port, "update")) {
            frames(name, 2_000).forEach(publisher::send);
            // The frames have arrived when the last one comes back, so that closing loses none.
            await().atMost(Duration.ofSeconds(30)).until(() -> first.waiting().contains(name + " 1999"));
          }
        }));
      }
      sending.forEach(CompletableFuture::join);

      for (Peer subscriber : List.of(first, second)) {
        List<String> received = subscriber.next(8_000);
        for (String name : List.of("one", "two", "three", "four")) {
          assertThat(received.stream().filter(frame -> frame.startsWith(name + " "))).isEqualTo(frames(name, 2_000));
        }
        assertThat(subscriber.waiting()).isEmpty();
      }
      assertThat(other.waiting()).as("another topic").isEmpty();
    }
  }

  @Test
  void largeFramesOfSeveralPublishersArriveWholeAndUnmixed() {
    try (Peer subscriber = Peer.subscriber(port, "index");
        Peer a = Peer.publisher(port, "index");
        Peer b = Peer.publisher(port, "index")) {
      // 1 MiB in UTF-8, which the JDK's client sends in many fragments.
      String[] large = {"木🥊".repeat((1 << 20) / 7), "x".repeat(1 << 20)};
      for (int i = 0; i < 20; i++) {
        CompletableFuture<Void> beside = CompletableFuture.runAsync(() -> a.send(large[0]));
        b.send(large[1]);
        beside.join();

        // Not by AssertJ's own message, which would be megabytes long.
        assertThat(Set.copyOf(subscriber.next(2)).equals(Set.of(large))).isTrue();
      }
    }
  }

  @Test
  void anUnknownTopicIsNotFound() {
    for (String path : List.of("/publish/prices", "/subscribe/prices", "/nowhere/update", "/", "/publish/update/more")) {
      assertThatThrownBy(() -> Peer.at(port, path)).as(path)
          .cause().isInstanceOfSatisfying(WebSocketHandshakeException.class, e ->
              assertThat(e.getResponse().statusCode()).isEqualTo(404));
    }
    assertThat(backend.get(port, "/publish/prices").statusCode()).isEqualTo(404);
  }

  @Test
  void aTopicInTheQueryIsRefused() {
    assertThat(backend.get(port, "/publish/update?topic=index").statusCode()).isEqualTo(400);
  }

  @Test
  void aSubscriberThatDoesNotReadIsDisconnectedAndAHealthyOneGetsEveryFrame() {
    try (LogCapture log = new LogCapture();
        Peer healthy = Peer.subscriber(port, "update");
        Peer stalled = Peer.stalledSubscriber(port, "update");
        Peer publisher = Peer.publisher(port, "update")) {
      String padding = "x".repeat(200_000);
      // Ten times what the relay keeps for a subscriber, beside what the sockets hold.
      int count = 10 * BUFFER_BYTES / padding.length();
      for (int i = 0; i < count; i++) {
        publisher.send(i + " " + padding);
        assertThat(healthy.next()).startsWith(i + " ");
      }

      assertThat(log.complaints()).filteredOn(line -> line.contains("stopped reading"))
          .hasSize(1).first().asString().contains("from update", BUFFER_BYTES + " bytes");
      assertThat(stalled.ended()).isNotDone();
      stalled.socket().request(Long.MAX_VALUE);
      assertThat(stalled.ended()).succeedsWithin(Duration.ofSeconds(20));
      assertThat(stalled.waiting()).hasSizeLessThan(count);
    }
  }

  @Test
  void aTooLargeFrameEndsItsSendersConnectionAlone() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (Peer subscriber = Peer.subscriber(port, "ack"); Peer good = Peer.publisher(port, "ack");
        LogCapture log = new LogCapture()) {
      CompletableFuture<Void> badEnded = new CompletableFuture<>();
      vertx.createWebSocketClient(new WebSocketClientOptions().setMaxFrameSize(8 << 20))
          .connect(port, "127.0.0.1", "/publish/ack")
          .onSuccess(bad -> bad.closeHandler(badEnded::complete).writeFinalTextFrame("x".repeat((2 << 20) + 1)))
          .onFailure(badEnded::completeExceptionally);
      good.send("before");

      assertThat(badEnded).succeedsWithin(Duration.ofSeconds(20));
      good.send("after");
      assertThat(subscriber.next(2)).containsExactly("before", "after");
      assertThat(log.complaints()).filteredOn(line -> line.contains("2097152")).hasSize(1);
      assertThat(log.complaints()).filteredOn(line -> line.contains("\tat ")).isEmpty();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void aTooLargeMessageOfManyFramesIsDroppedWithAReasonAndTheNextOnePasses() {
    try (Peer subscriber = Peer.subscriber(port, "ack"); Peer publisher = Peer.publisher(port, "ack");
        LogCapture log = new LogCapture()) {
      publisher.send("x".repeat(5 << 20));
      publisher.send("small");

      assertThat(subscriber.next()).isEqualTo("small");
      assertThat(log.complaints()).singleElement().asString().contains("2097152");
      assertThat(log.stackTraces()).isEmpty();
    }
  }

  @Test
  void aBinaryFrameIsDroppedWithAReasonAndTheNextTextPasses() {
    try (Peer subscriber = Peer.subscriber(port, "ack"); Peer publisher = Peer.publisher(port, "ack");
        LogCapture log = new LogCapture()) {
      publisher.socket().sendBinary(ByteBuffer.wrap(new byte[] {1, 2, 3}), true).join();
      publisher.send("text");

      assertThat(subscriber.next()).isEqualTo("text");
      assertThat(log.complaints()).singleElement().asString().contains("binary frame on ack");
    }
  }

  @Test
  void whatASubscriberSendsGoesNowhere() {
    try (Peer talkative = Peer.subscriber(port, "ack"); Peer quiet = Peer.subscriber(port, "ack");
        Peer publisher = Peer.publisher(port, "ack")) {
      talkative.send("not an event");
      publisher.send("event");

      assertThat(quiet.next()).isEqualTo("event");
      assertThat(talkative.next()).isEqualTo("event");
    }
  }

  @Test
  void anEmptyFrameAndOneOfTheGreatestSizePass() {
    String greatest = "x".repeat(2 << 20);
    try (Peer subscriber = Peer.subscriber(port, "update"); Peer publisher = Peer.publisher(port, "update")) {
      publisher.send("");
      publisher.send(greatest);

      assertThat(subscriber.next(2)).containsExactly("", greatest);
    }
  }
}
