package routes.support;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;

/** What a command does when its process has ended: further processes in the same JVM, one after the other. Thread safe. */
public final class FollowUp {

  /** The bean, if there is one, that takes the steps. */
  public static final String BEAN = "followUp";

  private final List<Step> steps = new CopyOnWriteArrayList<>();

  /**
   * A process.
   *
   * @param profile which one
   * @param properties what it has besides the command's own
   */
  public record Step(String profile, Map<String, String> properties) {}

  /** Adds steps; they are left out when one before them could not run. Without effect where nobody would take them. */
  public static void add(CamelContext context, Step... steps) {
    FollowUp bean = context.getRegistry().lookupByNameAndType(BEAN, FollowUp.class);
    if (bean != null) {
      bean.steps.addAll(List.of(steps));
    }
  }

  public List<Step> steps() {
    return List.copyOf(steps);
  }
}
