package routes.support;

/** A request that gets an error for its answer: a status, and a sentence that says what was wrong. */
public class RestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;

  private RestException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The request is wrong, whenever it is sent. */
  public static RestException badRequest(String detail) {
    return new RestException(400, detail);
  }

  /** There is no such thing. */
  public static RestException notFound(String detail) {
    return new RestException(404, detail);
  }

  /** It can't be done as things are now. */
  public static RestException conflict(String detail) {
    return new RestException(409, detail);
  }

  /** There was such a thing, but it will not come back. */
  public static RestException gone(String detail) {
    return new RestException(410, detail);
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }
}
