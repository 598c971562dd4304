package routes.rebuild;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** The command rebuild: has an index rebuilt, says how far that is, and ends. */
public class RebuildRoutes extends RouteBuilder {

  @Override
  public void configure() {
    getContext().getRegistry().bind("rebuild", Rebuild.of(getContext()));

    from("timer:rebuild?repeatCount=1&delay=0")
        .routeId("rebuild-index")
        .routeDescription("Process Manager: asks the index to rebuild itself, and follows that to its end.")
        .onException(Exception.class)
            .handled(true)
            .bean("rebuild", "refused(${exception})")
        .end()
        .setHeader(Exchange.HTTP_METHOD, constant("POST"))
        .toD("${bean:rebuild?method=rebuildUrl}?throwExceptionOnFailure=false")
        .convertBodyTo(String.class)
        .bean("rebuild", "begun(${header." + Exchange.HTTP_RESPONSE_CODE + "}, ${body})")
        .loopDoWhile(method("rebuild", "underWay"))
            .delay(simple("{{rebuild.poll-ms}}")).syncDelayed()
            .to("direct:ask-index")
        .end();

    from("direct:ask-index")
        .routeId("rebuild-ask-index")
        .routeDescription("Request-Reply: asks the index how far it is, which may be down for a moment.")
        .doTry()
            .removeHeaders("*")
            .setHeader(Exchange.HTTP_METHOD, constant("GET"))
            .toD("${bean:rebuild?method=statusUrl}")
            .convertBodyTo(String.class)
            .bean("rebuild", "answered")
        .doCatch(Exception.class)
            .bean("rebuild", "unanswered(${exception})")
        .end();
  }
}
