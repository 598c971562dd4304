package routes.verify;

import org.apache.camel.builder.RouteBuilder;

/**
 * Does each place hold what it should? The source says what the product data service should hold, and that says what an index
 * should.
 */
public class VerifyRoutes extends RouteBuilder {

  @Override
  public void configure() {
    from("timer:start?repeatCount=1&delay=0&exceptionHandler=#verification")
        .routeId("verify-start")
        .routeDescription("Process Manager: waits until nothing lags, reads all places at once, and compares what they have.")
        .routeConfigurationId("verify")
        .to("direct:await-quiet")
        .multicast().parallelProcessing().stopOnException()
            .to("direct:read-source", "direct:read-services")
        .end()
        .split(method("partitions", "numbers")).stopOnException()
            .bean("verification", "compare")
            .loopDoWhile(method("verification", "hasManySuspects")).to("direct:confirm-differences").end()
        .end()
        .loopDoWhile(method("verification", "hasSuspects")).to("direct:confirm-differences").end()
        .bean("verification", "finish");

    from("direct:await-quiet")
        .routeId("verify-await-quiet")
        .routeDescription("Polling Consumer: asks the services how they are, and goes on when no index lags.")
        .errorHandler(noErrorHandler())
        .split(method("places", "services")).stopOnException()
            .setVariable("place", body())
            .setBody().body(Place.class, Place::statusUrl)
            .to("direct:ask-service")
            .bean("verification", "checkQuiet")
        .end();

    from("direct:read-services")
        .routeId("verify-read-services")
        .routeDescription("Splitter: reads all services at once.")
        .routeConfigurationId("verify")
        .split(method("places", "services")).parallelProcessing().stopOnException()
            .to("direct:read-service")
        .end();
  }
}
