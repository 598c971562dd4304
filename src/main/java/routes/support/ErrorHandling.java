package routes.support;

import event.InvalidEventException;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteConfigurationBuilder;

/** What becomes of errors, in every process: routes that answer a request choose {@code rest}; the rest is for all others. */
public class ErrorHandling extends RouteConfigurationBuilder {

  @Override
  public void configuration() {
    routeConfiguration("rest")
        .onException(RestException.class)
            .handled(true)
            .setHeader(Exchange.HTTP_RESPONSE_CODE, simple("${exception.status}"))
            .setHeader(Exchange.CONTENT_TYPE, constant(Problem.CONTENT_TYPE))
            .setBody(method(Problem.class, "json(${exception.status}, ${exception.message})"))
        .end()
        .onException(Exception.class)
            .handled(true)
            .log(LoggingLevel.ERROR, "${routeId}: ${exception}")
            .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(500))
            .setHeader(Exchange.CONTENT_TYPE, constant(Problem.CONTENT_TYPE))
            .setBody(method(Problem.class, "json(500, 'The server could not answer; its log says why')"));

    routeConfiguration()
        .onException(InvalidEventException.class)
            .handled(true)
            .log(LoggingLevel.WARN, "${routeId} dropped a frame: ${exception.message}")
        .end()
        .onException(Exception.class)
            .handled(true)
            .log(LoggingLevel.ERROR, "${routeId}: ${exception}");
  }
}
