package routes.services.productdata;

import event.Limits;
import java.nio.file.Path;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Configuration;
import org.apache.camel.PropertyInject;
import routes.support.Backlog;
import routes.support.Lifecycle;
import routes.support.Status;
import store.MvProductStore;
import store.ProductStore;

/** The product store and what stands before it. */
@Configuration
public class ProductDataConfiguration implements CamelConfiguration {

  @BindToRegistry(value = "productStore", lazy = true)
  public ProductStore productStore(CamelContext context, @PropertyInject("kv.folder") String kv) {
    ProductStore store = new MvProductStore(Path.of(kv, "products"), Limits.PRODUCT_BYTES);
    context.getRegistry().lookupByNameAndType("status", Status.class).add(store);
    return Lifecycle.closeOnStop(context, store);
  }

  @BindToRegistry(value = "updatesBacklog", lazy = true)
  public Backlog updatesBacklog(@PropertyInject("product-data.backlog-bytes") long bytes) {
    return new Backlog(bytes);
  }

  @BindToRegistry(value = "largeUpdatesBacklog", lazy = true)
  public Backlog largeUpdatesBacklog(@PropertyInject("product-data.backlog-bytes") long bytes) {
    return new Backlog(bytes);
  }

  @BindToRegistry(value = "productData", lazy = true)
  public ProductData productData(ProductStore store) {
    return new ProductData(store);
  }

  @BindToRegistry(value = "productQueries", lazy = true)
  public ProductQueries productQueries(ProductStore store) {
    return new ProductQueries(store);
  }
}
