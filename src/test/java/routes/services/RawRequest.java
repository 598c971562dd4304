package routes.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLSession;

/**
 * The answer to a request whose target is sent as it is, malformed or not.
 *
 * @param uri stands for it in messages
 */
public record RawRequest(URI uri, int statusCode, HttpHeaders headers, String body) implements HttpResponse<String> {

  private static final int TIMEOUT_MS = 20_000;

  static RawRequest send(int port, String requestLine) {
    return send(port, requestLine, "127.0.0.1");
  }

  /** Sends a request for some host, whose name need not lead here. */
  public static RawRequest send(int port, String requestLine, String host) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MS);
      String request = requestLine + "\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = answer.indexOf("\r\n\r\n");
      List<String> head = answer.substring(0, end).lines().toList();
      Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (String line : head.subList(1, head.size())) {
        headers.computeIfAbsent(line.substring(0, line.indexOf(':')), any -> new ArrayList<>())
            .add(line.substring(line.indexOf(':') + 1).trim());
      }
      return new RawRequest(URI.create("raw:" + port), Integer.parseInt(head.get(0).split(" ")[1]),
          HttpHeaders.of(headers, (name, value) -> true),
          body(answer.substring(end + 4), headers.containsKey("transfer-encoding")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without the lengths of its chunks. */
  private static String body(String sent, boolean chunked) {
    return chunked ? sent.replaceAll("(?m)^[0-9a-f]+\r\n", "").strip() : sent;
  }

  @Override
  public HttpRequest request() {
    return HttpRequest.newBuilder(uri).build();
  }

  @Override
  public Optional<HttpResponse<String>> previousResponse() {
    return Optional.empty();
  }

  @Override
  public Optional<SSLSession> sslSession() {
    return Optional.empty();
  }

  @Override
  public HttpClient.Version version() {
    return HttpClient.Version.HTTP_1_1;
  }
}
