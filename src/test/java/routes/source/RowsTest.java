package routes.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import product.Json;
import routes.support.ConfigurationException;

class RowsTest {

  private static Map<String, Object> row(Object... columnsAndValues) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < columnsAndValues.length; i += 2) {
      row.put((String) columnsAndValues[i], columnsAndValues[i + 1]);
    }
    return row;
  }

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of("Zoë \"🎒\"", "\"Zoë \\\"🎒\\\"\""),
        Arguments.of("", "\"\""),
        Arguments.of(17, "17"),
        Arguments.of(Long.MIN_VALUE, "-9223372036854775808"),
        Arguments.of((short) 3, "3"),
        Arguments.of((byte) -1, "-1"),
        Arguments.of(new BigInteger("12345678901234567890"), "12345678901234567890"),
        Arguments.of(new BigDecimal("12.50"), "12.50"),
        Arguments.of(new BigDecimal("0.10"), "0.10"),
        Arguments.of(new BigDecimal("100"), "100"),
        Arguments.of(0.1, "0.1"),
        Arguments.of(0.1f, "0.1"),
        Arguments.of(true, "true"),
        Arguments.of(Timestamp.from(Instant.parse("2026-01-02T03:04:05.123456Z")), "\"2026-01-02T03:04:05.123456Z\""),
        Arguments.of(OffsetDateTime.parse("2026-01-02T03:04:05+01:00"), "\"2026-01-02T03:04:05+01:00\""),
        Arguments.of(LocalDate.parse("2026-01-02"), "\"2026-01-02\""),
        Arguments.of(LocalDateTime.parse("2026-01-02T03:04:05"), "\"2026-01-02T03:04:05\""),
        Arguments.of(LocalDateTime.parse("2026-01-02T03:04:00"), "\"2026-01-02T03:04:00\""),
        Arguments.of(java.sql.Date.valueOf("2026-01-02"), "\"2026-01-02\""),
        Arguments.of(java.sql.Time.valueOf("03:04:05"), "\"03:04:05\""),
        Arguments.of(UUID.fromString("00000000-0000-0001-0000-000000000002"), "\"00000000-0000-0001-0000-000000000002\""),
        Arguments.of(null, "null"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void writesAValueAsJson(Object value, String json) {
    assertThat(Json.write(Rows.object(row("A", value)))).isEqualTo("{\"a\":" + json + "}");
  }

  @Test
  void namesAttributesByTheirColumnsInLowerCase() {
    assertThat(Json.write(Rows.object(row("ID", 1, "Price_EUR", 2, "weight", 3))))
        .isEqualTo("{\"id\":1,\"price_eur\":2,\"weight\":3}");
    assertThat(Rows.attribute("TITLE")).isEqualTo("title");
  }

  static Stream<Object> valuesThatCannotBeSent() {
    return Stream.of(new byte[] {1}, new Object(), List.of(1), 'c', Double.NaN, Double.POSITIVE_INFINITY, Float.NaN);
  }

  @ParameterizedTest
  @MethodSource("valuesThatCannotBeSent")
  void namesTheColumnWhoseTypeCannotBeSent(Object value) {
    assertThatIllegalArgumentException().isThrownBy(() -> Rows.object(row("ID", 1, "PICTURE", value)))
        .withMessageContaining("column PICTURE").withMessageContaining(value.getClass().getName())
        .withMessageContaining("cast it");
  }

  @Test
  void readsTheTypesOfARealDatabase() throws SQLException {
    Map<String, Object> row = new LinkedHashMap<>();
    try (Connection database = DriverManager.getConnection("jdbc:h2:mem:");
        Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery("""
            select 1 id, cast(12.50 as decimal(10, 2)) price, cast(0.1 as double precision) d, cast(0.25 as real) r,
              cast(7 as smallint) s, cast(8 as bigint) l, 'Zoë' name, cast('ab' as char(4)) padded, true flag,
              cast(null as varchar) nothing, date '2026-01-02' sold_on,
              timestamp with time zone '2026-01-02 03:04:05+01:00' sold_at,
              uuid '00000000-0000-0001-0000-000000000002' serial
            """)) {
      assertThat(rows.next()).isTrue();
      for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
        row.put(rows.getMetaData().getColumnLabel(column), rows.getObject(column));
      }
    }
    assertThat(Json.write(Rows.object(row))).isEqualTo("""
        {"id":1,"price":12.50,"d":0.1,"r":0.25,"s":7,"l":8,"name":"Zoë","padded":"ab  ","flag":true,"nothing":null,\
        "sold_on":"2026-01-02","sold_at":"2026-01-02T03:04:05+01:00","serial":"00000000-0000-0001-0000-000000000002"}""");
  }

  // Ids

  @Test
  void takesTheIdFromItsColumnInUpperOrLowerCase() {
    assertThat(Rows.id(row("NAME", "x", "ID", 17L))).isEqualTo(Json.MAPPER.getNodeFactory().numberNode(17L));
    assertThat(Rows.id(row("id", "a-1")).textValue()).isEqualTo("a-1");
    assertThat(Rows.id(row("Id", new BigDecimal("12.50"))).asText()).isEqualTo("12.50");
  }

  static Stream<Object> badIds() {
    return Stream.of(true, new byte[] {1});
  }

  @ParameterizedTest
  @MethodSource("badIds")
  void refusesARowWithABadId(Object id) {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> Rows.id(row("ID", id)))
        .withMessageContaining("bad id");
  }

  @Test
  void takesAnIdThatIsTooShortOrTooLong() {
    assertThat(Rows.id(row("ID", "")).textValue()).isEmpty();
    assertThat(Rows.id(row("ID", "x".repeat(513))).textValue()).hasSize(513);
  }

  @Test
  void refusesARowWhoseIdIsNull() {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> Rows.id(row("ID", null)))
        .withMessageContaining("NULL");
  }

  @Test
  void namesTheColumnsWhenThereIsNoId() {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> Rows.id(row("SKU", 1, "NAME", "x")))
        .withMessageContaining("must have a column id").withMessageContaining("[SKU, NAME]");
  }

  @Test
  void makesAChunkOfTheIdsOfRows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    Collections.addAll(rows, row("ID", 3), row("ID", 1), row("ID", 2));
    assertThat(Rows.chunk(rows).ids()).extracting(JsonNode::asText).containsExactly("3", "1", "2");
    assertThat(Rows.chunk(rows).json()).isEqualTo("{\"ids\":[3,1,2]}");
  }

  // Clock

  @Test
  void countsMicrosecondsOfUtc() {
    long expected = 1_767_323_045_123_456L;
    assertThat(Rows.microseconds(OffsetDateTime.parse("2026-01-02T03:04:05.123456Z"))).isEqualTo(expected);
    assertThat(Rows.microseconds(OffsetDateTime.parse("2026-01-02T04:04:05.123456+01:00"))).isEqualTo(expected);
    assertThat(Rows.microseconds(OffsetDateTime.parse("2026-01-01T22:04:05.123456999-05:00"))).isEqualTo(expected);
    assertThat(Rows.microseconds(Timestamp.from(Instant.parse("2026-01-02T03:04:05.123456Z")))).isEqualTo(expected);
  }

  static Stream<Object> wrongClocks() {
    return Stream.of("2026-01-02", 7L, LocalDateTime.parse("2026-01-02T03:04:05"), LocalDate.parse("2026-01-02"));
  }

  @ParameterizedTest
  @MethodSource("wrongClocks")
  void refusesAClockThatDoesNotTellAMoment(Object clock) {
    assertThatIllegalArgumentException().isThrownBy(() -> Rows.microseconds(clock)).withMessageContaining("source.clock-sql")
        .withMessageContaining(clock.toString());
    assertThatIllegalArgumentException().isThrownBy(() -> Rows.microseconds(null)).withMessageContaining("source.clock-sql");
  }
}
