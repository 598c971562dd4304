package routes.status;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** The command status: asks the services how they are, says it, and ends. */
public class StatusRoutes extends RouteBuilder {

  @Override
  public void configure() {
    from("timer:tell-status?repeatCount=1&delay=0")
        .routeId("status-tell")
        .routeDescription("Scatter-Gather: asks every service how it is, and tells that and what the queues hold.")
        .split(method("survey", "urls"))
            .to("direct:ask-status")
        .end()
        .bean("survey", "tell");

    from("direct:ask-status")
        .routeId("status-ask-service")
        .routeDescription("Request-Reply: asks one service how it is, which may be down.")
        .setVariable("url", body())
        .doTry()
            .setHeader(Exchange.HTTP_METHOD, constant("GET"))
            .toD("${variable.url}/status")
            .convertBodyTo(String.class)
            .bean("survey", "answered(${variable.url}, ${body})")
        .doCatch(Exception.class)
            .bean("survey", "unreachable(${variable.url}, ${exception})")
        .end();
  }
}
