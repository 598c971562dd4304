package routes.services.productdata;

import event.EventCodec;
import event.Topic;
import org.apache.camel.Predicate;
import org.apache.camel.builder.RouteBuilder;

/** Step 5, receiving: the product data service subscribes to UPDATE, and large updates let searches and small ones go first. */
public class ReceiveRoutes extends RouteBuilder {

  private static final String UPDATES = "seda:updates?queue=#updatesBacklog";
  private static final String LARGE_UPDATES = "seda:large-updates?queue=#largeUpdatesBacklog";

  @Override
  public void configure() {
    templatedRoute("subscribe")
        .routeId("product-data-subscribe-updates")
        .parameter("topic", Topic.UPDATE)
        .parameter("subscriber", "product-data")
        // What finds no room is not acknowledged, and so it is sent again.
        .parameter("to", UPDATES + "&discardWhenFull=true");

    from(UPDATES)
        .routeId("product-data-sort-updates")
        .routeDescription("Content-Based Router: small updates overtake large ones, since the order in which they are merged does not matter.")
        .choice()
            .when(isLarge()).to(LARGE_UPDATES + "&discardWhenFull=true")
            .otherwise().to("direct:read-updates");

    from(LARGE_UPDATES)
        .routeId("product-data-yield-to-searches")
        .routeDescription("Message Channel: holds large updates back while this process has to search.")
        .delay(method("searches", "pauseMs")).syncDelayed()
        .to("direct:read-updates");

    from("direct:read-updates")
        .routeId("product-data-read-updates")
        .routeDescription("Message Translator: reads a large update and a small one side by side.")
        .transform().body(String.class, EventCodec::decodeUpdate)
        .bean("recentEvents", "update")
        .to(UpdateRoutes.READ + "&blockWhenFull=true");
  }

  /** Not by the Simple language: its <code>${body.length()}</code> takes {{x}} in a product's text for a placeholder, and fails. */
  private Predicate isLarge() {
    int bytes = Integer.parseInt(getContext().resolvePropertyPlaceholders("{{product-data.large-update-bytes}}").trim());
    return frame -> frame.getMessage().getBody(String.class).length() > bytes;
  }
}
