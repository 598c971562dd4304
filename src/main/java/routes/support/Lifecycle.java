package routes.support;

import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ties what a route builder or configuration opened to the life of its Camel context. */
public final class Lifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

  private Lifecycle() {}

  /** Does something when the context begins to stop, while all its routes still run: what they wait for, they need not any more. */
  public static void onStopping(CamelContext context, Runnable action) {
    context.addLifecycleStrategy(
        new LifecycleStrategySupport() {
          @Override
          public void onContextStopping(CamelContext stopping) {
            action.run();
          }
        });
  }

  /**
   * Closes something when the context stops, after all its routes, also if it never started; that it could not be closed is logged.
   *
   * @return {@code resource}
   */
  public static <T extends AutoCloseable> T closeOnStop(CamelContext context, T resource) {
    try {
      context.addService(
          new ServiceSupport() {
            @Override
            protected void doStop() {
              try {
                resource.close();
              } catch (Exception e) {
                LOG.error("{}", e.getMessage());
              }
            }
          },
          true, true);
      return resource;
    } catch (Exception e) {
      throw RuntimeCamelException.wrapRuntimeCamelException(e);
    }
  }
}
