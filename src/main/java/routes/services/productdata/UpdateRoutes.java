package routes.services.productdata;

import event.AckEvent;
import event.EventCodec;
import event.IndexEvent;
import event.Topic;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.util.concurrent.SynchronousExecutorService;
import routes.services.productdata.ProductData.Stored;
import routes.support.Bulk;

/** Step 5: the product data service subscribes to UPDATE, updates its own copy, and emits INDEX with the full product. */
public class UpdateRoutes extends RouteBuilder {

  private static final String UPDATES = "seda:updates?queue=#updatesBacklog";
  private static final String BULKY_UPDATES = "seda:bulky-updates?queue=#bulkyUpdatesBacklog";
  private static final String READ = "seda:read-updates?size={{product-data.bulk-updates}}";
  private static final String STORED = "seda:stored-updates?size=1";

  /** Of so many characters: many products, of an index command. */
  private static final int BULKY = 8_192;

  @Override
  public void configure() {
    templatedRoute("subscribe")
        .routeId("product-data-subscribe-updates")
        .parameter("topic", Topic.UPDATE)
        .parameter("subscriber", "product-data")
        .parameter("to", "direct:sort-updates");

    from("direct:sort-updates")
        .routeId("product-data-sort-updates")
        .routeDescription("Content-Based Router: a change overtakes what is held back, since the order in which updates are merged does not matter.")
        .choice()
            // What finds no room is not acknowledged, and so it is sent again.
            .when(frame -> frame.getMessage().getBody(String.class).length() > BULKY).to(BULKY_UPDATES + "&discardWhenFull=true")
            .otherwise().to(UPDATES + "&discardWhenFull=true");

    from(BULKY_UPDATES)
        .routeId("product-data-yield-to-searches")
        .routeDescription("Delayer: holds products of an index command back while this process has to search.")
        .delay(method("searches", "pauseMs")).syncDelayed()
        .to("direct:read-updates");

    from(UPDATES)
        .routeId("product-data-take-updates")
        .routeDescription("Message Channel: changes of few products, at once.")
        .to("direct:read-updates");

    from("direct:read-updates")
        .routeId("product-data-read-updates")
        .routeDescription("Message Translator: reads frames of both kinds side by side.")
        .transform().body(String.class, EventCodec::decodeUpdate)
        .bean("recentEvents", "update")
        .to(READ + "&blockWhenFull=true");

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
