package routes.services.page;

import org.apache.camel.builder.RouteBuilder;

/** The page at {@code /}, for people who would rather look than read: what it is pushed, and what its buttons do. */
public class PageRoutes extends RouteBuilder {

  @Override
  public void configure() throws Exception {
    getContext().addStartupListener((context, alreadyStarted) -> PageServer.register(context));

    from("timer:push-live?delay=0&period={{page.interval-ms}}")
        .routeId("services-push-live")
        .routeDescription("Publish-Subscribe Channel: tells all pages that are open how things are.")
        .bean("live", "push");

    rest("/queues")
        .produces("application/json")
        .get("/{id}/failures").to("direct:list-failures")
        .post("/{id}/retry").to("direct:retry-queue");

    from("direct:list-failures")
        .routeId("services-list-failures")
        .routeDescription("Request-Reply: answers with the products of a queue that failed, and the reasons.")
        .routeConfigurationId("rest")
        .bean("queueRequests", "failures");

    from("direct:retry-queue")
        .routeId("services-retry-queue")
        .routeDescription("Process Manager: starts an indexer in this process that goes on with a queue and tries again what failed.")
        .routeConfigurationId("rest")
        .bean("queueRequests", "retry");
  }
}
