package routes.services;

import org.apache.camel.builder.RouteBuilder;

/** What every process with an API answers: its status, the description of the API, and problems for all that there is not. */
public class ServiceRoutes extends RouteBuilder {

  @Override
  public void configure() throws Exception {
    getContext().addStartupListener((context, alreadyStarted) -> {
      RequestGuard.register(context);
      NoSuchResource.register(context);
    });

    rest()
        .produces("application/json")
        .get("/status").to("direct:get-status")
        .get("/openapi.json").to("direct:get-openapi");

    from("direct:get-status")
        .routeId("services-get-status")
        .routeDescription("Request-Reply: answers with queues, products and indexes, as far as this process knows of them.")
        .routeConfigurationId("rest")
        .bean("status", "answer");

    from("timer:sample-status?delay=0&period=500")
        .routeId("services-sample-status")
        .routeDescription("Control Bus: takes note of how far products and indexes are, for the rates in the status.")
        .bean("status", "sample");

    from("direct:get-openapi")
        .routeId("services-get-openapi")
        .routeDescription("Request-Reply: answers with the description of the API.")
        .routeConfigurationId("rest")
        .bean(OpenApi.class, "answer");
  }
}
