package routes.indexer;

import java.sql.SQLException;
import org.apache.camel.builder.RouteConfigurationBuilder;
import routes.indexer.Acknowledgements.NotAcknowledgedException;
import routes.indexer.ProductDataRoutes.UnavailableException;
import routes.source.SqlErrors;

/**
 * What becomes of errors in a run: what is not there at the moment is tried again as long as the run is patient; anything
 * else ends it. Nothing is handled, so that a chunk file which met an error stays in the queue.
 */
public class RunErrorHandling extends RouteConfigurationBuilder {

  @Override
  public void configuration() {
    routeConfiguration("run")
        .onException(NotAcknowledgedException.class, UnavailableException.class)
            .retryWhile(method("run", "patient")).redeliveryPolicyRef("runRedelivery")
            .bean("run", "failed")
        .end()
        .onException(SQLException.class).onWhen(method(SqlErrors.class, "unavailable"))
            .retryWhile(method("run", "patient")).redeliveryPolicyRef("runRedelivery")
            .bean("run", "failed")
        .end()
        .onException(Exception.class).logExhausted(false)
            .bean("run", "failed");
  }
}
