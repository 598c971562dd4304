package endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Somebody else's program on the bus: one WebSocket of the JDK's client. */
public final class Peer implements AutoCloseable {

  private static final int SECONDS = 20;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** What one sends to see that a subscription stands; no peer counts it among its frames. */
  private static final String HELLO = "hello";

  private final CountDownLatch greeted = new CountDownLatch(1);
  private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final WebSocket socket;

  private Peer(int port, String path, boolean reads) {
    socket = HTTP.newWebSocketBuilder().buildAsync(URI.create("ws://127.0.0.1:" + port + path), new Listener(reads))
        .orTimeout(SECONDS, TimeUnit.SECONDS).join();
  }

  /** One that sends. */
  public static Peer publisher(int brokerPort, String topic) {
    return new Peer(brokerPort, "/publish/" + topic, true);
  }

  /** One that receives; the broker knows of it when this returns. */
  public static Peer subscriber(int brokerPort, String topic) {
    Peer peer = new Peer(brokerPort, "/subscribe/" + topic, true);
    try (Peer publisher = publisher(brokerPort, topic)) {
      Awaitility.await("subscription to " + topic).atMost(SECONDS, TimeUnit.SECONDS).until(() -> {
        publisher.send(HELLO);
        return peer.greeted.await(100, TimeUnit.MILLISECONDS);
      });
    }
    return peer;
  }

  /** One that connects to some path of the broker. */
  public static Peer at(int brokerPort, String path) {
    return new Peer(brokerPort, path, true);
  }

  /** One that has subscribed but does not read. */
  public static Peer stalledSubscriber(int brokerPort, String topic) {
    return new Peer(brokerPort, "/subscribe/" + topic, false);
  }

  /** One that connects to some path, and does not read. */
  public static Peer stalledAt(int port, String path) {
    return new Peer(port, path, false);
  }

  private final class Listener implements WebSocket.Listener {
    private final boolean reads;
    private final StringBuilder parts = new StringBuilder();

    Listener(boolean reads) {
      this.reads = reads;
    }

    @Override
    public void onOpen(WebSocket opened) {
      if (reads) {
        opened.request(Long.MAX_VALUE);
      }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      parts.append(part);
      if (last) {
        String frame = parts.toString();
        parts.setLength(0);
        if (frame.equals(HELLO)) {
          greeted.countDown();
        } else {
          frames.add(frame);
        }
      }
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket closed, int code, String reason) {
      ended.complete(null);
      return null;
    }

    @Override
    public void onError(WebSocket broken, Throwable error) {
      ended.complete(null);
    }
  }

  public void send(String frame) {
    socket.sendText(frame, true).orTimeout(SECONDS, TimeUnit.SECONDS).join();
  }

  /** The underlying socket, to send what is no text. */
  public WebSocket socket() {
    return socket;
  }

  /** The next frame; fails when none comes. */
  public String next() {
    try {
      String frame = frames.poll(SECONDS, TimeUnit.SECONDS);
      assertThat(frame).as("a frame within %d s", SECONDS).isNotNull();
      return frame;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The next frame, or null if none comes in time. */
  public String poll(long milliseconds) throws InterruptedException {
    return frames.poll(milliseconds, TimeUnit.MILLISECONDS);
  }

  /** The next frames. */
  public List<String> next(int count) {
    List<String> received = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      received.add(next());
    }
    return received;
  }

  /** What has come and was not asked for yet. */
  public List<String> waiting() {
    return List.copyOf(frames);
  }

  /** Completes when the other side has ended the connection. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public void close() {
    socket.abort();
  }
}
