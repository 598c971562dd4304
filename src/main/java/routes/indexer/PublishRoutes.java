package routes.indexer;

import event.EventCodec;
import event.UpdateEvent;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import queue.IndexQueue;

/**
 * Step 4, second half: for the ids in the queue, emits UPDATE events with product data, a window of chunks at a time, and
 * takes a chunk off the queue when the product data service has it.
 */
public class PublishRoutes extends RouteBuilder {

  @Override
  public void configure() {
    IndexQueue queue = getContext().getRegistry().lookupByNameAndType("queue", IndexQueue.class);

    from("file:" + queue.chunkFolder() + "?noop=true&idempotent=false&autoCreate=false&initialDelay=0&delay=100"
            + "&sortBy=file:name&maxMessagesPerPoll=10000&eagerMaxMessagesPerPoll=true&exceptionHandler=#run")
        .routeId("indexer-publish-updates")
        .routeDescription(
            "Guaranteed Delivery: publishes the products of each chunk, and takes it off the queue when all are acknowledged.")
        .routeConfigurationId("run")
        .autoStartup(false)
        .threads().poolSize("{{publish.window}}").maxPoolSize("{{publish.window}}").maxQueueSize("0")
        .filter(method("run", "wants(${header." + Exchange.FILE_NAME + "})"))
        .convertBodyTo(String.class)
        .bean("queue", "parse(${header." + Exchange.FILE_NAME + "}, ${body})")
        .setVariable("whole", body())
        .to("direct:read-chunk")
        .bean("run", "admit")
        .setVariable("read", body())
        .setVariable("ackTimeoutMs", constant("{{ack.timeout-ms}}"))
        .split(method("updates", "events"))
            .to("direct:send-update")
            .bean("updates", "takeRejected")
        .end()
        .bean("run", "settle(${header." + Exchange.FILE_NAME + "}, ${variable.whole}, ${variable.read})")
        .filter(method("run", "allSettled")).to("seda:finish-run");

    from("direct:send-update")
        .routeId("indexer-send-update")
        .routeDescription("Request-Reply: sends an update and waits for its acknowledgement.")
        .errorHandler(noErrorHandler())
        .bean("acknowledgements", "expect")
        .setVariable("update", body())
        .transform().body(UpdateEvent.class, EventCodec::encodeUpdate)
        .to("direct:publish-update")
        .setBody(variable("update"))
        .bean("acknowledgements", "await(${body}, ${variable.ackTimeoutMs})")
        .bean("run", "acknowledged");
  }
}
