package app;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import routes.support.ConfigurationException;
import routes.support.ExitStatus;
import routes.support.FollowUp;
import routes.support.IndexRunner;
import routes.support.IndexRunner.Outcome;
import routes.support.Reason;
import routes.support.Settings;

/**
 * Starts a process. Which one is the Camel profile, {@code -profile NAME}: {@code application-NAME.properties} names the
 * routes. Ends with 0, or with the {@link ExitStatus} that its routes set, or with 2 if the process could not start.
 */
public final class Application {

  private static final Logger LOG = LoggerFactory.getLogger(Application.class);

  private Application() {}

  public static void main(String[] arguments) {
    // H2's server for other processes, and whatever else binds by default, stays on this machine.
    System.setProperty("h2.bindAddress", "127.0.0.1");
    MavenProfiles.mistyped(System.getenv(MavenProfiles.COMMAND_LINE)).ifPresent(wrong -> {
      LOG.error("Could not start: {}", wrong);
      System.exit(ExitStatus.COULD_NOT_RUN);
    });
    System.exit(run(main(), arguments));
  }

  /** A process that is not started yet; for a test to configure. */
  public static Main main() {
    Main main = new Main(Application.class);
    main.addMainListener(new Preparation());
    main.bind(IndexRunner.BEAN, new InnerIndexer(main));
    return main;
  }

  /**
   * A process in the JVM of another.
   *
   * @param given what that one was given; null if nothing
   */
  static Main main(Properties given) {
    Main main = main();
    if (given != null) {
      given.stringPropertyNames().forEach(key -> main.addOverrideProperty(key, given.getProperty(key)));
    }
    return main;
  }

  /**
   * Runs a process until it ends, and those that follow from it.
   *
   * @return the exit status of the last one
   */
  public static int run(Main main, String... arguments) {
    return outcome(main, arguments).status();
  }

  /** As {@link #run}, with the reason. */
  static Outcome outcome(Main main, String... arguments) {
    FollowUp followUp = new FollowUp();
    Outcome outcome = outcome(main, followUp, arguments);
    for (FollowUp.Step step : followUp.steps()) {
      if (outcome.status() != ExitStatus.COULD_NOT_RUN) {
        Main next = main(main.getOverrideProperties());
        step.properties().forEach(next::addOverrideProperty);
        outcome = outcome(next, new FollowUp(), "-profile", step.profile());
      }
    }
    return outcome;
  }

  private static Outcome outcome(Main main, FollowUp followUp, String... arguments) {
    try {
      AtomicInteger status = new AtomicInteger();
      AtomicReference<String> reason = new AtomicReference<>("");
      main.bind(ExitStatus.BEAN, status);
      main.bind(ExitStatus.REASON_BEAN, reason);
      main.bind(FollowUp.BEAN, followUp);
      main.run(arguments);
      return new Outcome(status.get(), reason.get());
    } catch (Exception e) {
      LOG.error("Could not start: {}", Reason.of(e));
      LOG.debug("Could not start", e);
      if (main.getCamelContext() != null) {
        // What was opened before is closed, so that no empty queue stays behind.
        main.getCamelContext().stop();
      }
      return new Outcome(ExitStatus.COULD_NOT_RUN, Reason.of(e));
    }
  }

  /** Checks what the process needs before anything is opened. */
  private static final class Preparation extends MainListenerSupport {

    @Override
    public void afterStart(BaseMainSupport main) {
      CamelContext context = main.getCamelContext();
      for (String server : servers(context)) {
        LOG.info("Listening on {}:{} ({})", property(context, server + ".host"), property(context, server + ".port"), server);
      }
    }

    @Override
    public void beforeConfigure(BaseMainSupport main) {
      CamelContext context = main.getCamelContext();
      if (property(context, "camel.main.javaRoutesIncludePattern").isEmpty()) {
        throw new ConfigurationException(noSuchProcess(Objects.requireNonNullElse(main.configure().getProfile(), "")));
      }
      Settings.check(context);
      if (property(context, "queue.id").isEmpty()) {
        String id = property(context, "index.command") + "-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        context.getPropertiesComponent().addOverrideProperty("queue.id", id);
        // -Dqueue.id= would be stronger.
        System.clearProperty("queue.id");
      }
      String kv = property(context, "kv.folder");
      try {
        Files.createDirectories(Path.of(kv));
      } catch (IOException e) {
        throw new ConfigurationException("kv.folder " + kv + " cannot be created: " + e, e);
      }
      if (!Files.isWritable(Path.of(kv))) {
        throw new ConfigurationException("kv.folder " + kv + " cannot be written");
      }
      for (String server : servers(context)) {
        checkFree(property(context, server + ".host"), Integer.parseInt(property(context, server + ".port")), server + ".port");
      }
    }

    private static String noSuchProcess(String name) {
      List<String> names = Processes.names();
      return (name.isEmpty() ? "-profile must name a process: " : "there is no process " + name + ": ")
          + Processes.meant(name, names).map(meant -> "did you mean " + meant + "?").orElse("there are " + String.join(", ", names));
    }

    private static List<String> servers(CamelContext context) {
      String listed = property(context, "process.listens");
      return listed.isEmpty() ? List.of() : List.of(listed.split("\\s*,\\s*"));
    }

    private static String property(CamelContext context, String key) {
      return Settings.find(context, key).orElse("");
    }

    private static void checkFree(String host, int port, String key) {
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      } catch (BindException e) {
        throw new ConfigurationException(
            host + ":" + port + " is in use: is this process running already? Stop it, or set " + key, e);
      } catch (IOException e) {
        throw new ConfigurationException(host + ":" + port + " cannot be listened on: " + e, e);
      }
    }
  }
}
