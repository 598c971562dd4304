package routes.indexer;

import event.EventCodec;
import event.Topic;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** What a run begins and ends with, and the acknowledgements that come in between. */
public class RunRoutes extends RouteBuilder {

  @Override
  public void configure() {
    templatedRoute("subscribe")
        .routeId("indexer-subscribe-acknowledgements")
        .parameter("topic", Topic.ACK)
        .parameter("subscriber", "indexer")
        .parameter("to", "direct:receive-acknowledgement");

    from("direct:receive-acknowledgement")
        .routeId("indexer-receive-acknowledgement")
        .routeDescription("Correlation Identifier: gives each acknowledgement to the update that waits for it.")
        .transform().body(String.class, EventCodec::decodeAck)
        .bean("acknowledgements", "receive");

    from("direct:greet-product-data")
        .routeId("indexer-greet-product-data")
        .routeDescription("Request-Reply: waits until broker and product data service are there, by an update of nothing.")
        .routeConfigurationId("run")
        .setVariable("ackTimeoutMs", constant("{{startup.retry-ms}}"))
        .setBody(method("updates", "greeting"))
        .to("direct:send-update");

    from("seda:finish-run?exceptionHandler=#run")
        .routeId("indexer-finish-run")
        .routeDescription("Process Manager: when the last chunk is off the queue, sweeps after a full index, and ends the run.")
        .routeConfigurationId("run")
        .filter(method("run", "sweeps")).to("direct:sweep").end()
        .filter(method("run", "allSettled"))
            .bean("run", "finish")
            .to("direct:await-indexes")
            .bean("run", "close");

    from("direct:await-indexes")
        .routeId("indexer-await-indexes")
        .routeDescription("Polling Consumer: where there is a next step, waits for a while until searches show what was indexed.")
        .errorHandler(noErrorHandler())
        .loopDoWhile(method("run", "awaitsIndexes"))
            .delay(simple("{{startup.retry-ms}}")).syncDelayed()
            .removeHeaders("*")
            .setHeader(Exchange.HTTP_PATH, constant("/status"))
            .doTry()
                .to("direct:ask-product-data")
                .bean("run", "indexed")
            .doCatch(Exception.class)
                .log(LoggingLevel.DEBUG, "It is asked again: ${exception.message}")
            .end()
        .end();
  }
}
