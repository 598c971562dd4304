package routes.verify;

import org.apache.camel.builder.RouteBuilder;
import routes.verify.SecondLook.Question;

/** Reads again what differs, before it counts. */
public class ConfirmRoutes extends RouteBuilder {

  @Override
  public void configure() {
    from("direct:confirm-differences")
        .routeId("verify-confirm-differences")
        .routeDescription(
            "Polling Consumer: reads a batch of differing products again, until they do not differ or it has tried enough.")
        .errorHandler(noErrorHandler())
        .bean("verification", "secondLook")
        .setVariable("look", body())
        .loopDoWhile(simple("${variable.look.isDue}"))
            .delay(simple("${variable.look.delayMs}")).end()
            .to("direct:look-again")
        .end()
        .bean("verification", "count");

    from("direct:look-again")
        .routeId("verify-look-again")
        .routeDescription("Content Enricher: reads a few products one by one in every place.")
        .errorHandler(noErrorHandler())
        .bean(SecondLook.class, "begin")
        .bean("sourceColumns", "chunk").to("direct:read-chunk")
        .bean(SecondLook.class, "takeSource")
        .split(simple("${variable.look.questions}")).stopOnException()
            .setVariable("question", body())
            .setVariable("place").body(Question.class, Question::place)
            .setBody().body(Question.class, Question::url)
            .to("direct:ask-service")
            .bean(SecondLook.class, "takeAnswer")
        .end()
        .bean(SecondLook.class, "end");
  }
}
