package store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import product.Change;
import product.ChangePage;
import product.Product;
import product.ProductState;
import product.ProductState.Merged;
import product.ProductState.Outcome;
import product.Rejection;

/**
 * The product store in one file of H2's MVStore: a log-structured key-value store. Four maps: products by id, the feed
 * (sequence to id, one entry for each product), the epochs in their order, each with the last
 * sequence number before it, and the number of products. The updates that come together are
 * one commit, forced to disk; readers work on the version of the last such commit.
 *
 * <p>Automatic commits are off, both the timed ones and those that a full write buffer causes: they would put half an
 * update on disk.
 */
public final class MvProductStore implements ProductStore {

  private static final int CACHE_MB = 32;
  private static final int COMMITS_BETWEEN_COMPACTIONS = 256;
  private static final int COMPACT_BELOW_FILL_PERCENT = 60;
  private static final int COMPACT_BYTES = 8 << 20;

  private static final Checksummed<String> TEXT = new Checksummed<>(StringDataType.INSTANCE);
  private static final Checksummed<Long> NUMBER = new Checksummed<>(LongDataType.INSTANCE);
  private static final Checksummed<byte[]> BYTES = new Checksummed<>(ByteArrayDataType.INSTANCE);
  private static final MVMap.Builder<String, byte[]> PRODUCTS = new MVMap.Builder<String, byte[]>().keyType(TEXT).valueType(BYTES);
  private static final MVMap.Builder<Long, String> FEED = new MVMap.Builder<Long, String>().keyType(NUMBER).valueType(TEXT);
  private static final MVMap.Builder<String, Long> TOTALS = new MVMap.Builder<String, Long>().keyType(TEXT).valueType(NUMBER);
  private static final String EXISTING = "existing";

  private final Path file;
  private final int maxProductBytes;
  private final MVStore store;
  private final MVMap<String, byte[]> products;
  private final MVMap<Long, String> feed;
  private final MVMap<Long, String> epochs;
  private final String epoch;
  private final MVMap<String, Long> totals;
  private long commits;
  private volatile View view;

  /** What readers see: the maps as of the last commit, which no writer changes. */
  private record View(MVMap<String, byte[]> products, MVMap<Long, String> feed, long existing, long sequence) {}

  /**
   * Opens or creates the store, and begins a new epoch.
   *
   * @param folder where {@code products.mv} lies; created if it is not there
   * @param maxProductBytes a product whose JSON is larger than that, what is not ASCII escaped, is rejected
   * @throws StoreException if it cannot be used, with a message for the operator
   */
  public MvProductStore(Path folder, int maxProductBytes) {
    this.maxProductBytes = maxProductBytes;
    file = folder.resolve("products.mv");
    try {
      Files.createDirectories(folder);
      store = new MVStore.Builder().fileName(file.toString()).autoCommitDisabled().autoCommitBufferSize(0).cacheSize(CACHE_MB).open();
    } catch (IOException e) {
      throw new StoreException("the product store " + folder + " cannot be created: " + e, e);
    } catch (RuntimeException e) {
      if (writingFailed(e)) {
        throw cannotBeWritten(e);
      }
      throw new StoreException("the product store " + file + " cannot be opened: " + firstLine(e)
          + ". If another process uses it, stop that one; if the file is damaged, move it away and run a full index", e);
    }
    try {
      products = store.openMap("products", PRODUCTS);
      feed = store.openMap("feed", FEED);
      epochs = store.openMap("epochs", FEED);
      totals = store.openMap("totals", TOTALS);
      epoch = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
      long last = feed.isEmpty() ? 0 : feed.lastKey();
      epochs.put(epochs.size() + 1L, last + " " + epoch);
      commit();
    } catch (RuntimeException e) {
      StoreException told = writingFailed(e) ? cannotBeWritten(e) : damaged(e);
      store.closeImmediately();
      throw told;
    }
  }

  private static boolean writingFailed(RuntimeException e) {
    return e instanceof MVStoreException failure && failure.getErrorCode() == DataUtils.ERROR_WRITING_FAILED;
  }

  @Override
  public synchronized List<Applied> apply(List<Update> updates) {
    try {
      List<Applied> applied = new ArrayList<>(updates.size());
      for (Update update : updates) {
        applied.add(merge(update));
      }
      if (store.hasUnsavedChanges()) {
        commit();
      }
      return applied;
    } catch (MVStoreException e) {
      if (e.getErrorCode() == DataUtils.ERROR_FILE_CORRUPT || e.getErrorCode() == DataUtils.ERROR_READING_FAILED) {
        throw damaged(e);
      }
      // MVStore closes itself after such an error, so that nothing half done can be committed later.
      throw cannotBeWritten(e);
    }
  }

  private Applied merge(Update update) {
    try {
      Merging merging = new Merging(update);
      update.products().forEach(merging::product);
      update.deleted().forEach(merging::deletion);
      if (!merging.changes.isEmpty()) {
        totals.put(EXISTING, merging.existing);
      }
      return new Applied(merging.changes, merging.stored, merging.outdated, merging.rejected);
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      store.rollback();
      throw damaged(e);
    } catch (RuntimeException e) {
      store.rollback();
      throw e;
    }
  }

  /** One update on its way into the maps. */
  private final class Merging {
    private final Update update;
    private final List<Change> changes;
    private final List<Rejection> rejected = new ArrayList<>();
    private long sequence = feed.isEmpty() ? 0 : feed.lastKey();
    private long existing = totals.getOrDefault(EXISTING, 0L);
    private int stored;
    private int outdated;

    Merging(Update update) {
      this.update = update;
      this.changes = new ArrayList<>(update.products().size() + update.deleted().size());
    }

    void product(Product product) {
      ObjectNode read = product.tree();
      String id = Product.idText(read.get("id"));
      byte[] held = products.get(id);
      ProductState unknown = ProductState.unknown(read.get("id"));
      if (update.full()) {
        ProductState state = held == null ? unknown : ProductRecord.stateForFullRead(held, read.get("id"), update.readAt());
        keep(id, held, state.mergeFull(read, update.readAt()));
      } else {
        ProductState state = held == null ? unknown : ProductRecord.state(held);
        keep(id, held, state.mergePartial(read, update.readAt()));
      }
    }

    void deletion(String id) {
      byte[] held = products.get(id);
      ProductState state = held == null ? ProductState.unknown(TextNode.valueOf(id)) : ProductRecord.state(held);
      keep(id, held, state.mergeDeletion(update.readAt()));
    }

    private void keep(String id, byte[] held, Merged merged) {
      if (merged.outcome() == Outcome.REJECTED) {
        reject(id, "the product is unknown, and this is only a part of it: run a full index first");
        return;
      }
      String json = ProductRecord.json(merged.state());
      byte[] record = ProductRecord.encode(sequence + 1, merged.state(), json);
      Product product = merged.state().exists() ? Product.ofJson(json) : null;
      int bytes = product == null ? 0 : product.bytes();
      if (bytes > maxProductBytes) {
        reject(id, "the product has " + bytes + " bytes as JSON, but at most " + maxProductBytes + " can be sent");
        return;
      }
      sequence++;
      outdated += merged.outcome() == Outcome.OUTDATED ? 1 : 0;
      stored += merged.outcome() == Outcome.STORED ? 1 : 0;
      if (held != null) {
        feed.remove(ProductRecord.version(held));
      }
      existing += (ProductRecord.exists(record) ? 1 : 0) - (held != null && ProductRecord.exists(held) ? 1 : 0);
      products.put(id, record);
      feed.put(sequence, id);
      changes.add(new Change(sequence, id, product));
    }

    private void reject(String id, String reason) {
      rejected.add(new Rejection(id, reason));
    }
  }

  private void commit() {
    store.commit();
    store.sync();
    long committed = store.getCurrentVersion() - 1;
    Long last = feed.lastKey();
    view = new View(
        products.openVersion(committed), feed.openVersion(committed), totals.getOrDefault(EXISTING, 0L), last == null ? 0 : last);
    if (++commits % COMMITS_BETWEEN_COMPACTIONS == 0) {
      store.compact(COMPACT_BELOW_FILL_PERCENT, COMPACT_BYTES);
    }
  }

  /** Reads from the last commit, and keeps its pages from being overwritten meanwhile. */
  private <T> T reading(Function<View, T> reader) {
    MVStore.TxCounter usage = store.registerVersionUsage();
    try {
      return reader.apply(view);
    } catch (RuntimeException e) {
      throw damaged(e);
    } finally {
      store.deregisterVersionUsage(usage);
    }
  }

  @Override
  public Optional<Versioned> product(String id) {
    return reading(seen -> {
      byte[] record = seen.products().get(id);
      return record == null || !ProductRecord.exists(record)
          ? Optional.empty()
          : Optional.of(new Versioned(ProductRecord.version(record), ProductRecord.readAt(record), ProductRecord.product(record)));
    });
  }

  @Override
  public ChangePage changes(long since, int limit, int maxBytes) {
    return reading(seen -> changes(seen, since, limit, maxBytes));
  }

  private ChangePage changes(View seen, long since, int limit, int maxBytes) {
    List<Change> changes = new ArrayList<>();
    if (since == Long.MAX_VALUE) {
      return new ChangePage(epoch, changes, since, false);
    }
    long last = since;
    long bytes = 0;
    Cursor<Long, String> cursor = seen.feed().cursor(since + 1);
    while (cursor.hasNext() && changes.size() < limit && bytes < maxBytes) {
      last = cursor.next();
      byte[] record = seen.products().get(cursor.getValue());
      changes.add(new Change(last, cursor.getValue(), ProductRecord.product(record)));
      bytes += record.length;
    }
    return new ChangePage(epoch, changes, last, cursor.hasNext());
  }

  @Override
  public List<String> idsFullReadBefore(long fullReadBefore, String after, int limit) {
    return reading(seen -> idsFullReadBefore(seen, fullReadBefore, after, limit));
  }

  private static List<String> idsFullReadBefore(View seen, long fullReadBefore, String after, int limit) {
    List<String> ids = new ArrayList<>();
    Cursor<String, byte[]> cursor = seen.products().cursor(after);
    while (cursor.hasNext() && ids.size() < limit) {
      String id = cursor.next();
      byte[] record = cursor.getValue();
      if (!id.equals(after) && ProductRecord.exists(record) && ProductRecord.fullReadAt(record) < fullReadBefore) {
        ids.add(id);
      }
    }
    return ids;
  }

  @Override
  public String epoch() {
    return epoch;
  }

  @Override
  public boolean remembers(String askedEpoch, long sequence) {
    for (Map.Entry<Long, String> entry : epochs.entrySet()) {
      if (entry.getValue().endsWith(" " + askedEpoch)) {
        String next = epochs.get(entry.getKey() + 1);
        return sequence <= (next == null ? sequence() : Long.parseLong(next.substring(0, next.indexOf(' '))));
      }
    }
    return false;
  }

  @Override
  public long count() {
    return view.existing();
  }

  @Override
  public long sequence() {
    return view.sequence();
  }

  @Override
  public synchronized void close() {
    store.close();
  }

  private StoreException damaged(RuntimeException e) {
    if (store.isClosed()) {
      return new StoreException("the product store " + file + " is closed: this process ends", e);
    }
    return new StoreException(
        "the product store " + file + " cannot be read: " + firstLine(e) + ". If it is damaged, move it away and run a full index", e);
  }

  private StoreException cannotBeWritten(RuntimeException e) {
    String reason = e.getCause() instanceof IOException disk && disk.getMessage() != null ? disk.getMessage() : firstLine(e);
    String mend = writingFailed(e) ? ". Make room or mend the disk, and start" : ". Start";
    return new StoreException("the product store " + file + " cannot be written: " + reason + mend
        + " this process again: what was not acknowledged is sent again", e);
  }

  private static String firstLine(Exception e) {
    return (e instanceof MVStoreException ? e.getMessage() : e.toString()).lines().findFirst().orElse("");
  }
}
