package routes.bus.websocket;

import event.Topic;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.support.Reason;

/**
 * Knows whether the broker is there, and says once when it is not and once when it is again. It keeps a socket of its own, on
 * which nothing is ever sent: those of the routes can't be asked. Thread safe.
 */
public class BrokerLink {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerLink.class);

  private static final int RETRY_MS = 1_000;

  /** A broker that is started at the same time is not missed. */
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final String host;
  private final int port;
  private final long createdAt = System.nanoTime();
  private final AtomicBoolean down = new AtomicBoolean();
  private volatile boolean connected;
  private volatile boolean ended;

  /**
   * @param host where the broker listens
   */
  public BrokerLink(String host, int port) {
    this.host = host;
    this.port = port;
  }

  /** Where the broker listens. */
  public String address() {
    return host + ":" + port;
  }

  /** Connects, and again whenever the connection was lost. */
  void watch(Vertx vertx, int connectTimeoutMs) {
    connect(vertx, vertx.createWebSocketClient(new WebSocketClientOptions().setConnectTimeout(connectTimeoutMs)));
  }

  private void connect(Vertx vertx, WebSocketClient client) {
    client.connect(port, host, "/publish/" + Topic.ACK)
        .onSuccess(socket -> opened(vertx, client, socket))
        .onFailure(e -> {
          if (System.nanoTime() - createdAt > START_NANOS) {
            down(e);
          }
          connectLater(vertx, client);
        });
  }

  private void opened(Vertx vertx, WebSocketClient client, WebSocket socket) {
    connected = true;
    up();
    socket.exceptionHandler(e -> LOG.debug("The socket failed", e));
    socket.closeHandler(closed -> {
      connected = false;
      down("it closed the connection");
      connectLater(vertx, client);
    });
  }

  private void connectLater(Vertx vertx, WebSocketClient client) {
    if (!ended) {
      vertx.setTimer(RETRY_MS, timer -> connect(vertx, client));
    }
  }

  /** The process is to end: from now on nothing is said. */
  void end() {
    ended = true;
  }

  /** Whether the connection stands. */
  public boolean connected() {
    return connected;
  }

  /** An event was sent. */
  public void up() {
    if (down.get() && down.compareAndSet(true, false) && !ended) {
      LOG.info("The broker at {} is there again", address());
    }
  }

  /** An event was not sent, and is lost. */
  public void down(Throwable reason) {
    down(Reason.of(reason));
  }

  private void down(String reason) {
    if (!ended && down.compareAndSet(false, true)) {
      LOG.warn("The broker at {} can't be reached; what is lost meanwhile is made good for later ({})", address(), reason);
    }
  }
}
