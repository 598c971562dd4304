package routes.verify;

/** A place can't be asked, or does not answer as it should, at the moment. The message names it. */
public class PlaceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PlaceException(String message) {
    super(message);
  }
}
