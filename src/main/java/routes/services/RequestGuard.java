package routes.services;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.CamelContext;
import routes.support.RestServer;

/**
 * Keeps other websites, which a browser of this machine may have open, away from the services, which ask for no password. A
 * request must be for a host that is ours, so that nobody reaches us through a name of his own that leads here (DNS
 * rebinding). What changes something, and the websocket, which no browser keeps from other sites, must also not come from
 * another site's page: a browser says so in {@code Origin}; what is no browser need not say anything.
 */
final class RequestGuard implements Handler<RoutingContext> {

  private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]", "::1");
  private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
  private static final String ANY = "*";

  private final Set<String> hosts = new HashSet<>(LOOPBACK);
  private final Set<String> trusted;

  /**
   * @param host where the server listens
   * @param trusted further names under which it may be asked, and whose pages may change something; {@code *} for all
   */
  RequestGuard(String host, Set<String> trusted) {
    this.trusted = trusted;
    hosts.add(host.toLowerCase(Locale.ROOT));
    hosts.addAll(trusted);
  }

  /** Adds it to the router of this context's REST server, before all else. */
  static void register(CamelContext context) {
    String names = context.resolvePropertyPlaceholders("{{rest.allowed-hosts}}").trim().toLowerCase(Locale.ROOT);
    Set<String> trusted = names.isEmpty() ? Set.of() : Set.of(names.split("\\s*,\\s*"));
    String host = context.resolvePropertyPlaceholders("{{rest.host}}").trim();
    RestServer.router(context).route().order(-1).handler(new RequestGuard(host, trusted));
  }

  @Override
  public void handle(RoutingContext request) {
    HostAndPort asked = request.request().authority();
    String origin = request.request().getHeader("Origin");
    if (asked != null && !hosts.contains(ANY) && !hosts.contains(asked.host().toLowerCase(Locale.ROOT))) {
      RestServer.problem(request, 403, "this server is not " + asked.host() + ": ask 127.0.0.1 instead, or set rest.allowed-hosts");
    } else if (origin != null && (changes(request) || upgrades(request)) && !ours(origin, asked)) {
      RestServer.problem(request, 403, "a page of " + origin + " may not do that; rest.allowed-hosts names the hosts whose pages may");
    } else {
      request.next();
    }
  }

  private static boolean changes(RoutingContext request) {
    return !SAFE.contains(request.request().method());
  }

  private static boolean upgrades(RoutingContext request) {
    return request.request().getHeader("Upgrade") != null;
  }

  private boolean ours(String origin, HostAndPort asked) {
    try {
      URI site = URI.create(origin);
      if (site.getHost() == null) {
        return false;
      }
      String name = site.getHost().toLowerCase(Locale.ROOT);
      boolean same = asked != null && name.equalsIgnoreCase(asked.host()) && port(site) == port(site, asked);
      return same || trusted.contains(ANY) || trusted.contains(name);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static int port(URI site) {
    return site.getPort() >= 0 ? site.getPort() : standardPort(site);
  }

  /** Where Host names no port, it is that of the page's own scheme: a proxy may have taken the encryption off. */
  private static int port(URI site, HostAndPort asked) {
    return asked.port() >= 0 ? asked.port() : standardPort(site);
  }

  private static int standardPort(URI site) {
    return "https".equalsIgnoreCase(site.getScheme()) ? 443 : 80;
  }
}
