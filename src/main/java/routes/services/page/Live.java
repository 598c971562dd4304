package routes.services.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import product.Json;
import routes.support.RecentEvents;
import routes.support.Status;

/**
 * The pages that are open. Each hears at once when it comes, and then regularly, how things are: always the whole of it, so
 * that a page which missed something needs nothing but the next. One that does not read what it was sent is left out, and
 * disconnected when it goes on so; what it sends is ignored. Thread safe.
 */
public class Live {

  private static final int MAX_PAGES = 100;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int PATIENCE = 30;
  private static final int EVENTS = 30;

  /** How many frames in a row each page had no room for. */
  private final Map<ServerWebSocket, AtomicInteger> pages = new ConcurrentHashMap<>();

  private final Status status;
  private final RecentEvents events;
  private final Retries retries;

  public Live(Status status, RecentEvents events, Retries retries) {
    this.status = status;
    this.events = events;
    this.retries = retries;
  }

  /** How many are open. */
  public int pages() {
    return pages.size();
  }

  /** Whether no more pages are taken. */
  boolean full() {
    return pages.size() >= MAX_PAGES;
  }

  /** Takes a page that has connected; on its event loop. */
  void open(ServerWebSocket page) {
    page.setWriteQueueMaxSize(BUFFER_BYTES);
    page.exceptionHandler(gone -> pages.remove(page));
    page.closeHandler(closed -> pages.remove(page));
    pages.put(page, new AtomicInteger());
    Vertx.currentContext().executeBlocking(() -> {
      greet(page);
      return page;
    });
  }

  /** One at a time with {@link #push}: no page hears something older after something newer. */
  private synchronized void greet(ServerWebSocket page) {
    send(page, frame());
  }

  /** Tells all pages how things are; does nothing if there are none. */
  public synchronized void push() {
    if (!pages.isEmpty()) {
      String frame = frame();
      pages.keySet().forEach(page -> send(page, frame));
    }
  }

  private void send(ServerWebSocket page, String frame) {
    AtomicInteger missed = pages.get(page);
    if (missed == null || page.isClosed()) {
      pages.remove(page);
    } else if (!page.writeQueueFull()) {
      missed.set(0);
      page.writeTextMessage(frame);
    } else if (missed.incrementAndGet() >= PATIENCE) {
      pages.remove(page);
      page.close();
    }
  }

  private String frame() {
    ObjectNode frame = Json.MAPPER.createObjectNode().put("at", System.currentTimeMillis());
    frame.set("status", Json.parse(status.report().json()));
    frame.set("events", events.json(EVENTS));
    frame.set("retries", retries.json());
    return Json.write(frame);
  }
}
