package routes.indexer;

import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.support.Plural;

/** Shows how far a run is: a bar on a terminal, a line every few seconds elsewhere. Not thread safe. */
public class Progress {

  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

  private final long intervalMs;
  private final boolean terminal;
  private ProgressBar bar;
  private String task;
  private long total;
  private long done;
  private long saidAt;

  /**
   * @param intervalMs how often to say something where there is no terminal
   * @param terminal whether there is one
   */
  public Progress(long intervalMs, boolean terminal) {
    this.intervalMs = intervalMs;
    this.terminal = terminal;
  }

  public void begin(String newTask, long products) {
    task = newTask;
    total = products;
    saidAt = System.nanoTime();
    if (terminal) {
      bar = new ProgressBarBuilder()
          .setTaskName(task)
          .setInitialMax(products)
          .setUnit(" products", 1)
          .setStyle(ProgressBarStyle.ASCII)
          .setUpdateIntervalMillis(200)
          .showSpeed()
          .build();
    }
  }

  /** Says that there is more to do than it seemed. */
  public void add(long products) {
    total += products;
    if (bar != null) {
      bar.maxHint(total);
    }
  }

  public void step(long products) {
    done += products;
    if (bar != null) {
      bar.stepBy(products);
    } else if (System.nanoTime() - saidAt >= TimeUnit.MILLISECONDS.toNanos(intervalMs)) {
      saidAt = System.nanoTime();
      LOG.info("{}: {} of {} {}, {} %", task, done, total, Plural.of(total, "product"), total == 0 ? 100 : 100 * done / total);
    }
  }

  public void end() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
