package routes.support;

import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Makes a message the answer to a request: nothing of the request's headers goes back. */
public final class Answer {

  private Answer() {}

  /** An answer of JSON; headers may be added to it. */
  public static Message json(Exchange request, String body) {
    return of(request, "application/json", body);
  }

  /** An answer of some type. */
  public static Message of(Exchange request, String contentType, Object body) {
    Message answer = request.getMessage();
    answer.removeHeaders("*");
    answer.setHeader(Exchange.CONTENT_TYPE, contentType);
    answer.setBody(body);
    return answer;
  }
}
