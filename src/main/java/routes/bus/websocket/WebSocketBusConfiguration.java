package routes.bus.websocket;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Configuration;
import org.apache.camel.PropertyInject;
import org.apache.camel.component.vertx.websocket.VertxWebsocketComponent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.support.Lifecycle;
import routes.support.Status;

/** The sockets of publishers and subscribers: no compression, frames and messages of the same size as the broker's. */
@Configuration
public class WebSocketBusConfiguration implements CamelConfiguration {

  private static final Logger LOG = LoggerFactory.getLogger(WebSocketBusConfiguration.class);

  /** One line for what goes wrong on an event loop. The component cannot take frames any more while it stops. */
  @Override
  public void configure(CamelContext context) throws Exception {
    context.addStartupListener((started, alreadyStarted) -> {
      Vertx vertx = context.getComponent("vertx-websocket", VertxWebsocketComponent.class).getVertx();
      vertx.exceptionHandler(e -> {
        if (context.isStopping() || context.isStopped()) {
          LOG.debug("An event came while this process stops", e);
        } else {
          LOG.warn("A connection failed: {}", e.toString());
        }
      });
      bean(context, "brokerLink", BrokerLink.class)
          .watch(vertx, bean(context, "busClientOptions", HttpClientOptions.class).getConnectTimeout());
    });
  }

  private static <T> T bean(CamelContext context, String name, Class<T> type) {
    return context.getRegistry().lookupByNameAndType(name, type);
  }

  @BindToRegistry(value = "brokerLink", lazy = true)
  public BrokerLink brokerLink(
      CamelContext context, @PropertyInject("broker.host") String host, @PropertyInject("broker.port") int port) {
    BrokerLink link = new BrokerLink(host, port);
    Lifecycle.onStopping(context, link::end);
    bean(context, "status", Status.class).addBroker(link.address(), link::connected);
    return link;
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
