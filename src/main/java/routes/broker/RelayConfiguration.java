package routes.broker;

import event.Topic;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Configuration;
import org.apache.camel.PropertyInject;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.support.Lifecycle;

/**
 * The relay's server. Its router belongs to a Vert.x of its own with one worker, because the component hands frames to all
 * workers in no order; and it must not be the router that REST uses when both live in one process.
 */
@Configuration
public class RelayConfiguration implements CamelConfiguration {

  private static final Logger LOG = LoggerFactory.getLogger(RelayConfiguration.class);

  private static final int CLOSE_SECONDS = 5;

  @BindToRegistry(value = "relayRouter", lazy = true)
  public Router router(CamelContext context) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(1).setEventLoopPoolSize(1));
    // What no route meets, such as a socket that opens while this process stops, in one line and without a stack trace.
    vertx.exceptionHandler(context.getRegistry().lookupByNameAndType("oneLine", ExceptionHandler.class)::handleException);
    Lifecycle.closeOnStop(
        context, () -> vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS));
    Router router = Router.router(vertx);
    router.route().handler(RelayConfiguration::admitKnownTopics);
    // Sockets that close after the routes have stopped find no worker any more.
    router.errorHandler(500, request -> LOG.debug("A socket could not be served", request.failure()));
    return router;
  }

  private static void admitKnownTopics(RoutingContext request) {
    String path = request.normalizedPath();
    String topic = path.substring(path.lastIndexOf('/') + 1);
    if (!Topic.ALL.contains(topic)) {
      request.response().setStatusCode(404).end("No such topic; there are " + Topic.ALL + "\n");
    } else if (request.queryParams().contains("topic")) {
      request.response().setStatusCode(400).end("The topic stands in the path alone\n");
    } else {
      request.next();
    }
  }

  /** No compression, which costs more than it saves on one machine; frames and messages of the same size. */
  @BindToRegistry(value = "relayServerOptions", lazy = true)
  public HttpServerOptions serverOptions(@PropertyInject("bus.max-frame-bytes") int maxFrameBytes) {
    return new HttpServerOptions()
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setMaxWebSocketFrameSize(maxFrameBytes)
        .setMaxWebSocketMessageSize(maxFrameBytes);
  }

  @BindToRegistry(value = "subscribers", lazy = true)
  public Subscribers subscribers(@PropertyInject("broker.subscriber-buffer-bytes") int bufferBytes) {
    return new Subscribers(bufferBytes);
  }
}
