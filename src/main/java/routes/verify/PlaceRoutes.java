package routes.verify;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import routes.source.Rows;

/** Reads the places, each in the order that suits it, into files. */
public class PlaceRoutes extends RouteBuilder {

  @Override
  public void configure() {
    from("direct:read-source")
        .routeId("verify-read-source")
        .routeDescription(
            "Splitter: streams the ids from the database, or those that were given, and has them read chunk by chunk.")
        .errorHandler(noErrorHandler())
        .choice()
            .when(method("productIds", "isLimited"))
                .setBody(method("productIds", "ids"))
                .split(simple("${collate({{queue.chunk-size}})}")).streaming().stopOnException()
                    .bean("partitions", "addNamed").bean("sourceColumns", "chunk").to("direct:read-source-chunk")
                .end()
            .endChoice()
            .otherwise()
                .setBody(method("sql", "idsSql"))
                .to("jdbc:source?outputType=StreamList&resetAutoCommit=false&statement.fetchSize=1000&connectionStrategy=#streaming")
                .split(simple("${collate({{queue.chunk-size}})}")).streaming().stopOnException()
                    .bean(Rows.class, "chunk").to("direct:read-source-chunk")
                .end()
        .end();

    from("direct:read-source-chunk")
        .routeId("verify-read-source-chunk")
        .routeDescription("Content Enricher: reads the products of a chunk as an index command does.")
        .errorHandler(noErrorHandler())
        .bean("verification", "goOn")
        .to("direct:read-chunk")
        .bean("places", "inSource").bean("partitions", "addAll");

    from("direct:read-service")
        .routeId("verify-read-service")
        .routeDescription("Polling Consumer: reads all pages of a service.")
        .errorHandler(noErrorHandler())
        .setVariable("place", body())
        .loopDoWhile(simple("${variable.place.hasMore}"))
            .bean("verification", "goOn")
            .setBody(simple("${variable.place.pageUrl}"))
            .to("direct:ask-service")
            .bean("places", "inService").bean("partitions", "addAll")
        .end();

    from("direct:ask-service")
        .routeId("verify-ask-service")
        .routeDescription("Request-Reply: asks a service; it answers with nothing where there is nothing.")
        .errorHandler(noErrorHandler())
        .removeHeaders("*")
        .setHeader(Exchange.HTTP_METHOD, constant("GET"))
        .setHeader(Exchange.HTTP_URI, body())
        .doTry()
            .to("http:service?throwExceptionOnFailure=false"
                + "&connectTimeout={{bus.connect-timeout-ms}}&responseTimeout={{verify.patience-ms}}")
            .convertBodyTo(String.class, "UTF-8")
        .doCatch(IOException.class)
            .bean("places", "unreachable")
        .end()
        .bean("places", "check");
  }
}
