package search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import product.Json;

/**
 * The file that says which generation of an index answers searches, and which did before. It is replaced as a whole, and forced
 * to disk, so that at any moment it names generations that are complete.
 *
 * @param current the one that answers
 * @param previous the one that did before; null if there is none
 */
record GenerationNames(Name current, Name previous) {

  /** The file's name in the folder of an index. */
  static final String FILE = "current";

  /**
   * A generation.
   *
   * @param number its folder's name
   * @param format in which its documents were indexed
   */
  record Name(int number, String format) {

    private static Name of(JsonNode json) {
      if (!json.path("generation").canConvertToInt() || json.path("generation").intValue() < 1) {
        throw new IllegalArgumentException("generation must be a number");
      }
      return new Name(json.path("generation").intValue(), json.path("format").asText());
    }

    private ObjectNode json() {
      return Json.MAPPER.createObjectNode().put("generation", number).put("format", format);
    }
  }

  /**
   * Reads the file.
   *
   * @return null if there is none
   * @throws IllegalArgumentException if it can't be made sense of
   */
  static GenerationNames read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    JsonNode json = Json.parse(Files.readString(file));
    JsonNode previous = json.get("previous");
    return new GenerationNames(Name.of(json), previous == null ? null : Name.of(previous));
  }

  /** Replaces the file. */
  void write(Path folder) throws IOException {
    ObjectNode json = current.json();
    if (previous != null) {
      json.set("previous", previous.json());
    }
    DurableFiles.write(folder.resolve(FILE), Json.write(json));
  }

  /** Whether a file or folder of that name belongs to the generations that are named. */
  boolean covers(String name) {
    return name.equals(FILE) || name.equals(Integer.toString(current.number()))
        || previous != null && name.equals(Integer.toString(previous.number()));
  }
}
