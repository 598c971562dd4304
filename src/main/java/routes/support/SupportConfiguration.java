package routes.support;

import io.vertx.core.http.HttpClosedException;
import java.nio.file.Path;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Configuration;
import org.apache.camel.Exchange;
import org.apache.camel.PropertyInject;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Beans that every process may use. */
@Configuration
public class SupportConfiguration implements CamelConfiguration {

  private static final Logger LOG = LoggerFactory.getLogger(SupportConfiguration.class);

  /** Not lazy, because it must be there when the process ends. */
  @Override
  public void configure(CamelContext context) {
    context.getRegistry().bind("requests", new Requests(context));
    // Camel logs every attempt through a logger whose level concurrent attempts set under each other: at times as an error
    // (CamelLogger.log of 4.17.0). What fails for good is said by the routes.
    DefaultErrorHandlerDefinition errorHandler = new DefaultErrorHandlerDefinition();
    errorHandler.setRedeliveryPolicy(new RedeliveryPolicyDefinition().logRetryAttempted(false));
    context.getCamelContextExtension().setErrorHandlerFactory(errorHandler);
  }

  @BindToRegistry(value = "status", lazy = true)
  public Status status(@PropertyInject("kv.folder") String kv) {
    return new Status(Path.of(kv));
  }

  @BindToRegistry(value = "searches", lazy = true)
  public Searches searches(@PropertyInject("product-data.yield-ms") long mostMs) {
    return new Searches(mostMs);
  }

  @BindToRegistry(value = "recentEvents", lazy = true)
  public RecentEvents recentEvents() {
    return new RecentEvents();
  }

  /** Says in one line what went wrong in a consumer, outside of its route: a broken socket, an oversized frame. */
  @BindToRegistry(value = "oneLine", lazy = true)
  public ExceptionHandler oneLine() {
    return new ExceptionHandler() {
      @Override
      public void handleException(Throwable exception) {
        handleException("A connection ended", null, exception);
      }

      @Override
      public void handleException(String message, Throwable exception) {
        handleException(message, null, exception);
      }

      @Override
      public void handleException(String message, Exchange exchange, Throwable exception) {
        if (exception == null || exception instanceof HttpClosedException || exception instanceof RejectedExecutionException) {
          LOG.debug("A client went without a word, or this process stops");
        } else {
          LOG.warn("A connection ended: {}", exception.getMessage());
        }
      }
    };
  }
}
