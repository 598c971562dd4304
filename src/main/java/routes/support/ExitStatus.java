package routes.support;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;

/** What a process that ends by itself tells its caller. */
public final class ExitStatus {

  /** All is well. */
  public static final int COMPLETE = 0;

  /** It did what it could, but something is left to do. */
  public static final int INCOMPLETE = 1;

  /** It could not do it. */
  public static final int COULD_NOT_RUN = 2;

  /** The bean, if there is one, that gets the exit status. */
  public static final String BEAN = "exitStatus";

  private ExitStatus() {}

  /** Sets it; without effect where nobody wants to know. */
  public static void set(CamelContext context, int status) {
    AtomicInteger bean = context.getRegistry().lookupByNameAndType(BEAN, AtomicInteger.class);
    if (bean != null) {
      bean.set(status);
    }
  }
}
