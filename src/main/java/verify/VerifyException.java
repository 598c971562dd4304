package verify;

/** Places cannot be compared. The message is one line for the operator: why, and what to do. */
public class VerifyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public VerifyException(String message) {
    super(message);
  }

  public VerifyException(String message, Throwable cause) {
    super(message, cause);
  }
}
