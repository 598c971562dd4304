package routes.indexer;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.http.base.HttpOperationFailedException;

/** What a run asks the product data service for: how many products it has, and which of them the run did not meet. */
public class ProductDataRoutes extends RouteBuilder {

  /** The product data service can't be asked at the moment. */
  public static class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnavailableException(String message) {
      super(message);
    }
  }

  private static final String PRODUCT_DATA = "{{product-data.url}}?httpMethod=GET&connectTimeout={{ack.timeout-ms}}";

  @Override
  public void configure() {
    from("direct:count-products")
        .routeId("indexer-count-products")
        .routeDescription("Content Enricher: asks the product data service how many products there are that a run could delete.")
        .routeConfigurationId("run")
        .removeHeaders("*")
        .setHeader(Exchange.HTTP_PATH, constant("/status"))
        .to("direct:ask-product-data")
        .bean("run", "present");

    from("direct:sweep")
        .routeId("indexer-sweep")
        .routeDescription("Splitter: makes chunks of the products that a full index did not meet, to read them again.")
        .routeConfigurationId("run")
        .bean("sweep", "begin")
        .loopDoWhile(method("sweep", "hasMore"))
            .removeHeaders("*")
            .setHeader(Exchange.HTTP_PATH, constant("/products/ids"))
            .setHeader(Exchange.HTTP_QUERY, method("sweep", "query"))
            .to("direct:ask-product-data")
            .bean("sweep", "page")
            .split(simple("${collate({{queue.chunk-size}})}")).stopOnException()
                .bean("sourceColumns", "chunk")
                .setVariable("chunk", body())
                .setHeader("ids", method("sourceColumns", "parameter"))
                .setBody(method("sql", "livingIdsSql")).to("jdbc:source?useHeadersAsParameters=true")
                .bean("sweep", "foresee")
                .to("direct:queue-chunk")
            .end()
        .end()
        .bean("sweep", "check")
        .bean("run", "swept");

    from("direct:ask-product-data")
        .routeId("indexer-ask-product-data")
        .routeDescription("Request-Reply: sends a query to the product data service's API.")
        .errorHandler(noErrorHandler())
        .doTry()
            .choice()
                .when(method("run", "hasBegun")).to(PRODUCT_DATA + "&responseTimeout={{ack.patience-ms}}")
                .otherwise().to(PRODUCT_DATA + "&responseTimeout={{startup.patience-ms}}")
            .endChoice().end().endDoTry()
            .convertBodyTo(String.class)
        .doCatch(IOException.class, HttpOperationFailedException.class)
            .throwException(UnavailableException.class, "${exception.message}")
        .end()
        .bean("run", "answered");
  }
}
