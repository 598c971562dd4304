package endtoend;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Listens to what every process of this JVM logs, from its creation until it is closed. */
public final class LogCapture implements AutoCloseable {

  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
  private final Level least;
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(least)) {
        events.add(event);
      }
    }
  };

  public LogCapture() {
    this(Level.TRACE);
  }

  /** Listens to what is said at that level or above. */
  LogCapture(Level least) {
    this.least = least;
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.addAppender(appender);
  }

  /** What was said at that level or above. */
  public List<String> lines(Level least) {
    return events.stream().filter(event -> event.getLevel().isGreaterOrEqual(least)).map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  /** All that was said. */
  public List<String> lines() {
    return lines(Level.TRACE);
  }

  /** Warnings and errors. */
  public List<String> complaints() {
    return lines(Level.WARN);
  }

  /** What was said with a stack trace, which no operator should have to read. */
  public List<String> stackTraces() {
    return events.stream().filter(event -> event.getThrowableProxy() != null)
        .map(event -> event.getLoggerName() + ": " + event.getFormattedMessage() + ": " + event.getThrowableProxy().getMessage())
        .toList();
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    appender.stop();
  }
}
