package routes.support;

import io.netty.handler.codec.http.HttpResponseStatus;
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
}
