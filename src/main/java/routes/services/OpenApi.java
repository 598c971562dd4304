package routes.services;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import routes.support.Answer;

/** The description of the API, written by hand and held against the running system by a test. */
public final class OpenApi {

  private OpenApi() {}

  /** Answers with the document. */
  public static void answer(Exchange request) throws IOException {
    try (InputStream document = OpenApi.class.getResourceAsStream("/openapi.json")) {
      Answer.json(request, new String(document.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
