package routes.support;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The status that a process ends with. */
public final class ExitStatus {

  /** The bean, if there is one, that gets it: an {@link AtomicInteger}. */
  public static final String BEAN = "exitStatus";

  /** The bean, if there is one, that gets the reason why the process could not go on: an {@link AtomicReference} of text. */
  public static final String REASON_BEAN = "exitReason";

  /** All is well. */
  public static final int COMPLETE = 0;

  /** The process did what it could, but something is left to do. */
  public static final int INCOMPLETE = 1;

  /** The process could not do what it is for. */
  public static final int COULD_NOT_RUN = 2;

  private static final Logger LOG = LoggerFactory.getLogger(ExitStatus.class);

  private ExitStatus() {}

  /**
   * Says what the process will end with.
   *
   * @return whether that is news
   */
  public static boolean set(CamelContext context, int status) {
    AtomicInteger exitStatus = context.getRegistry().lookupByNameAndType(BEAN, AtomicInteger.class);
    return exitStatus == null || exitStatus.getAndSet(status) != status;
  }

  /** Says why the process can't go on. */
  @SuppressWarnings("unchecked")
  public static void because(CamelContext context, String reason) {
    AtomicReference<String> exitReason = context.getRegistry().lookupByNameAndType(REASON_BEAN, AtomicReference.class);
    if (exitReason != null) {
      exitReason.set(reason);
    }
  }

  /** Ends the process, without waiting for that. */
  public static void end(CamelContext context, int status) {
    set(context, status);
    // Not on a route's thread, for which the context would wait.
    new Thread(context::stop, "end").start();
  }

  /**
   * Ends a service whose disk failed, or is full: neither store nor index can be written any more without being opened again,
   * and a service that is down is noticed, where one that stays up and takes nothing is not.
   */
  public static void diskFailed(Exchange exchange) {
    Exception e = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    if (set(exchange.getContext(), COULD_NOT_RUN)) {
      LOG.error("{}", e.getMessage());
      LOG.debug("The process ends", e);
      end(exchange.getContext(), COULD_NOT_RUN);
    }
  }
}
