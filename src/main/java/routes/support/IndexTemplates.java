package routes.support;

import event.EventCodec;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.builder.RouteBuilder;

/** What every index service does alike; each takes the name of the index, and the index from the registry by that name. */
public class IndexTemplates extends RouteBuilder {

  /** Wakes the thread that has a generation grow; it sees by itself whether there is one. */
  private static final String GROWTH = "seda:{{index}}-growth?size=1";

  @Override
  public void configure() {
    routeTemplate("remind-of-catch-up")
        .templateParameter("index")
        .templateParameter("to", null, "where the index's thread takes its work from; an empty message is the reminder")
        .from("timer:{{index}}-catch-up?delay=0&period={{catch-up.interval-ms}}")
            .routeDescription("Polling Consumer: reminds the index, and what grows of it, to read what they may have missed.")
            .to(GROWTH + "&discardWhenFull=true")
            .to("{{to}}");

    routeTemplate("catch-up")
        .templateParameter("index")
        .from("direct:{{index}}-catch-up")
            .routeDescription("Polling Consumer: reads the change feed from the index's checkpoint to its end.")
            .onException(IOException.class, Exception.class).onWhen(method("requests", "givenUp")).handled(true).end()
            // A disk that failed is another matter, though an IOException is what Camel finds first in it: see ErrorHandling.
            .onException(IOException.class).onWhen(simple("${exception} !is 'search.SearchException'"))
                .handled(true)
                .bean("{{index}}", "feedUnavailable(${exception.message})")
            .end()
            .bean("{{index}}", "beginCatchUp")
            .loopDoWhile(method("{{index}}", "catchingUp")).breakOnShutdown()
                .removeHeaders("*")
                .setHeader(Exchange.HTTP_METHOD, constant("GET"))
                .setHeader(Exchange.HTTP_QUERY, method("{{index}}", "feedQuery({{catch-up.page-size}})"))
                .to("{{product-data.url}}/products/changes?throwExceptionOnFailure=false")
                .choice()
                    .when(header(Exchange.HTTP_RESPONSE_CODE).isEqualTo(200))
                        .transform().body(String.class, EventCodec::decodePage)
                        .bean("{{index}}", "applyPage")
                        .bean("{{index}}", "commitIfOlderThan({{index.commit-ms}})")
                    .when(header(Exchange.HTTP_RESPONSE_CODE).isEqualTo(410))
                        .bean("{{index}}", "reset")
                    .otherwise()
                        .bean("{{index}}", "feedUnavailable('status ${header." + Exchange.HTTP_RESPONSE_CODE + "}: ${body}')")
                .end()
            .end()
            .bean("{{index}}", "commitIfOlderThan({{index.commit-ms}})");

    routeTemplate("grow")
        .templateParameter("index")
        .templateParameter("to", null, "where the index's thread takes its work from; an empty message has it go on")
        .from(GROWTH)
            .routeDescription("Polling Consumer: has a generation of the index read the feed to its end, beside the one that answers.")
            .filter(method("{{index}}-growing", "wanted"))
                .to("direct:{{index}}-growing-catch-up")
                .filter(method("{{index}}-growing", "joined"))
                    .setBody(simple("${null}"))
                    .to("{{to}}");

    routeTemplate("rebuild")
        .templateParameter("index")
        .from("direct:{{index}}-rebuild")
            .routeDescription("Process Manager: begins to build a new generation of the index.")
            .routeConfigurationId("rest")
            .bean("{{index}}-generations", "rebuild")
            .to(ExchangePattern.InOnly, GROWTH + "&discardWhenFull=true");

    routeTemplate("rollback")
        .templateParameter("index")
        .from("direct:{{index}}-rollback")
            .routeDescription("Process Manager: begins to return to the previous generation of the index.")
            .routeConfigurationId("rest")
            .bean("{{index}}-generations", "rollback")
            .to(ExchangePattern.InOnly, GROWTH + "&discardWhenFull=true");

    routeTemplate("search")
        .templateParameter("index")
        .from("direct:{{index}}-search")
            .routeDescription("Request-Reply: answers with the documents that match.")
            .routeConfigurationId("rest")
            .bean("{{index}}-queries", "search");

    routeTemplate("suggest")
        .templateParameter("index")
        .from("direct:{{index}}-suggest")
            .routeDescription("Request-Reply: answers with names that begin with what was typed.")
            .routeConfigurationId("rest")
            .bean("{{index}}-queries", "suggest");

    routeTemplate("list-documents")
        .templateParameter("index")
        .from("direct:{{index}}-documents")
            .routeDescription("Request-Reply: answers with all documents, for comparison and export.")
            .routeConfigurationId("rest")
            .bean("{{index}}-queries", "documents");

    routeTemplate("get-document")
        .templateParameter("index")
        .from("direct:{{index}}-document")
            .routeDescription("Request-Reply: answers with a document and its version.")
            .routeConfigurationId("rest")
            .bean("{{index}}-queries", "document");
  }
}
