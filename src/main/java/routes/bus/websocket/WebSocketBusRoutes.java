package routes.bus.websocket;

import event.Topic;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.vertx.websocket.VertxWebsocketComponent;
import org.apache.camel.spi.ExceptionHandler;

/**
 * How events travel: the only place that knows the transport. A stage publishes to {@code direct:publish-<topic>}, and
 * subscribes with the template {@code subscribe}.
 */
public class WebSocketBusRoutes extends RouteBuilder {

  private static final String BROKER = "vertx-websocket:{{broker.host}}:{{broker.port}}";
  private static final String OPTIONS = "clientOptions=#busClientOptions";

  @Override
  public void configure() throws Exception {
    getContext().addStartupListener((context, alreadyStarted) -> tellInOneLine(context));

    for (String topic : Topic.ALL) {
      // A websocket producer goes on on Vert.x's event loop, where another must not open its socket: hence the queue.
      from("direct:publish-" + topic)
          .routeId("bus-queue-" + topic)
          .routeDescription("Message Channel: hands an event over to the socket's thread, waiting while it is busy.")
          .removeHeaders("*")
          .to("seda:publish-" + topic + "?size={{bus.queue-events}}&blockWhenFull=true");

      from("seda:publish-" + topic + "?size={{bus.queue-events}}")
          .routeId("bus-publish-" + topic)
          .routeDescription("Channel Adapter: sends events to the broker, which may lose them.")
          .onException(Exception.class).handled(true).bean("brokerLink", "down(${exception})").end()
          .to(BROKER + "/publish/" + topic + "?" + OPTIONS)
          .bean("brokerLink", "up");
    }

    routeTemplate("subscribe")
        .templateParameter("topic", null, "what to subscribe to")
        .templateParameter("subscriber", null, "who does; tells the routes of one process apart")
        .templateParameter("to", null, "the endpoint that gets each event and must not wait")
        .from(BROKER + "/subscribe/{{topic}}?consumeAsClient=true&subscriber={{subscriber}}&exceptionHandler=#oneLine&" + OPTIONS)
            .routeDescription(
                "Channel Adapter: receives the events of a topic from the broker, and connects again when it was lost.")
            .removeHeaders("*")
            .to("{{to}}");
  }

  /** What no route meets: a frame that comes while the context stops, say. Vert.x would show a stack trace. */
  private static void tellInOneLine(CamelContext context) {
    ExceptionHandler oneLine = context.getRegistry().lookupByNameAndType("oneLine", ExceptionHandler.class);
    context.getComponent("vertx-websocket", VertxWebsocketComponent.class).getVertx().exceptionHandler(oneLine::handleException);
  }
}
