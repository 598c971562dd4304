package routes.support;

import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import queue.QueueException;
import search.SearchException;
import store.StoreException;
import verify.VerifyException;

/** Says in one line why something failed. */
public final class Reason {

  private Reason() {}

  /**
   * The first message, from the outside in, that was meant for an operator: a database's, or one of our own; or else that of the
   * innermost exception, or its class if it has none.
   */
  public static String of(Throwable e) {
    Throwable root = e;
    while (!meantForOperator(root) && root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String message = root instanceof NoSuchFileException ? "there is no such file" : root.getMessage();
    return message == null || message.isBlank()
        ? root.getClass().getSimpleName()
        : message.lines().findFirst().orElse("").replace("; SQL statement:", "").strip();
  }

  private static boolean meantForOperator(Throwable e) {
    return e instanceof SQLException
        || e instanceof ConfigurationException
        || e instanceof QueueException
        || e instanceof SearchException
        || e instanceof StoreException
        || e instanceof VerifyException;
  }
}
