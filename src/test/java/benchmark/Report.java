package benchmark;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import endtoend.Backend;
import java.io.IOException;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What one part of the benchmark has measured: every round as it was, and what it comes to. */
final class Report {

  /** A line of the table. */
  record Figure(String what, String unit, Spread spread) {}

  private final String part;
  private final ObjectNode json;
  private final ArrayNode rounds;
  private final List<Figure> figures = new ArrayList<>();
  private final List<Bar> bars = new ArrayList<>();

  /**
   * @param context where and how it was measured
   */
  Report(String part, ObjectNode context) {
    this.part = part;
    json = Backend.JSON.createObjectNode().put("part", part).setAll(context);
    rounds = json.putArray("rounds");
  }

  String part() {
    return part;
  }

  List<Figure> figures() {
    return figures;
  }

  List<Bar> bars() {
    return bars;
  }

  /** What a round is called: the one with the number 0 does not count. */
  static String kind(int round) {
    return round == 0 ? "warm-up" : Integer.toString(round);
  }

  /**
   * Takes what a round measured, and prints it.
   *
   * @param kind {@code first} of freshly started processes, or of a {@link #kind}
   * @param measured a record, or a map
   */
  void round(String kind, Object measured) {
    ObjectNode figures = Backend.JSON.valueToTree(measured);
    round(figures);
    rounds.add(Backend.JSON.createObjectNode().put("round", kind).setAll(figures));
    Console.say("%-9s %-8s %s", part, kind, figures.toString().replaceAll("[{}\"]", "").replace(",", ", ").replace(":", " "));
  }

  /** Three digits after the point are all that a clock tells. */
  private static void round(ObjectNode figures) {
    figures.properties().forEach(field -> {
      if (field.getValue() instanceof ObjectNode inner) {
        round(inner);
      } else if (field.getValue().isFloatingPointNumber()) {
        field.setValue(DecimalNode.valueOf(field.getValue().decimalValue().setScale(3, RoundingMode.HALF_UP)));
      }
    });
  }

  /** Adds a line to the table. */
  void figure(String what, String unit, Spread spread) {
    figures.add(new Figure(what, unit, spread));
  }

  void bar(Bar bar) {
    bars.add(bar);
  }

  /** Writes {@code <part>.json}. */
  void write(Path folder) throws IOException {
    ArrayNode summary = json.putArray("figures");
    figures.forEach(figure -> summary.add(Backend.JSON.valueToTree(figure)));
    ArrayNode judged = json.putArray("bars");
    for (Bar bar : bars) {
      judged.addObject().put("what", bar.what()).put("bar", bar.demand()).put("measured", bar.measured()).put("met", bar.met());
    }
    Files.writeString(folder.resolve(part + ".json"), json.toPrettyString() + "\n");
  }
}
