package routes.services.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.Exchange;
import product.Json;
import product.Rejection;
import queue.IndexQueue;
import queue.QueueException;
import queue.QueueStatus;
import queue.RunRecord;
import routes.support.Answer;
import routes.support.Parameters;
import routes.support.RestException;

/** Answers the requests about queues. Thread safe. */
public class QueueRequests {

  private static final int MAX_FAILURES = 1_000;

  private final Path queues;
  private final Retries retries;

  /**
   * @param queues the folder of all queues
   */
  public QueueRequests(Path queues, Retries retries) {
    this.queues = queues;
    this.retries = retries;
  }

  /** The products of a queue that failed, and why; 404. */
  public void failures(Exchange request) {
    QueueStatus queue = queue(request);
    int limit = (int) Parameters.of(request).number("limit", 100, 1, MAX_FAILURES);
    List<Rejection> failures = IndexQueue.failures(queues.resolve(queue.id()), limit + 1);
    ObjectNode answer = Json.MAPPER.createObjectNode().put("queue", queue.id());
    ArrayNode array = answer.putArray("failures");
    failures.stream().limit(limit)
        .forEach(failure -> array.addObject().put("id", failure.id()).put("reason", failure.reason()));
    Answer.json(request, Json.write(answer.put("more", failures.size() > limit)));
  }

  /**
   * Starts an indexer in this process that goes on with a queue: 202. If that can't be, 409 says why; 404 if there is no such
   * queue.
   */
  public void retry(Exchange request) {
    QueueStatus queue = queue(request);
    if (queue.running()) {
      throw busy(queue);
    }
    RunRecord run = record(queue);
    if (run == null) {
      throw RestException.conflict("the queue " + queue.id() + " was interrupted while its ids were listed: " + again(queue));
    }
    if (!run.productIds().isEmpty()) {
      throw RestException.conflict("the queue " + queue.id() + " is about the products of product.ids alone: " + again(queue) + " and them");
    }
    if (!retries.knows(run.command())) {
      throw RestException.conflict("the queue " + queue.id() + " belongs to " + run.command() + ", which is no index command here");
    }
    if (!run.database().equals(retries.database(run.command()))) {
      throw RestException.conflict("the queue " + queue.id() + " belongs to " + run.command() + " of " + run.database()
          + ", but source.url is " + retries.database(run.command()) + " here: " + again(queue));
    }
    if (!retries.start(run.command(), queue.id())) {
      throw busy(queue);
    }
    Answer.json(request, Json.write(Json.MAPPER.createObjectNode().put("queue", queue.id()).put("command", run.command())))
        .setHeader(Exchange.HTTP_RESPONSE_CODE, 202);
  }

  private RunRecord record(QueueStatus queue) {
    try {
      return RunRecord.read(queues.resolve(queue.id()));
    } catch (QueueException e) {
      throw RestException.conflict(e.getMessage());
    }
  }

  private static String again(QueueStatus queue) {
    return "run its command again with QUEUE_ID=" + queue.id();
  }

  private static RestException busy(QueueStatus queue) {
    return RestException.conflict("an indexer works on the queue " + queue.id() + " already: wait for it");
  }

  /** The queue whose id stands in the path; looked for among those that there are, so that no path leads elsewhere. */
  private QueueStatus queue(Exchange request) {
    String id = Parameters.id(request);
    return QueueStatus.all(queues).stream().filter(each -> each.id().equals(id)).findFirst()
        .orElseThrow(() -> RestException.notFound("there is no queue with the id '" + id + "'"));
  }
}
