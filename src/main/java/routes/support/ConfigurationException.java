package routes.support;

/**
 * The process cannot run as it is configured, or what it needs is not there. The message is one line for the operator: what
 * is wrong, and what to do.
 */
public class ConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ConfigurationException(String message) {
    super(message);
  }

  public ConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}
