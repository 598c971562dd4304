package interfaces;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import product.Json;

/** A socket to a channel of the broker, as any client would open one. Keeps all text frames that come. */
final class Channel implements AutoCloseable {

  private static final long TIMEOUT_SECONDS = 10;

  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final List<JsonNode> frames = new CopyOnWriteArrayList<>();
  private final WebSocket socket;

  private Channel(URI address) throws Exception {
    socket = HttpClient.newHttpClient().newWebSocketBuilder()
        .buildAsync(address, new Listener())
        .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  static Channel open(URI address) throws Exception {
    return new Channel(address);
  }

  /** What came so far, in order. */
  List<JsonNode> frames() {
    return frames;
  }

  /** As {@link #frames}, as they came. */
  List<String> texts() {
    return texts;
  }

  void send(JsonNode event) throws Exception {
    socket.sendText(Json.write(event), true).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
  }

  private final class Listener implements WebSocket.Listener {

    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        texts.add(text.toString());
        frames.add(Json.parse(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }
}
