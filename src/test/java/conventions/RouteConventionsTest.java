package conventions;

import static org.assertj.core.api.Assertions.assertThat;

import app.Application;
import endtoend.Backend;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.main.Main;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.rest.RestDefinition;
import org.apache.camel.model.rest.VerbDefinition;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How routes are named and told, in every process. */
class RouteConventionsTest {

  /** What descriptions begin with: the names of "Enterprise Integration Patterns". */
  private static final Set<String> PATTERNS = Set.of(
      "Aggregator", "Channel Adapter", "Claim Check", "Competing Consumers", "Content Enricher", "Content-Based Router",
      "Control Bus", "Correlation Identifier", "Dead Letter Channel", "Durable Subscriber", "Event-Driven Consumer",
      "Guaranteed Delivery", "Idempotent Receiver", "Message Channel", "Message Filter", "Message Translator",
      "Messaging Bridge", "Polling Consumer", "Process Manager", "Publish-Subscribe Channel", "Request-Reply", "Resequencer",
      "Scatter-Gather", "Service Activator", "Splitter", "Wire Tap");

  private static final Pattern DESCRIPTION = Pattern.compile("([A-Z][A-Za-z -]+): [a-z][^.!?]*\\.");
  private static final Pattern ID = Pattern.compile("(broker|indexer|source|verify|rebuild|bus|status|services|product-data|index-[a-z])(-[a-z]+)+");

  @TempDir
  private Path folder;

  private interface Check {
    void of(ModelCamelContext context) throws Exception;
  }

  /** Has a process of the profile set up its routes, without starting them. */
  private void withRoutes(String profile, Check check) throws Exception {
    Main main = Application.main();
    main.configure().withProfile(profile);
    int[] ports = Backend.freePorts(2);
    main.addOverrideProperty("kv.folder", folder.toString());
    main.addOverrideProperty("broker.port", Integer.toString(ports[0]));
    main.addOverrideProperty("rest.port", Integer.toString(ports[1]));
    main.addOverrideProperty("index", "a");
    try {
      main.init();
      check.of((ModelCamelContext) main.getCamelContext());
    } finally {
      main.shutdown();
    }
  }

  private static List<RouteDefinition> written(ModelCamelContext context) {
    return context.getRouteDefinitions().stream().filter(route -> !Boolean.TRUE.equals(route.isRest())).toList();
  }

  /** An endpoint without its options, with the parameters of the route's template filled in. */
  private static String endpoint(RouteDefinition route, String uri) {
    String endpoint = uri;
    if (route.getTemplateParameters() != null) {
      for (Map.Entry<String, Object> parameter : route.getTemplateParameters().entrySet()) {
        endpoint = endpoint.replace("{{" + parameter.getKey() + "}}", parameter.getValue().toString());
      }
    }
    // Consumers of one socket address are told apart by an option.
    return endpoint.startsWith("vertx-websocket:") ? endpoint : endpoint.replaceFirst("\\?.*", "");
  }

  private static List<String> inputs(ModelCamelContext context) {
    return context.getRouteDefinitions().stream().map(route -> endpoint(route, route.getInput().getEndpointUri())).toList();
  }

  private static List<String> outputs(RouteDefinition route) {
    Collection<ToDefinition> all = ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class);
    return all.stream().map(to -> endpoint(route, to.getEndpointUri())).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "demo, broker indexer source bus services product-data index-a index-b",
    "broker, broker",
    "services, bus services product-data index-a index-b",
    "productData, bus services product-data",
    "indexA, bus services index-a",
    "indexB, bus services index-b",
    "fullIndex, indexer source bus",
    "priceIndex, indexer source bus",
    "descriptionIndex, indexer source bus",
    "verify, verify source",
    "rebuild, rebuild",
      "status, status"
  })
  void everyRouteIsNamedAfterItsProcessAndToldInOneSentence(String profile, String processes) throws Exception {
    withRoutes(profile, context -> {
      Set<String> ids = new HashSet<>();
      Set<String> met = new HashSet<>();
      for (RouteDefinition route : written(context)) {
        Matcher id = ID.matcher(route.getRouteId());
        assertThat(id.matches()).as("id %s", route.getRouteId()).isTrue();
        assertThat(ids.add(route.getRouteId())).as("second route %s", route.getRouteId()).isTrue();
        met.add(id.group(1));
        Matcher description = DESCRIPTION.matcher(String.valueOf(route.getDescriptionText()));
        assertThat(description.matches()).as("description of %s: %s", route.getRouteId(), route.getDescriptionText()).isTrue();
        assertThat(PATTERNS).as("description of %s", route.getRouteId()).contains(description.group(1));
      }
      assertThat(met).containsExactlyInAnyOrder(processes.split(" "));
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "demo", "broker", "services", "productData", "indexA", "indexB", "fullIndex", "priceIndex", "descriptionIndex",
    "status", "verify", "rebuild"
  })
  void everyEndpointHasOneConsumerAndEveryDirectOneIsThere(String profile) throws Exception {
    withRoutes(profile, context -> {
      List<String> inputs = inputs(context);
      assertThat(inputs).doesNotHaveDuplicates();
      for (RouteDefinition route : context.getRouteDefinitions()) {
        assertThat(outputs(route)).filteredOn(uri -> uri.startsWith("direct:")).as("what %s sends to", route.getRouteId())
            .allMatch(inputs::contains);
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "services", "productData", "indexA", "indexB"})
  void everyRestVerbGoesToADirectEndpointWhoseErrorsAreProblems(String profile) throws Exception {
    withRoutes(profile, context -> {
      assertThat(context.getRestDefinitions()).isNotEmpty();
      for (RestDefinition rest : context.getRestDefinitions()) {
        for (VerbDefinition verb : rest.getVerbs()) {
          String uri = verb.getTo().getEndpointUri();
          assertThat(uri).as("%s %s%s", verb.asVerb(), rest.getPath(), verb.getPath()).startsWith("direct:");
          assertThat(written(context)).filteredOn(route -> uri.equals(endpoint(route, route.getInput().getEndpointUri())))
              .singleElement().extracting(RouteDefinition::getRouteConfigurationId).asString().contains("rest");
        }
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "services", "productData", "indexA", "indexB", "fullIndex"})
  void stagesReachTheTransportThroughDirectEndpointsOnly(String profile) throws Exception {
    withRoutes(profile, context -> {
      for (RouteDefinition route : written(context)) {
        boolean subscription = route.getTemplateParameters() != null && route.getTemplateParameters().containsKey("subscriber");
        if (!route.getRouteId().startsWith("bus-") && !route.getRouteId().startsWith("broker-") && !subscription) {
          assertThat(route.getInput().getEndpointUri()).as("what %s reads", route.getRouteId()).doesNotContain("websocket");
          assertThat(outputs(route)).as("what %s sends to", route.getRouteId()).noneMatch(uri -> uri.contains("websocket"));
        }
      }
    });
  }
}
