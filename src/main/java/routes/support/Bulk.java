package routes.support;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.component.seda.SedaEndpoint;

/**
 * The Aggregation Strategy of a bulk: a list of events, in order. A bulk ends when nothing more waits, so that it
 * waits for nothing, or when it is full. The aggregator must store it on its own thread: by default it hands bulks to
 * another, in a queue without bound.
 */
public final class Bulk implements AggregationStrategy {

  /** The property of a bulk that a message without a body came with: a reminder to read the feed. */
  public static final String REMINDER = "reminder";

  /** Whether the queue that events wait in is empty. */
  public static Predicate isDue(CamelContext context, String queue) {
    SedaEndpoint events = context.getEndpoint(queue, SedaEndpoint.class);
    return exchange -> events.getCurrentQueueSize() == 0;
  }

  @Override
  public Exchange aggregate(Exchange bulk, Exchange next) {
    Object event = next.getMessage().getBody();
    Exchange result = bulk;
    if (result == null) {
      result = next;
      result.getMessage().setBody(new ArrayList<>());
    }
    if (event == null) {
      result.setProperty(REMINDER, true);
    } else {
      events(result).add(event);
    }
    return result;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> events(Exchange bulk) {
    return bulk.getMessage().getBody(List.class);
  }
}
