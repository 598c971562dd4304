package routes.services.productdata;

import event.AckEvent;
import event.EventCodec;
import event.IndexEvent;
import event.Topic;
import org.apache.camel.builder.RouteBuilder;
import routes.services.productdata.ProductData.Stored;

/** Step 5: the product data service subscribes to UPDATE, updates its own copy, and emits INDEX with the full product. */
public class UpdateRoutes extends RouteBuilder {

  private static final String UPDATES = "seda:updates?size={{product-data.backlog-events}}";

  @Override
  public void configure() {
    templatedRoute("subscribe")
        .routeId("product-data-subscribe-updates")
        .parameter("topic", Topic.UPDATE)
        .parameter("subscriber", "product-data")
        // What finds no room is not acknowledged, and so it is sent again.
        .parameter("to", UPDATES + "&discardWhenFull=true");

    from(UPDATES)
        .routeId("product-data-store-updates")
        .routeDescription("Idempotent Receiver: merges each update into the store, and when it is on disk tells indexes and indexer.")
        .transform().body(String.class, EventCodec::decodeUpdate)
        .bean("recentEvents", "update")
        .bean("productData", "store")
        .setVariable("ack").body(Stored.class, Stored::ack)
        .split().body(Stored.class, Stored::index)
            .bean("recentEvents", "index")
            .transform().body(IndexEvent.class, EventCodec::encodeIndex)
            .to("direct:publish-index")
        .end()
        .setBody(variable("ack"))
        .bean("recentEvents", "ack")
        .transform().body(AckEvent.class, EventCodec::encodeAck)
        .to("direct:publish-ack");
  }
}
