package event;

/** A frame that is not an event of this project, or of another type than expected. The message says why, in one line. */
public class InvalidEventException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InvalidEventException(String message) {
    super(message);
  }
}
