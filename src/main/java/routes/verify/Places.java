package routes.verify;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Variable;
import product.Product;
import product.Rejection;
import routes.source.Read;
import routes.support.Reason;
import verify.Sighting;

/**
 * The source, and the services that have their products from it: the Message Translator from what they show to sightings. What
 * the source has of a product is what an index command would send for it. Several places may be read at once.
 */
public class Places {

  private final List<Place> services;
  private final Contents contents;

  /**
   * @param services the product data service, then the indexes
   */
  Places(List<Place> services, Contents contents) {
    this.services = services;
    this.contents = contents;
  }

  /** The product data service, then the indexes. */
  public List<Place> services() {
    return services;
  }

  int indexes() {
    return services.size() - 1;
  }

  /** What the source has of a chunk. */
  public List<Sighting> inSource(@Body Read read) {
    List<Sighting> sightings = new ArrayList<>();
    for (Product product : read.products()) {
      sightings.add(new Sighting(product.attribute("id").asText(), Sighting.SOURCE, 0, List.of(contents.ofSource(product))));
    }
    for (Rejection unreadable : read.failed()) {
      sightings.add(new Sighting(unreadable.id(), Sighting.SOURCE, 0, List.of()));
    }
    return sightings;
  }

  /**
   * Checks an answer.
   *
   * @return null if there is no such thing
   * @throws PlaceException if that is no answer
   */
  public String check(@Variable("place") Place place, @Header(Exchange.HTTP_RESPONSE_CODE) int status, @Body String answer) {
    if (status != 200 && status != 404) {
      throw new PlaceException(place.name() + " at " + place.url() + " answers with status " + status + ": " + answer);
    }
    return status == 404 ? null : answer;
  }

  /** Says that a place could not be asked. */
  public void unreachable(@Variable("place") Place place, Exchange failed) {
    String reason = Reason.of(failed.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class));
    throw new PlaceException(place.name() + " at " + place.url() + " cannot be reached: is it running? (" + reason + ")");
  }

  /** What the next page of a service shows. */
  public List<Sighting> inService(@Variable("place") Place place, @Body String page) {
    return place.reading(page, () -> place.readPage(page));
  }
}
