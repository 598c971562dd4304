package routes.indexer;

import java.sql.SQLException;
import org.apache.camel.builder.RouteBuilder;
import queue.Chunk;
import routes.indexer.Updates.Read;

/** Step 4, first half: reads the products of a chunk by their ids, in a short transaction of its own. */
public class ReadRoutes extends RouteBuilder {

  @Override
  public void configure() {
    from("direct:read-chunk")
        .routeId("indexer-read-chunk")
        .routeDescription("Content Enricher: reads a chunk, and its products one by one when one of them spoils it.")
        .errorHandler(noErrorHandler())
        .setVariable("chunk", body())
        .doTry()
            .to("direct:read-products")
        .doCatch(SQLException.class).onWhen(SqlErrors::concernsRows)
            .setBody(variable("chunk"))
            .split().body(Chunk.class, Chunk::singles).aggregationStrategy(Updates::join).stopOnException()
                .setVariable("chunk", body())
                .doTry()
                    .to("direct:read-products")
                .doCatch(SQLException.class).onWhen(SqlErrors::concernsRows)
                    .bean("updates", "unreadable")
                .end()
            .end()
        .end();

    from("direct:read-products")
        .routeId("indexer-read-products")
        .routeDescription("Content Enricher: reads the products of a chunk as they were at a time of the database's clock.")
        .errorHandler(noErrorHandler())
        .setHeader("ids").body(Chunk.class, Chunk::parameter)
        .setBody(constant("{{source.clock-sql}}")).to("jdbc:source?outputType=SelectOne")
        .setVariable("readAt", method(Rows.class, "microseconds"))
        .setBody(method("sql", "groupSql")).to("jdbc:source?useHeadersAsParameters=true")
        .bean("updates", "read")
        .filter().body(Read.class, Read::isMissingSome)
            .setVariable("read", body())
            .setHeader("ids").body(Read.class, Read::missingIds)
            .setBody(method("sql", "livingIdsSql")).to("jdbc:source?useHeadersAsParameters=true")
            .bean("updates", "tellMissing")
        .end();
  }
}
