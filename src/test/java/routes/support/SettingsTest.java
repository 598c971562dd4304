package routes.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SettingsTest {

  private final CamelContext context = new DefaultCamelContext();

  @BeforeEach
  void sets() {
    Properties set = new Properties();
    set.setProperty("brand", " Acme ");
    set.setProperty("empty", "");
    set.setProperty("same", "{{brand}}");
    set.setProperty("lost", "{{no.such}}");
    context.getPropertiesComponent().setInitialProperties(set);
  }

  @AfterEach
  void closes() {
    context.stop();
  }

  @Test
  void findsWhatIsSet() {
    assertThat(Settings.find(context, "brand")).contains("Acme");
    assertThat(Settings.find(context, "same")).contains("Acme");
    assertThat(Settings.find(context, "empty")).contains("");
    assertThat(Settings.find(context, "no.such")).isEmpty();
  }

  @Test
  void whatRefersToWhatIsNotSetIsNotTakenForNotSet() {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> Settings.find(context, "lost"))
        .withMessage("lost must not refer to what is not set, but is '{{no.such}}'");
  }
}
