package routes.services.productdata;

import org.apache.camel.builder.RouteBuilder;

/** The product data service's API: a product by its id, and the change feed. */
public class ProductRestRoutes extends RouteBuilder {

  @Override
  public void configure() {
    rest("/products")
        .produces("application/json")
        .get("/changes").to("direct:list-changes")
        .get("/ids").to("direct:list-product-ids")
        .get("/{id}").to("direct:get-product");

    from("direct:get-product")
        .routeId("product-data-get-product")
        .routeDescription("Request-Reply: answers with a product and its version.")
        .routeConfigurationId("rest")
        .bean("productQueries", "product");

    from("direct:list-changes")
        .routeId("product-data-list-changes")
        .routeDescription("Request-Reply: answers with a page of the change feed, which is how indexes catch up.")
        .routeConfigurationId("rest")
        .bean("productQueries", "changes");

    from("direct:list-product-ids")
        .routeId("product-data-list-ids")
        .routeDescription("Request-Reply: answers with the ids that a full index did not meet.")
        .routeConfigurationId("rest")
        .bean("productQueries", "ids");
  }
}
