package search;

/** A rebuild or a rollback can't begin as things are now; the message says why, for whoever asked for it. */
public class GenerationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public GenerationException(String message) {
    super(message);
  }
}
