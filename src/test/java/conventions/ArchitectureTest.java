package conventions;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.RoutesBuilder;
import org.junit.jupiter.api.Test;

/** What may know of what. */
class ArchitectureTest {

  private static final Path SOURCES = Path.of("src/main/java");
  private static final String[] LEAVES = {"product..", "event..", "store..", "search..", "queue..", "verify..", "files.."};
  private static final String[] PROCESSES = {
    "routes.broker..", "routes.indexer..", "routes.status..", "routes.verify..", "routes.rebuild..", "routes.services.productdata..",
    "routes.services.indexa..", "routes.services.indexb..", "routes.services.page.."
  };

  private static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .importPackages("app", "routes", "product", "event", "store", "search", "queue", "verify", "files");

  @Test
  void onlyTheFolderRoutesHoldsRoutes() {
    classes().that().areAssignableTo(RoutesBuilder.class).should().resideInAPackage("routes..").check(CLASSES);
  }

  @Test
  void leavesKnowNeitherCamelNorRoutesNorTheApplication() {
    noClasses().that().resideInAnyPackage(LEAVES)
        .should().dependOnClassesThat().resideInAnyPackage("org.apache.camel..", "io.vertx..", "routes..", "app..")
        .check(CLASSES);
  }

  @Test
  void productIsPureJavaWithJson() {
    noClasses().that().resideInAPackage("product..")
        .should().dependOnClassesThat(
            resideInAnyPackage("event..", "store..", "search..", "queue..", "org.h2..", "org.apache..", "org.slf4j.."))
        .check(CLASSES);
  }

  @Test
  void eventStoreQueueAndVerifyKnowNothingOfEachOther() {
    noClasses().that().resideInAPackage("verify..")
        .should().dependOnClassesThat().resideInAnyPackage("event..", "store..", "queue..", "search..").check(CLASSES);
    noClasses().that().resideInAPackage("event..")
        .should().dependOnClassesThat().resideInAnyPackage("store..", "queue..", "search..").check(CLASSES);
    noClasses().that().resideInAPackage("store..")
        .should().dependOnClassesThat().resideInAnyPackage("event..", "queue..", "search..").check(CLASSES);
    noClasses().that().resideInAPackage("queue..")
        .should().dependOnClassesThat().resideInAnyPackage("event..", "store..", "search..").check(CLASSES);
    noClasses().that().resideInAPackage("search..")
        .should().dependOnClassesThat().resideInAnyPackage("store..", "queue..").check(CLASSES);
  }

  @Test
  void theRoutesOfAProcessKnowNoOtherProcess() {
    for (String process : PROCESSES) {
      String[] others = Stream.concat(Stream.of(PROCESSES), Stream.of("routes.bus..", "app.."))
          .filter(each -> !each.equals(process)).toArray(String[]::new);
      noClasses().that().resideInAPackage(process).should().dependOnClassesThat().resideInAnyPackage(others).check(CLASSES);
    }
  }

  @Test
  void whatIsSharedKnowsNoProcess() {
    noClasses().that().resideInAnyPackage("routes.support..", "routes.source..", "routes.bus..", "routes.services")
        .should().dependOnClassesThat().resideInAnyPackage(PROCESSES).check(CLASSES);
  }

  @Test
  void onlyBusAndBrokerKnowTheTransport() throws IOException {
    noClasses().that().resideOutsideOfPackages("routes.bus..", "routes.broker..")
        .should().dependOnClassesThat().resideInAnyPackage("org.apache.camel.component.vertx.websocket..").check(CLASSES);
    // The page's socket is no transport of events.
    noClasses().that().resideOutsideOfPackages("routes.bus..", "routes.broker..", "routes.services.page..")
        .should().dependOnClassesThat().haveNameMatching("io\\.vertx\\..*WebSocket.*").check(CLASSES);
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<Path> mentions = files.filter(file -> file.toString().endsWith(".java") && read(file).contains("vertx-websocket"))
          .toList();
      assertThat(mentions).isNotEmpty().allMatch(
          file -> file.startsWith(SOURCES.resolve("routes/bus")) || file.startsWith(SOURCES.resolve("routes/broker")));
    }
  }

  @Test
  void foldersHaveNoCycles() {
    slices().matching("(*)..").should().beFreeOfCycles().check(CLASSES);
    slices().matching("routes.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void nobodyPrints() {
    noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err")
        .orShould().callMethod(Throwable.class, "printStackTrace").check(CLASSES);
  }

  @Test
  void onlyTheApplicationEndsTheProcess() {
    noClasses().that().resideOutsideOfPackage("app").should().callMethod(System.class, "exit", int.class)
        .orShould().callMethod(Runtime.class, "halt", int.class).check(CLASSES);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
