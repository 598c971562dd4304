package routes.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import product.Json;
import queue.QueueStatus;
import queue.QueueStatus.Stage;
import routes.support.StatusReport.Broker;
import routes.support.StatusReport.Index;
import routes.support.StatusReport.Kept;
import routes.support.StatusReport.Products;
import search.Generations.State;

/** When everything will be visible, and what a status looks like. */
class StatusReportTest {

  private static final Broker BROKER = new Broker("127.0.0.1:8080", true);
  private static final Kept KEPT = new Kept("routes.services.indexa.IndexADocument", List.of("brand"));

  private static QueueStatus queue(Stage stage, long remaining) {
    return new QueueStatus("q", "fullIndex", stage, remaining, 0, 10_000L);
  }

  private static Products products(long rate) {
    return new Products(100, 100, "e", rate, "/kv");
  }

  private static Index index(long lag, long rate) {
    return new Index("index-a", 100, 100, lag, rate, new State(1, null, null, ""), KEPT);
  }

  @Test
  void theSlowestPartDecidesWhenAllIsVisible() {
    assertThat(new StatusReport(List.of(queue(Stage.PUBLISHING, 3_001)), BROKER, products(1_000), List.of(index(0, 1_000))).secondsLeft())
        .hasValue(4);
    assertThat(new StatusReport(List.of(queue(Stage.PUBLISHING, 3_000)), BROKER, products(1_000), List.of(index(0, 1_000), index(2_000, 500)))
        .secondsLeft()).hasValue(10);
    assertThat(new StatusReport(List.of(), BROKER, products(0), List.of(index(50, 100))).secondsLeft()).hasValue(1);
    assertThat(new StatusReport(
        List.of(queue(Stage.PUBLISHING, 1_000), queue(Stage.PUBLISHING, 2_000)), BROKER, products(1_000), List.of()).secondsLeft()).hasValue(3);
  }

  @Test
  void whatIsNotUnderWayTakesNoTime() {
    assertThat(new StatusReport(List.of(), BROKER, products(10), List.of(index(0, 10))).secondsLeft()).isEmpty();
    assertThat(new StatusReport(List.of(queue(Stage.INTERRUPTED, 500), queue(Stage.FAILED, 0)), BROKER, products(0), List.of(index(0, 0)))
        .secondsLeft()).isEmpty();
  }

  @Test
  void nothingIsToldOfWhatDoesNotMoveOrIsNotListedYet() {
    assertThat(new StatusReport(List.of(queue(Stage.PUBLISHING, 10)), BROKER, products(0), List.of()).secondsLeft()).isEmpty();
    assertThat(new StatusReport(List.of(), BROKER, products(10), List.of(index(1, 0))).secondsLeft()).isEmpty();
    assertThat(new StatusReport(List.of(queue(Stage.LISTING, 10)), BROKER, products(10), List.of(index(0, 10))).secondsLeft()).isEmpty();
  }

  @Test
  void theJsonLeavesOutWhatIsNotKnown() {
    String json = new StatusReport(List.of(new QueueStatus("q", null, Stage.LISTING, 7, 0, null)), null, null, List.of()).json();

    assertThat(Json.parse(json))
        .isEqualTo(Json.parse("{\"queues\":[{\"id\":\"q\",\"stage\":\"listing\",\"remaining\":7,\"failed\":0}],\"indexes\":[]}"));
  }

  @Test
  void anAnswerIsReadAsItWasWritten() {
    StatusReport report = new StatusReport(List.of(), BROKER, products(12), List.of(index(3, 4)));

    assertThat(StatusReport.parse(report.json())).isEqualTo(report);
    assertThatThrownBy(() -> StatusReport.parse("{}")).isInstanceOf(IllegalArgumentException.class).hasMessage("not a status");
  }
}
