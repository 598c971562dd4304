package routes.services;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import routes.support.RestServer;

/** Answers what no route takes, as problems: 405 where only the method is wrong, 406 where only the type is, or 404. */
final class NoSuchResource implements Handler<RoutingContext> {

  private final Router router;

  private NoSuchResource(Router router) {
    this.router = router;
  }

  /** Adds it to the router of this context's REST server, behind all routes, and problems for requests that reach none. */
  static void register(CamelContext context) {
    VertxPlatformHttpRouter router = RestServer.router(context);
    router.route().last().handler(new NoSuchResource(router));
    // The router above, which asks this one, has no name in the registry; it is what the server hands requests to.
    Router root = (Router) router.getServer().getServer().requestHandler();
    for (Router each : List.of(root, router)) {
      each.errorHandler(400,
          request -> RestServer.problem(request, 400, "the path or the query cannot be read: is a % not followed by two digits?"));
      each.errorHandler(500, request -> RestServer.problem(request, 500, "the server could not answer"));
    }
  }

  @Override
  public void handle(RoutingContext request) {
    String path = request.normalizedPath();
    Set<String> allowed = new TreeSet<>();
    for (Route route : router.getRoutes()) {
      if (route.getPath() != null && route.methods() != null && path.matches(route.getPath().replaceAll(":[^/]+", "[^/]+"))) {
        allowed.addAll(route.methods().stream().map(HttpMethod::name).collect(Collectors.toSet()));
      }
    }
    if (allowed.isEmpty()) {
      RestServer.problem(request, 404, "there is nothing at " + path + "; /openapi.json says what there is");
    } else if (allowed.contains(request.request().method().name())) {
      RestServer.problem(request, 406, path + " gives application/json only");
    } else {
      request.response().putHeader("Allow", String.join(", ", allowed));
      RestServer.problem(request, 405, path + " takes " + String.join(", ", allowed) + " only");
    }
  }
}
