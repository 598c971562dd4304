package routes.support;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;

/** The status that a process ends with. */
public final class ExitStatus {

  /** The bean, if there is one, that gets it: an {@link AtomicInteger}. */
  public static final String BEAN = "exitStatus";

  /** The process could not do what it is for. */
  public static final int COULD_NOT_RUN = 2;

  private ExitStatus() {}

  /** Says what the process will end with. */
  public static void set(CamelContext context, int status) {
    AtomicInteger exitStatus = context.getRegistry().lookupByNameAndType(BEAN, AtomicInteger.class);
    if (exitStatus != null) {
      exitStatus.set(status);
    }
  }

  /** Ends the process, without waiting for that. */
  public static void end(CamelContext context, int status) {
    set(context, status);
    // Not on a route's thread, for which the context would wait.
    new Thread(context::stop, "end").start();
  }
}
