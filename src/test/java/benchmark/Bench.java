package benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the parts work, and where they leave what they have measured. */
final class Bench {

  private final Settings settings;
  private final ObjectNode context;
  private final Path work;
  private final Map<Integer, Shop> shops = new HashMap<>();
  private final List<Report> reports = new ArrayList<>();
  private int folders;

  Bench(Settings settings) throws IOException {
    this.settings = settings;
    context = Machine.describe(settings);
    work = Settings.FOLDER.resolve("work").toAbsolutePath();
    DurableFiles.delete(work);
    Files.createDirectories(work);
  }

  Settings settings() {
    return settings;
  }

  /** A folder that is not there yet. */
  Path folder(String name) {
    folders++;
    return work.resolve(folders + "-" + name);
  }

  /** The source database of so many products; made when it is asked for first. */
  Shop shop(int products) throws SQLException {
    Shop shop = shops.get(products);
    if (shop == null) {
      Console.say("The sample database gets %,d products", products);
      shop = new Shop(folder("source"), products);
      shops.put(products, shop);
    }
    return shop;
  }

  /** A pipeline in a folder of its own, not started yet. */
  Pipeline pipeline(int products, String javaOptions) throws SQLException {
    return new Pipeline(folder("pipeline"), shop(products), javaOptions);
  }

  Report report(String part) {
    Report report = new Report(part, context);
    reports.add(report);
    return report;
  }

  List<Report> reports() {
    return reports;
  }

  /** Deletes state and logs. */
  void clean() throws IOException {
    DurableFiles.delete(work);
  }
}
