package routes.services.productdata;

import event.AckEvent;
import event.EventCodec;
import event.IndexEvent;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.util.concurrent.SynchronousExecutorService;
import routes.services.productdata.ProductData.Stored;
import routes.support.Bulk;

/** Step 5, storing: the product data service updates its own copy, and emits INDEX with the full product. */
public class UpdateRoutes extends RouteBuilder {

  /** Where updates wait that are read. */
  static final String READ = "seda:read-updates?size={{product-data.bulk-updates}}";
  private static final String STORED = "seda:stored-updates?size=1";

  @Override
  public void configure() {
    from(READ)
        .routeId("product-data-store-updates")
        .routeDescription("Idempotent Receiver: merges what waits into the store, as one commit to disk.")
        .aggregate(constant(true), new Bulk()).executorService(new SynchronousExecutorService())
            .completionSize("{{product-data.bulk-updates}}").completionPredicate(Bulk.isDue(getContext(), READ))
            .bean("productData", "store")
            .to(STORED + "&blockWhenFull=true")
            // A commit costs as much for one change as for ten: what comes in quick succession gathers meanwhile.
            .filter(exchangeProperty(Exchange.AGGREGATED_COMPLETED_BY).isEqualTo("predicate"))
                .delay(simple("{{product-data.pause-ms}}")).syncDelayed();

    from(STORED)
        .routeId("product-data-publish-changes")
        .routeDescription("Splitter: tells the indexes, in the order of the sequence, and then the indexer what is on disk.")
        .split().body(Stored.class, Stored::index)
            .bean("recentEvents", "index")
            .transform().body(IndexEvent.class, EventCodec::encodeIndex)
            .to("direct:publish-index")
        .end()
        .split().body(Stored.class, Stored::acks)
            .bean("recentEvents", "ack")
            .transform().body(AckEvent.class, EventCodec::encodeAck)
            .to("direct:publish-ack");
  }
}
