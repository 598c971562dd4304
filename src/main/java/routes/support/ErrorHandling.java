package routes.support;

import event.InvalidEventException;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteConfigurationBuilder;
import search.SearchException;
import store.StoreException;

/** What becomes of errors, in every process: routes that answer a request choose {@code rest}; the rest is for all others. */
public class ErrorHandling extends RouteConfigurationBuilder {

  @Override
  public void configuration() {
    routeConfiguration("rest")
        .onException(RestException.class)
            .handled(true)
            .bean(Problem.class, "answer")
        .end()
        .onException(Exception.class)
            .handled(true)
            .log(LoggingLevel.ERROR, "${routeId}: ${exception}")
            .bean(Problem.class, "answer");

    routeConfiguration()
        .onException(InvalidEventException.class)
            .handled(true)
            .log(LoggingLevel.WARN, "${routeId} dropped a frame: ${exception.message}")
        .end()
        .onException(StoreException.class, SearchException.class)
            .handled(true)
            .bean(ExitStatus.class, "diskFailed")
        .end()
        .onException(Exception.class)
            .handled(true)
            .log(LoggingLevel.ERROR, "${routeId}: ${exception}");
  }
}
