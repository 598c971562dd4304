package routes.support;

import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.service.ServiceSupport;

/** Ties what a route builder or configuration opened to the life of its Camel context. */
public final class Lifecycle {

  private Lifecycle() {}

  /**
   * Closes something when the context stops, after all its routes.
   *
   * @return {@code resource}
   */
  public static <T extends AutoCloseable> T closeOnStop(CamelContext context, T resource) {
    try {
      context.addService(
          new ServiceSupport() {
            @Override
            protected void doStop() throws Exception {
              resource.close();
            }
          });
      return resource;
    } catch (Exception e) {
      throw RuntimeCamelException.wrapRuntimeCamelException(e);
    }
  }
}
