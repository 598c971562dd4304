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
import verify.Partitions;
import verify.Sighting;

/**
 * The source, and the services that have their products from it: the Message Translator from what they show to sightings. What
 * the source has of a product is what an index command would send for it. Several places may be read at once.
 */
public class Places {

  private final List<Place> services;
  private final Contents contents;
  private final Partitions partitions;

  /**
   * @param services the product data service, then the indexes
   * @param partitions where all that is read goes
   */
  Places(List<Place> services, Contents contents, Partitions partitions) {
    this.services = services;
    this.contents = contents;
    this.partitions = partitions;
  }

  /** The product data service, then the indexes. */
  public List<Place> services() {
    return services;
  }

  int indexes() {
    return services.size() - 1;
  }

  /** Takes note of products that the operator named; returns them. */
  public List<String> named(@Body List<String> ids) {
    ids.forEach(id -> partitions.add(Sighting.named(id)));
    return ids;
  }

  /** Takes a chunk of the source. */
  public void takeSource(Read read) {
    sightings(read).forEach(partitions::add);
  }

  /** What the source has of a chunk. */
  List<Sighting> sightings(Read read) {
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

  /** Takes the next page of a service. */
  public void takePage(@Variable("place") Place place, @Body String page) {
    place.reading(page, () -> place.readPage(page)).forEach(partitions::add);
  }
}
