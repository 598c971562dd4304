package routes.indexer;

import java.sql.SQLException;
import queue.QueueException;
import routes.support.ConfigurationException;

/** Says in one line why something failed. */
final class Failures {

  private Failures() {}

  /** The message of the database's exception, or of one of our own, or else of the one that caused all others, or its class if it has none. */
  static String reason(Throwable e) {
    Throwable root = e;
    while (!meantForOperator(root) && root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null || message.isBlank() ? root.getClass().getSimpleName() : message.lines().findFirst().orElse("").replace("; SQL statement:", "").strip();
  }

  private static boolean meantForOperator(Throwable e) {
    return e instanceof SQLException || e instanceof ConfigurationException || e instanceof QueueException;
  }
}
