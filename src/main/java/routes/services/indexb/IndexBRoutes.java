package routes.services.indexb;

import event.EventCodec;
import event.Topic;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;
import routes.support.Indexes;

/** Step 6: index B subscribes to INDEX and keeps names and prices, for listings. It stores events in bulk. */
public class IndexBRoutes extends RouteBuilder {

  private static final String EVENTS = "seda:index-b-events?size={{index.backlog-events}}";
  private static final String BULKS = "seda:index-b-bulks?size=1";

  @Override
  public void configure() {
    Indexes.open(getContext(), "index-b", IndexBDocument.SCHEMA, IndexBDocument::of);

    templatedRoute("subscribe").routeId("index-b-subscribe-changes")
        .parameter("topic", Topic.INDEX).parameter("subscriber", "index-b").parameter("to", EVENTS + "&discardWhenFull=true");
    templatedRoute("remind-of-catch-up").routeId("index-b-remind-of-catch-up")
        .parameter("index", "index-b").parameter("to", BULKS + "&blockWhenFull=true");
    templatedRoute("catch-up").routeId("index-b-catch-up").parameter("index", "index-b");
    templatedRoute("search").routeId("index-b-search").parameter("index", "index-b");
    templatedRoute("list-documents").routeId("index-b-list-documents").parameter("index", "index-b");

    from(EVENTS)
        .routeId("index-b-collect-changes")
        .routeDescription("Aggregator: collects events until the bulk is full or due.")
        .transform().body(String.class, EventCodec::decodeIndex)
        .aggregate(constant(true), new GroupedBodyAggregationStrategy())
            .completionSize("{{index-b.bulk-events}}").completionInterval("{{index-b.bulk-ms}}")
            .to(BULKS + "&blockWhenFull=true");

    from(BULKS)
        .routeId("index-b-store-changes")
        .routeDescription("Idempotent Receiver: stores what follows the checkpoint, and reads the feed where there is a gap.")
        .choice()
            .when(body().isNull())
                .to("direct:index-b-catch-up")
            .otherwise()
                .bean("index-b", "applyEvents")
                .filter(body().isEqualTo(false)).to("direct:index-b-catch-up");

    rest("/index-b")
        .produces("application/json")
        .get("/search").to("direct:index-b-search")
        .get("/documents").to("direct:index-b-documents");
  }
}
