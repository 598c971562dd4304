package routes.support;

import java.util.concurrent.CompletableFuture;

/** Starts indexers from within another process. The application binds it, because routes know no processes. */
public interface IndexRunner {

  /** The bean, if there is one. */
  String BEAN = "indexRunner";

  /**
   * How a run ended.
   *
   * @param status as an indexer process would end with
   * @param reason why it could not go on, for the operator; empty if it could
   */
  record Outcome(int status, String reason) {}

  /**
   * A run.
   *
   * @param end completed with its outcome when it has ended
   * @param stop ends it; what is left stays in the queue
   */
  record Started(CompletableFuture<Outcome> end, Runnable stop) {}

  /** Whether there is such an index command. */
  boolean knows(String command);

  /**
   * What a property would be in a run.
   *
   * @param command an index command that there is
   * @return empty if it is not set
   */
  String setting(String command, String key);

  /**
   * Starts an indexer in this JVM, with the broker, the database and the folder of state of this process.
   *
   * @param command an index command, such as {@code fullIndex}
   * @param queueId the queue that it goes on with
   */
  Started start(String command, String queueId);
}
