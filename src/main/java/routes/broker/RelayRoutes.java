package routes.broker;

import org.apache.camel.builder.RouteBuilder;

/** The relay: what comes in on {@code /publish/{topic}} goes out to everyone on {@code /subscribe/{topic}}, in order. */
public class RelayRoutes extends RouteBuilder {

  private static final String SERVER = "vertx-websocket:{{broker.host}}:{{broker.port}}";
  private static final String OPTIONS = "router=#relayRouter&serverOptions=#relayServerOptions&exceptionHandler=#oneLine";

  @Override
  public void configure() {
    from(SERVER + "/subscribe/{topic}?fireWebSocketConnectionEvents=true&" + OPTIONS)
        .routeId("broker-admit-subscribers")
        .routeDescription("Channel Adapter: keeps the open sockets of each topic's subscribers.")
        .startupOrder(1)
        .bean("subscribers", "connection");

    from(SERVER + "/publish/{topic}?" + OPTIONS)
        .routeId("broker-relay-events")
        .routeDescription("Publish-Subscribe Channel: sends each event to all subscribers of its topic.")
        .startupOrder(2)
        .bean("subscribers", "relay");
  }
}
