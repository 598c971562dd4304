package routes.broker;

import io.vertx.core.http.ServerWebSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.apache.camel.component.vertx.websocket.VertxWebsocketConstants;
import org.apache.camel.component.vertx.websocket.VertxWebsocketEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sockets of the subscribers. A frame is written to each without waiting; a subscriber that has stopped reading is
 * disconnected as soon as its buffer is full, so that it neither holds up the others nor makes memory grow. It catches up
 * from the change feed, or is sent again what it did not acknowledge. Thread safe.
 */
public class Subscribers {

  private static final Logger LOG = LoggerFactory.getLogger(Subscribers.class);

  private final Map<String, Map<String, ServerWebSocket>> byTopic = new ConcurrentHashMap<>();
  private final int bufferBytes;

  /**
   * @param bufferBytes how much may wait for one subscriber
   */
  public Subscribers(int bufferBytes) {
    this.bufferBytes = bufferBytes;
  }

  /** Takes note of a socket that opened or closed; what a subscriber sends is ignored. */
  public void connection(
      @Header("topic") String topic,
      @Header(VertxWebsocketConstants.EVENT) VertxWebsocketEvent event,
      @Header(VertxWebsocketConstants.CONNECTION_KEY) String key,
      @Body Object body) {
    Map<String, ServerWebSocket> sockets = byTopic.computeIfAbsent(topic, any -> new ConcurrentHashMap<>());
    if (event == VertxWebsocketEvent.OPEN && body instanceof ServerWebSocket socket && !socket.isClosed()) {
      socket.setWriteQueueMaxSize(bufferBytes);
      sockets.put(key, socket);
    } else if (event == VertxWebsocketEvent.CLOSE) {
      sockets.remove(key);
    }
  }

  /** Sends a frame to all subscribers of a topic. */
  public void relay(@Header("topic") String topic, @Body Object frame) {
    if (!(frame instanceof String text)) {
      LOG.warn("Dropped a binary frame on {}: an event is one text frame of JSON", topic);
      return;
    }
    byTopic.getOrDefault(topic, Map.of()).forEach((key, socket) -> {
      if (socket.isClosed()) {
        byTopic.get(topic).remove(key);
      } else if (socket.writeQueueFull()) {
        LOG.warn("Disconnected {} from {}: it stopped reading, and {} bytes wait for it", socket.remoteAddress(), topic,
            bufferBytes);
        byTopic.get(topic).remove(key);
        socket.close();
      } else {
        socket.writeTextMessage(text);
      }
    });
  }
}
