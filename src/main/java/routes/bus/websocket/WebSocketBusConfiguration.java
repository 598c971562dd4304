package routes.bus.websocket;

import io.vertx.core.http.HttpClientOptions;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.Configuration;
import org.apache.camel.PropertyInject;

/** The sockets of publishers and subscribers: no compression, frames and messages of the same size as the broker's. */
@Configuration
public class WebSocketBusConfiguration implements CamelConfiguration {

  @BindToRegistry(value = "brokerLink", lazy = true)
  public BrokerLink brokerLink(@PropertyInject("broker.host") String host, @PropertyInject("broker.port") int port) {
    return new BrokerLink(host + ":" + port);
  }

  @BindToRegistry(value = "busClientOptions", lazy = true)
  public HttpClientOptions clientOptions(
      @PropertyInject("bus.max-frame-bytes") int maxFrameBytes, @PropertyInject("bus.connect-timeout-ms") int connectTimeout) {
    return new HttpClientOptions()
        .setConnectTimeout(connectTimeout)
        .setTryUsePerMessageWebSocketCompression(false)
        .setTryUsePerFrameWebSocketCompression(false)
        .setMaxWebSocketFrameSize(maxFrameBytes)
        .setMaxWebSocketMessageSize(maxFrameBytes);
  }
}
