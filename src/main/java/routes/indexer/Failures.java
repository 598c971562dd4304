package routes.indexer;

import java.sql.SQLException;

/** Says in one line why something failed. */
final class Failures {

  private Failures() {}

  /** The message of the database's exception, or else of the one that caused all others, or its class if it has none. */
  static String reason(Throwable e) {
    Throwable root = e;
    while (!(root instanceof SQLException) && root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null || message.isBlank() ? root.getClass().getSimpleName() : message.lines().findFirst().orElse("").replace("; SQL statement:", "").strip();
  }
}
