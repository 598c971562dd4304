package routes.services.indexa;

import event.EventCodec;
import event.Topic;
import java.util.Objects;
import org.apache.camel.builder.RouteBuilder;
import routes.support.Indexes;

/** Step 6: index A subscribes to INDEX and keeps names and descriptions, for search by words. It stores event by event. */
public class IndexARoutes extends RouteBuilder {

  private static final String EVENTS = "seda:index-a-events?queue=#index-a-backlog";
  private static final String READ = "seda:index-a-read-events?size=2";

  @Override
  public void configure() {
    Indexes.open(getContext(), "index-a");

    templatedRoute("subscribe").routeId("index-a-subscribe-changes")
        .parameter("topic", Topic.INDEX).parameter("subscriber", "index-a").parameter("to", EVENTS + "&discardWhenFull=true");
    templatedRoute("remind-of-catch-up").routeId("index-a-remind-of-catch-up")
        .parameter("index", "index-a").parameter("to", EVENTS + "&blockWhenFull=true");
    templatedRoute("catch-up").routeId("index-a-catch-up").parameter("index", "index-a");
    templatedRoute("catch-up").routeId("index-a-catch-up-growing").parameter("index", "index-a-growing");
    templatedRoute("grow").routeId("index-a-grow").parameter("index", "index-a").parameter("to", EVENTS + "&blockWhenFull=true");
    templatedRoute("rebuild").routeId("index-a-rebuild").parameter("index", "index-a");
    templatedRoute("rollback").routeId("index-a-rollback").parameter("index", "index-a");
    templatedRoute("search").routeId("index-a-search").parameter("index", "index-a");
    templatedRoute("suggest").routeId("index-a-suggest").parameter("index", "index-a");
    templatedRoute("list-documents").routeId("index-a-list-documents").parameter("index", "index-a");
    templatedRoute("get-document").routeId("index-a-get-document").parameter("index", "index-a");

    from(EVENTS)
        .routeId("index-a-read-changes")
        .routeDescription("Message Translator: reads an event while the one before it is stored.")
        .choice()
            // Not isNotNull(), which makes a text of the event for a message that nobody reads.
            .when().body(Objects::nonNull).transform().body(String.class, EventCodec::decodeIndex)
        .end()
        .to(READ + "&blockWhenFull=true");

    from(READ)
        .routeId("index-a-store-changes")
        .routeDescription("Idempotent Receiver: stores what follows the checkpoint, and reads the feed where there is a gap.")
        .choice()
            .when().body(Objects::isNull)
                .to("direct:index-a-catch-up")
            .otherwise()
                .bean("index-a", "applyEvent")
                .filter(body().isEqualTo(false)).to("direct:index-a-catch-up");

    rest("/index-a")
        .produces("application/json")
        .get("/search").to("direct:index-a-search")
        .get("/suggest").to("direct:index-a-suggest")
        .get("/documents").to("direct:index-a-documents")
        .get("/documents/{id}").to("direct:index-a-document")
        .post("/rebuild").to("direct:index-a-rebuild")
        .post("/rollback").to("direct:index-a-rollback");
  }
}
