package search;

/** An index could not be opened, read or written. The message says which, why, and what to do. */
public class SearchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SearchException(String message, Throwable cause) {
    super(message, cause);
  }
}
