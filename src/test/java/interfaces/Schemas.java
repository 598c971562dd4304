package interfaces;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import product.Json;

/**
 * Holds values against the schemas of the two documents. The schemas are closed first: a field that they do not describe is
 * an error here, although everyone else is to ignore it.
 */
final class Schemas {

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

  private Schemas() {}

  /** A document, in JSON or YAML. */
  static JsonNode read(Path document) {
    try {
      return (document.toString().endsWith(".yaml") ? YAML : Json.MAPPER).reader(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .readTree(Files.readAllBytes(document));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a node of a document stands for: itself, or what it refers to in the same document. */
  static JsonNode resolved(JsonNode document, JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").textValue().substring(1)) : node;
  }

  /** A schema that stands in a document of OpenAPI 3.1, whose other schemas it may refer to. */
  static JsonSchema ofOpenApi(JsonNode document, JsonNode schema) {
    ObjectNode root = (ObjectNode) closed(schema.deepCopy());
    root.set("$defs", closed(document.at("/components/schemas").deepCopy()));
    String text = Json.write(root).replace("\"#/components/schemas/", "\"#/$defs/");
    return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(text, CONFIG);
  }

  /** A schema that stands in a document of AsyncAPI, and refers to files from where that lies. */
  static JsonSchema ofAsyncApi(Path document, JsonNode schema) {
    JsonSchemaFactory factory = JsonSchemaFactory.getInstance(
        VersionFlag.V7, builder -> builder.schemaLoaders(loaders -> loaders.schemas(Schemas::closedFile)));
    return factory.getSchema(SchemaLocation.of(document.toUri().toString()), closed(schema.deepCopy()), CONFIG);
  }

  private static String closedFile(String uri) {
    if (!uri.startsWith("file:")) {
      return null;
    }
    return Json.write(closed(read(Path.of(URI.create(uri)))));
  }

  private static JsonNode closed(JsonNode schema) {
    if (schema instanceof ObjectNode object && object.path("properties").isObject() && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    schema.forEach(Schemas::closed);
    return schema;
  }

  /** What is wrong with a value; empty if nothing is. */
  static List<String> errors(JsonSchema schema, JsonNode value) {
    return schema.validate(value).stream().map(ValidationMessage::toString).toList();
  }
}
