package store;

/** A store could not be opened, read or written. The message says which, why, and what to do. */
public class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
