package routes.services.indexb;

import static org.apache.camel.builder.PredicateBuilder.or;

import event.EventCodec;
import event.Topic;
import java.util.Objects;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.util.concurrent.SynchronousExecutorService;
import routes.support.Bulk;
import routes.support.Indexes;

/** Step 6: index B subscribes to INDEX and keeps names and prices, for listings. It stores events in bulk. */
public class IndexBRoutes extends RouteBuilder {

  private static final String EVENTS = "seda:index-b-events?queue=#index-b-backlog";

  @Override
  public void configure() {
    Indexes.open(getContext(), "index-b");

    templatedRoute("subscribe").routeId("index-b-subscribe-changes")
        .parameter("topic", Topic.INDEX).parameter("subscriber", "index-b").parameter("to", EVENTS + "&discardWhenFull=true");
    templatedRoute("remind-of-catch-up").routeId("index-b-remind-of-catch-up")
        .parameter("index", "index-b").parameter("to", EVENTS + "&blockWhenFull=true");
    templatedRoute("catch-up").routeId("index-b-catch-up").parameter("index", "index-b");
    templatedRoute("catch-up").routeId("index-b-catch-up-growing").parameter("index", "index-b-growing");
    templatedRoute("grow").routeId("index-b-grow").parameter("index", "index-b").parameter("to", EVENTS + "&blockWhenFull=true");
    templatedRoute("rebuild").routeId("index-b-rebuild").parameter("index", "index-b");
    templatedRoute("rollback").routeId("index-b-rollback").parameter("index", "index-b");
    templatedRoute("search").routeId("index-b-search").parameter("index", "index-b");
    templatedRoute("list-documents").routeId("index-b-list-documents").parameter("index", "index-b");
    templatedRoute("get-document").routeId("index-b-get-document").parameter("index", "index-b");

    from(EVENTS)
        .routeId("index-b-store-changes")
        .routeDescription("Aggregator: stores in bulk what waits and follows the checkpoint, and reads the feed where there is a gap.")
        .choice()
            // Not isNotNull(), which makes a text of the event for a message that nobody reads.
            .when().body(Objects::nonNull).transform().body(String.class, EventCodec::decodeIndex)
        .end()
        .aggregate(constant(true), new Bulk()).executorService(new SynchronousExecutorService())
            .completionSize("{{index-b.bulk-events}}").completionPredicate(Bulk.isDue(getContext(), EVENTS))
            .bean("index-b", "applyEvents")
            .filter(or(body().isEqualTo(false), exchangeProperty(Bulk.REMINDER).isNotNull())).to("direct:index-b-catch-up");

    rest("/index-b")
        .produces("application/json")
        .get("/search").to("direct:index-b-search")
        .get("/documents").to("direct:index-b-documents")
        .get("/documents/{id}").to("direct:index-b-document")
        .post("/rebuild").to("direct:index-b-rebuild")
        .post("/rollback").to("direct:index-b-rollback");
  }
}
