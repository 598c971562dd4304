package routes.services.page;

import java.nio.file.Path;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Configuration;
import org.apache.camel.PropertyInject;
import routes.support.IndexRunner;
import routes.support.Lifecycle;
import routes.support.RecentEvents;
import routes.support.Status;

/** What the page shows, and what its buttons do. */
@Configuration
public class PageConfiguration implements CamelConfiguration {

  @BindToRegistry(value = "retries", lazy = true)
  public Retries retries(CamelContext context) {
    IndexRunner runner = context.getRegistry().lookupByNameAndType(IndexRunner.BEAN, IndexRunner.class);
    return Lifecycle.closeOnStop(context, new Retries(runner));
  }

  @BindToRegistry(value = "queueRequests", lazy = true)
  public QueueRequests queueRequests(Retries retries, @PropertyInject("kv.folder") String kv) {
    return new QueueRequests(Path.of(kv, "queue"), retries);
  }

  @BindToRegistry(value = "live", lazy = true)
  public Live live(Status status, RecentEvents events, Retries retries) {
    return new Live(status, events, retries);
  }
}
