package routes.support;

import io.netty.handler.codec.http.HttpResponseStatus;
import org.apache.camel.Exchange;
import product.Json;

/** An error as RFC 9457 has it. */
public final class Problem {

  public static final String CONTENT_TYPE = "application/problem+json";

  private Problem() {}

  /** The body of an answer with that status. */
  public static String json(int status, String detail) {
    return Json.write(Json.MAPPER.createObjectNode()
        .put("type", "about:blank")
        .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
        .put("status", status)
        .put("detail", detail));
  }

  /** Answers a request that failed with what its exception says, or with 500 if that was not meant for the caller. */
  public static void answer(Exchange request) {
    RestException e = request.getProperty(Exchange.EXCEPTION_CAUGHT, RestException.class);
    int status = e == null ? 500 : e.status();
    String detail = e == null ? "the server could not answer; its log says why" : e.getMessage();
    Answer.of(request, CONTENT_TYPE, json(status, detail)).setHeader(Exchange.HTTP_RESPONSE_CODE, status);
  }
}
