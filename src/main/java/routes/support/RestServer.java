package routes.support;

import static org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter.getRouterNameFromPort;

import io.vertx.ext.web.RoutingContext;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** The server behind the REST DSL, for what the DSL can't say. */
public final class RestServer {

  private RestServer() {}

  /** The router that the verbs of the REST DSL stand in; there once the context has started its components. */
  public static VertxPlatformHttpRouter router(CamelContext context) {
    int port = Integer.parseInt(context.resolvePropertyPlaceholders("{{rest.port}}"));
    return context.getRegistry().lookupByNameAndType(getRouterNameFromPort(port), VertxPlatformHttpRouter.class);
  }

  /** Answers a request with an error. */
  public static void problem(RoutingContext request, int status, String detail) {
    request.response().setStatusCode(status).putHeader("Content-Type", Problem.CONTENT_TYPE).end(Problem.json(status, detail));
  }
}
