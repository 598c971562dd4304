package routes.source;

import java.sql.SQLException;
import org.apache.camel.builder.RouteBuilder;
import queue.Chunk;

/**
 * Step 4, first half: reads the products of a chunk by their ids, in a short transaction of its own. The answer is a
 * {@link Read}.
 */
public class ReadRoutes extends RouteBuilder {

  /*
   * Why two statements, the clock first: readAt must never be later than what was read, or an older value would win over a
   * newer one. A clock within the SELECT itself is not older for every database. PostgreSQL's current_timestamp is, the start
   * of the transaction; H2's is taken when the statement's snapshot stands already (2.4:
   * SessionLocal.startStatementWithinTransaction), so that a change committed in between would count as read. Both statements
   * need not share a connection for that.
   */
  @Override
  public void configure() {
    from("direct:read-chunk")
        .routeId("source-read-chunk")
        .routeDescription("Content Enricher: reads a chunk, and its products one by one when one of them spoils it.")
        .errorHandler(noErrorHandler())
        .setVariable("chunk", body())
        .doTry()
            .to("direct:read-products")
        .doCatch(SQLException.class).onWhen(SqlErrors::concernsRows)
            .setBody(variable("chunk"))
            .split().body(Chunk.class, Chunk::singles).aggregationStrategy(Read::join).stopOnException()
                .setVariable("chunk", body())
                .doTry()
                    .to("direct:read-products")
                .doCatch(SQLException.class).onWhen(SqlErrors::concernsRows)
                    .bean(Read.class, "unreadable")
                .end()
            .end()
        .end();

    from("direct:read-products")
        .routeId("source-read-products")
        .routeDescription("Content Enricher: reads the products of a chunk as they were at a time of the database's clock.")
        .errorHandler(noErrorHandler())
        .setHeader("ids", method("sourceColumns", "parameter"))
        .setBody(constant("{{source.clock-sql}}")).to("jdbc:source?outputType=SelectOne")
        .setVariable("readAt", method(Rows.class, "microseconds"))
        .to("direct:read-rows")
        .bean(Read.class, "of")
        .filter().body(Read.class, Read::isMissingSome)
            .setVariable("read", body())
            .transform().body(Read.class, Read::missingIds).setHeader("ids", method("sourceColumns", "parameter"))
            .setBody(method("sql", "livingIdsSql")).to("jdbc:source?useHeadersAsParameters=true")
            .bean(Read.class, "tellMissing")
        .end()
        .filter().body(Read.class, Read::isLivingSome)
            .transform().body(Read.class, Read::livingIds).setHeader("ids", method("sourceColumns", "parameter"))
            .to("direct:read-rows")
            .bean(Read.class, "readAgain")
        .end();

    from("direct:read-rows")
        .routeId("source-read-rows")
        .routeDescription("Content Enricher: reads the rows of the attribute group of some ids.")
        .errorHandler(noErrorHandler())
        .setBody(method("sql", "groupSql")).to("jdbc:source?useHeadersAsParameters=true")
        .bean("sourceColumns", "withoutZones");
  }
}
