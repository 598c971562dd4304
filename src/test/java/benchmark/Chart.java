package benchmark;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The rates as bars: the least, the middle and the greatest of the rounds. */
final class Chart {

  private static final String RATE = "products/s";

  private Chart() {}

  /** Draws every figure in products a second; nothing if there is none. */
  static void write(Path file, List<Report> reports) throws IOException {
    List<Report.Figure> rates = reports.stream().flatMap(report -> report.figures().stream())
        .filter(figure -> figure.unit().equals(RATE)).toList();
    if (rates.isEmpty()) {
      return;
    }
    List<String> names = rates.stream().map(Report.Figure::what)
        .map(what -> what.replace("full index, first run of fresh processes", "full, first run")).toList();
    CategoryChart chart = new CategoryChartBuilder().width(900).height(420).title("Products a second").yAxisTitle(RATE).build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setYAxisDecimalPattern("#,###");
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    chart.getStyler().setSeriesColors(new Color[] {new Color(0xBBD4EA), new Color(0x2B6CA3), new Color(0x7FAED3)});
    chart.addSeries("min", names, new ArrayList<>(rates.stream().map(figure -> figure.spread().min()).toList()));
    chart.addSeries("median", names, new ArrayList<>(rates.stream().map(figure -> figure.spread().median()).toList()));
    chart.addSeries("max", names, new ArrayList<>(rates.stream().map(figure -> figure.spread().max()).toList()));
    VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
  }
}
