package routes.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import queue.Chunk;

class SourceColumnsTest {

  @TempDir
  private Path folder;

  private SourceColumns columns(String type) throws Exception {
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:");
    Properties properties = new Properties();
    String sql = "select cast(null as " + type + ") as id";
    properties.setProperty("source.ids-sql", Files.writeString(folder.resolve("ids.sql"), sql).toString());
    properties.setProperty("index.sql", Files.writeString(folder.resolve("group.sql"), sql).toString());
    properties.setProperty("source.url", "x");
    properties.setProperty("sample.url", "y");
    CamelContext context = new DefaultCamelContext();
    context.getPropertiesComponent().setInitialProperties(properties);
    return new SourceColumns(source, new SourceSql(context));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "integer        | 17 -2 007 2147483648 1.0 x   | 17 -2",
    "smallint       | 17 32768 -32768              | 17 -32768",
    "bigint         | 9007199254740993 9223372036854775807 9223372036854775808 | 9007199254740993 9223372036854775807",
    "decimal(20)    | 12345678901234567890 5 x     | 12345678901234567890 5",
    "decimal(10, 2) | 1.50 1.5 01.50 +1 .5         | 1.50 1.5",
    "varchar(20)    | 17 007 x 1.50                | 17 007 x 1.50",
    "char(6)        | 17 ab                        | 17 ab"
  })
  void asksTheDatabaseForWhatItsIdsCanBe(String type, String ids, String asked) throws Exception {
    SourceColumns columns = columns(type);
    Chunk chunk = columns.chunk(List.of(ids.split(" ")));
    assertThat(chunk.ids()).extracting(JsonNode::asText).as("each as it was given").containsExactly(ids.split(" "));
    assertThat(columns.parameter(chunk)).extracting(Object::toString).containsExactly(asked.split(" "));
    assertThat(columns.parameter(Chunk.parse(chunk.json()))).as("read from its file").isEqualTo(columns.parameter(chunk));
  }

  @Test
  void hasAnArrayOfTheRightTypeAlsoForNothing() throws Exception {
    assertThat(columns("integer").parameter(new Chunk(List.of()))).isInstanceOf(Long[].class);
    SourceColumns texts = columns("varchar(20)");
    assertThat(texts.parameter(texts.chunk(List.of("", "x".repeat(513))))).isInstanceOf(String[].class).isEmpty();
  }
}
