package event;

import java.util.List;

/** The channels that events travel on. */
public final class Topic {

  /** Product data from the indexer to the product data service: {@link UpdateEvent}. */
  public static final String UPDATE = "update";

  /** Acknowledgements from the product data service to the indexer: {@link AckEvent}. */
  public static final String ACK = "ack";

  /** Changes from the product data service to the indexes: {@link IndexEvent}. */
  public static final String INDEX = "index";

  public static final List<String> ALL = List.of(UPDATE, ACK, INDEX);

  private Topic() {}
}
