package routes.services.page;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import routes.support.RestServer;

/**
 * Serves the page, the browsable description of the API, and the websocket {@code /live}, beside the verbs of the REST DSL.
 * Nothing comes from elsewhere, no script stands in the HTML, and no other site may frame it.
 */
final class PageServer {

  private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
      + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private PageServer() {}

  /** Adds all of it to the router of this context's REST server. */
  static void register(CamelContext context) {
    Router router = RestServer.router(context);
    file(router, "/", "web/index.html");
    file(router, "/docs", "web/docs.html");
    folder(router, "/web/*", "web");
    folder(router, "/lib/chart.js/*", webjar("org.webjars.npm", "chart.js") + "/dist");
    folder(router, "/lib/swagger-ui/*", webjar("org.webjars", "swagger-ui"));
    Live live = context.getRegistry().lookupByNameAndType("live", Live.class);
    router.route("/live").method(HttpMethod.GET).handler(request -> upgrade(request, live));
  }

  private static void file(Router router, String path, String file) {
    router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD)
        .handler(PageServer::addHeaders)
        .handler(request -> request.response().putHeader("Content-Type", "text/html;charset=UTF-8").sendFile(file));
  }

  private static void folder(Router router, String path, String folder) {
    StaticHandler files = StaticHandler.create(folder).setIndexPage("none").setIncludeHidden(false);
    // Of other methods, and of what is not there, it takes no notice.
    router.route(path).handler(PageServer::addHeaders).handler(files);
  }

  private static void addHeaders(RoutingContext request) {
    request.response()
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        // Kept, but asked for again each time, so that a new version shows at once.
        .putHeader("Cache-Control", "no-cache");
    request.next();
  }

  private static void upgrade(RoutingContext request, Live live) {
    if (!"websocket".equalsIgnoreCase(request.request().getHeader("Upgrade"))) {
      RestServer.problem(request, 400, "/live is a websocket");
    } else if (live.full()) {
      RestServer.problem(request, 503, "too many pages are open");
    } else {
      request.request().toWebSocket().onSuccess(live::open).onFailure(request::fail);
    }
  }

  /** The folder of a webjar on the class path; its version stands in pom.xml alone. */
  private static String webjar(String group, String artifact) {
    try (InputStream file = PageServer.class.getResourceAsStream("/META-INF/maven/" + group + "/" + artifact + "/pom.properties")) {
      Properties pom = new Properties();
      pom.load(file);
      return "META-INF/resources/webjars/" + artifact + "/" + pom.getProperty("version");
    } catch (IOException e) {
      throw RuntimeCamelException.wrapRuntimeCamelException(e);
    }
  }
}
