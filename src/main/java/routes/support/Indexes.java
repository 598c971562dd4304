package routes.support;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import product.Product;
import search.LuceneSearchIndex;
import search.Projection;
import search.Schema;

/** Opens the index of an index service, and binds what its routes need of it. */
public final class Indexes {

  private Indexes() {}

  /**
   * Opens the index in {@code <kv.folder>/<name>} and binds a {@link Projection} as {@code <name>} and its
   * {@link IndexQueries} as {@code <name>-queries}. It accepts the tags of the property {@code <name>.tags}. It is closed
   * with the context.
   *
   * @param name of the index
   * @param schema its fields
   * @param translator makes a document's content from a product
   * @throws search.SearchException if the index cannot be opened
   */
  public static void open(CamelContext context, String name, Schema schema, Function<Product, ObjectNode> translator) {
    Path folder = Path.of(context.resolvePropertyPlaceholders("{{kv.folder}}"), name);
    Set<String> tags = Set.of(context.resolvePropertyPlaceholders("{{" + name + ".tags}}").trim().split("\\s*,\\s*"));
    Projection projection = new Projection(name, new LuceneSearchIndex(folder, schema), tags, translator);
    context.getRegistry().bind(name, Lifecycle.closeOnStop(context, projection));
    context.getRegistry().lookupByNameAndType("status", Status.class).add(projection);
    context.getRegistry().bind(name + "-queries", new IndexQueries(projection.index(), schema));
  }
}
