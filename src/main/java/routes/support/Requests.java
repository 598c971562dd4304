package routes.support;

import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.hc.core5.io.CloseMode;

/**
 * The HTTP requests that this process has sent to others. When it is to end it waits for no answer: one that hangs would hold it
 * up for as long as an answer may take, and whatever asked goes on from there at the next start. Thread safe.
 */
public final class Requests {

  private volatile boolean givenUp;

  Requests(CamelContext context) {
    Lifecycle.onStopping(context, () -> giveUp(context));
  }

  private void giveUp(CamelContext context) {
    givenUp = true;
    context.getEndpoints().stream().filter(HttpEndpoint.class::isInstance).map(HttpEndpoint.class::cast)
        .forEach(endpoint -> endpoint.getClientConnectionManager().close(CloseMode.IMMEDIATE));
  }

  /** Whether no answer is waited for any more, so that its absence means nothing. */
  public boolean givenUp() {
    return givenUp;
  }
}
