package routes.indexer;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import queue.Chunk;
import queue.IndexQueue;
import routes.source.Rows;

/** Steps 2 and 3: the command lists the ids of the products in the database, and queues them in files, in chunks. */
public class EnqueueRoutes extends RouteBuilder {

  @Override
  public void configure() {
    IndexQueue queue = getContext().getRegistry().lookupByNameAndType("queue", IndexQueue.class);

    from("timer:start?repeatCount=1&delay=0&exceptionHandler=#run")
        .routeId("indexer-start")
        .routeDescription("Process Manager: fills the queue, unless it is filled already, and starts to publish it.")
        .routeConfigurationId("run")
        .filter(method("sql", "isSample"))
            .setBody(method("sql", "sampleSql")).to("jdbc:source")
        .end()
        .choice()
            .when(method("run", "resumes")).bean("queue", "resume")
            .otherwise().to("direct:list-ids")
        .end()
        .to("direct:greet-product-data")
        .filter(method("run", "mustCount")).to("direct:count-products").end()
        .bean("run", "begin")
        .to("controlbus:route?routeId=indexer-publish-updates&action=start")
        .filter(method("run", "allSettled")).to("seda:finish-run");

    from("direct:list-ids")
        .routeId("indexer-list-ids")
        .routeDescription("Splitter: streams the ids from the database, or those that were given, into a file for each chunk.")
        .errorHandler(noErrorHandler())
        .bean("queue", "beginListing")
        .setBody(constant("{{source.clock-sql}}")).to("jdbc:source?outputType=SelectOne")
        .setVariable("listedAt", method(Rows.class, "microseconds"))
        .choice()
            .when(method("productIds", "isLimited"))
                .setBody(method("productIds", "ids"))
                .split(simple("${collate({{queue.chunk-size}})}")).streaming().stopOnException()
                    .bean("sourceColumns", "chunk").to("direct:queue-chunk")
                .end()
            .endChoice()
            .otherwise()
                .setBody(method("sql", "idsSql"))
                .to("jdbc:source?outputType=StreamList&resetAutoCommit=false&statement.fetchSize=1000"
                    + "&connectionStrategy=#streaming")
                .split(simple("${collate({{queue.chunk-size}})}")).streaming().stopOnException()
                    .bean(Rows.class, "chunk").to("direct:queue-chunk")
                .end()
        .end()
        .bean("run", "listed(${variable.listedAt})");

    from("direct:queue-chunk")
        .routeId("indexer-queue-chunk")
        .routeDescription("Channel Adapter: writes a chunk into a file of the queue.")
        .errorHandler(noErrorHandler())
        .bean("run", "goOn")
        .setHeader(Exchange.FILE_NAME, method("queue", "nextChunkName"))
        .transform().body(Chunk.class, Chunk::json)
        .to("file:" + queue.listingFolder());
  }
}
