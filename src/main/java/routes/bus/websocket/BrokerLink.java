package routes.bus.websocket;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.support.Reason;

/** Says once when events can't be sent, and once when they can again. Thread safe. */
public class BrokerLink {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerLink.class);

  private final String broker;
  private final AtomicBoolean down = new AtomicBoolean();

  /**
   * @param broker host and port
   */
  public BrokerLink(String broker) {
    this.broker = broker;
  }

  /** An event was sent. */
  public void up() {
    if (down.get() && down.compareAndSet(true, false)) {
      LOG.info("The broker at {} is there again", broker);
    }
  }

  /** An event was not sent, and is lost. */
  public void down(Throwable reason) {
    if (down.compareAndSet(false, true)) {
      LOG.warn("The broker at {} can't be reached; what is lost meanwhile is made good for later ({})", broker,
          Reason.of(reason));
    }
  }
}
