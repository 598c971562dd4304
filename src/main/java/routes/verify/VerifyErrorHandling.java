package routes.verify;

import java.sql.SQLException;
import org.apache.camel.builder.RouteConfigurationBuilder;
import routes.source.SqlErrors;

/** What becomes of errors: a place that is not there at the moment is asked again for a while; anything else ends it. */
public class VerifyErrorHandling extends RouteConfigurationBuilder {

  @Override
  public void configuration() {
    routeConfiguration("verify")
        .onException(PlaceException.class)
            .retryWhile(method("verification", "patient")).logExhausted(false)
            .redeliveryDelay("{{startup.retry-ms}}")
            .bean("verification", "failed")
        .end()
        .onException(SQLException.class).onWhen(method(SqlErrors.class, "unavailable"))
            .retryWhile(method("verification", "patient")).logExhausted(false)
            .redeliveryDelay("{{startup.retry-ms}}")
            .bean("verification", "failed")
        .end()
        .onException(Exception.class).logExhausted(false)
            .bean("verification", "failed");
  }
}
