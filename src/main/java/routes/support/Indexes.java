package routes.support;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import routes.support.StatusReport.Kept;
import search.DocumentType;
import search.FacetedDocument;
import search.Generations;
import search.LuceneSearchIndex;
import search.Projection;

/** Opens the index of an index service, and binds what its routes need of it. */
public final class Indexes {

  private Indexes() {}

  /**
   * Opens the index in {@code <kv.folder>/<name>} and binds its {@link Generations} as {@code <name>}, what grows of them as
   * {@code <name>-growing}, the queue of events that wait for it as {@code <name>-backlog}, and what answers requests as
   * {@code <name>-queries} and {@code <name>-generations}. It accepts the tags of the property {@code <name>.tags}, and keeps what
   * {@code <name>.document} and {@code <name>.facets} say. Other ones are another format, tags too: what an index did not accept,
   * it may have missed. It is closed with the context.
   *
   * @param name of the index
   * @throws search.SearchException if the index cannot be opened
   */
  public static void open(CamelContext context, String name) {
    Kept kept = kept(context, name);
    DocumentType type = documentType(context, name);
    Path folder = Path.of(context.resolvePropertyPlaceholders("{{kv.folder}}"), name);
    Set<String> tags = new TreeSet<>(List.of(context.resolvePropertyPlaceholders("{{" + name + ".tags}}").trim().split("\\s*,\\s*")));
    String format = String.join(" ", kept.document(),
        String.join(",", tags), LuceneSearchIndex.format(type.schema()));
    Generations index = new Generations(name, folder, format,
        generation -> new Projection(name, new LuceneSearchIndex(name, generation, type.schema()), tags, type::content));
    context.getRegistry().bind(name, Lifecycle.closeOnStop(context, index));
    long backlogBytes = Long.parseLong(context.resolvePropertyPlaceholders("{{index.backlog-bytes}}").trim());
    context.getRegistry().bind(name + "-backlog", new Backlog(backlogBytes));
    context.getRegistry().bind(name + "-growing", index.growing());
    context.getRegistry().bind(name + "-generations", new GenerationRequests(index));
    Searches searches = context.getRegistry().lookupByNameAndType("searches", Searches.class);
    context.getRegistry().bind(name + "-queries", new IndexQueries(index, type.schema(), searches));
    context.getRegistry().lookupByNameAndType("status", Status.class).add(index, kept);
  }

  /** The settings that say what an index keeps of products. */
  public static Kept kept(CamelContext context, String name) {
    List<String> facets = Stream.of(Settings.find(context, name + ".facets").orElse("").split(","))
        .map(String::trim).filter(facet -> !facet.isEmpty()).distinct().toList();
    return new Kept(Settings.find(context, name + ".document").orElse(""), facets);
  }

  /**
   * What an index keeps of each product.
   *
   * @param name of the index, of which the property {@code <name>.document} names the class, and {@code <name>.facets} further
   *     attributes to filter by, if any
   * @throws ConfigurationException if there is no such class, or an attribute can't be one to filter by
   */
  public static DocumentType documentType(CamelContext context, String name) {
    Kept kept = kept(context, name);
    String className = kept.document();
    Class<DocumentType> type = context.getClassResolver().resolveClass(className, DocumentType.class);
    if (type == null || !DocumentType.class.isAssignableFrom(type)) {
      throw new ConfigurationException(name + ".document must be the name of a class that implements "
          + DocumentType.class.getName() + ", but is '" + className + "'");
    }
    DocumentType documents = context.getInjector().newInstance(type, false);
    List<String> facets = kept.facets();
    Set<String> taken = IndexQueries.namesTaken(documents.schema());
    facets.stream().filter(taken::contains).findFirst().ifPresent(facet -> {
      throw new ConfigurationException(name + ".facets must not name " + facet
          + ", which means something else in a search or a hit: give the column another name in the SELECT");
    });
    return facets.isEmpty() ? documents : new FacetedDocument(documents, facets);
  }
}
