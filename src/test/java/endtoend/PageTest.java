package endtoend;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import com.microsoft.playwright.options.ReducedMotion;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, on the sample catalogue. Every test minds its own products. */
@EnabledIf(value = "endtoend.Chromium#isThere", disabledReason = "there is no Chromium on the PATH: the page is not tested in a browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class PageTest {

  private static final Path SCREENSHOTS = Path.of("target/screenshots");
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String HARMLESS = "<b>Bold</b> <img src=x onerror=alert(1)> lantern";

  @TempDir
  private static Path folder;

  private Chromium chromium;
  private Backend backend;
  private Backend.Process services;
  private Source source;

  @BeforeAll
  void starts() throws Exception {
    // Index B was told to leave the events of the price index alone, and so it can differ.
    backend = new Backend(folder.resolve("kv")).with("page.interval-ms", 100).with("index-b.tags", "*,name")
        .with("catch-up.interval-ms", 3_600_000);
    backend.start("broker");
    services = backend.start("services");
    assertThat(backend.index("fullIndex").status()).isZero();
    source = new Source("jdbc:h2:file:" + folder.resolve("kv/source/shop") + ";AUTO_SERVER=TRUE");
    source.update("update sample.product set name = ? where id = 5", HARMLESS);
    assertThat(backend.index("fullIndex").status()).isZero();
    backend.awaitIndexes();
    chromium = Chromium.start();
    Files.createDirectories(SCREENSHOTS);
  }

  @AfterEach
  void closesItsPages() {
    if (chromium != null) {
      chromium.closePages();
      chromium.complaints();
    }
  }

  @AfterAll
  void stops() throws Exception {
    if (chromium != null) {
      chromium.close();
    }
    if (source != null) {
      source.close();
    }
    if (backend != null) {
      backend.close();
    }
  }

  private String address() {
    return "http://127.0.0.1:" + backend.property("rest.port") + "/";
  }

  private Page open(String place) {
    Page page = chromium.page(1280, 900, ColorScheme.LIGHT);
    page.navigate(address() + place);
    awaitState(page, "Live");
    return page;
  }

  private static void awaitState(Page page, String state) {
    assertThat(page.locator("#connection")).hasText(Pattern.compile("^" + state), new LocatorAssertions.HasTextOptions().setTimeout(SOON.toMillis()));
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName(name).setExact(true));
  }

  private static Locator hits(Page page, String index) {
    return page.getByRole(AriaRole.REGION, new GetByRoleOptions().setName(Pattern.compile("^" + index))).getByRole(AriaRole.LINK);
  }

  private static String cell(Page page, String row, int column) {
    return page.locator("#stations tbody tr")
        .filter(new Locator.FilterOptions().setHas(page.getByRole(AriaRole.ROWHEADER, new GetByRoleOptions().setName(row).setExact(true))))
        .getByRole(AriaRole.CELL).nth(column).innerText();
  }

  @Test
  void searchesAllIndexesWhileTheQueryIsTyped() {
    Page page = open("");
    Locator query = page.getByRole(AriaRole.COMBOBOX);
    query.pressSequentially("rugged tent");

    JsonNode expected = backend.json("/index-a/search?size=8&q=rugged+tent");
    assertThat(page.locator("#found")).hasText(Pattern.compile(expected.path("total").asInt() + " products? in Index A, \\d+ products? in Index B"));
    assertThat(hits(page, "Index A")).hasCount(expected.path("hits").size());
    assertThat(hits(page, "Index A").first()).containsText(expected.at("/hits/0/name").textValue());
    assertThat(hits(page, "Index B").first()).containsText(backend.json("/index-b/search?q=rugged+tent").at("/hits/0/name").textValue());
    assertThat(hits(page, "Index A").first().locator("mark")).hasText(new String[] {"Rugged", "Tent"});
    assertThat(page.locator("#suggestions option").first()).hasAttribute("value", Pattern.compile("Rugged Dome Tent.*"));
    assertThat(page.url()).endsWith("#q=rugged+tent");

    query.fill("");
    assertThat(page.locator("#found")).hasText("");
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void showsAPriceWithAllItsDigitsAndMarkupAsText() {
    Page page = open("#product=5");
    assertThat(page.locator("#verdict")).hasText("Every index has what the product data service has.");
    assertThat(cell(page, "name", 0)).isEqualTo(HARMLESS);
    assertThat(cell(page, "price", 0)).isEqualTo(backend.json("/products/5").path("price").decimalValue().toPlainString());

    page.getByRole(AriaRole.COMBOBOX).fill("lantern bold");
    Locator found = hits(page, "Index B").filter(new Locator.FilterOptions().setHasText(HARMLESS));
    assertThat(found).hasCount(1);
    assertThat(page.locator("main img")).hasCount(0);
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void showsAProductsJourneyAndWhatDiffers() throws Exception {
    Page page = open("#q=");
    page.getByLabel("Product id").fill("17");
    page.keyboard().press("Enter");
    assertThat(page.locator("#verdict")).hasText("Every index has what the product data service has.");
    assertThat(page.getByRole(AriaRole.COLUMNHEADER, new GetByRoleOptions().setName("Product data"))).isVisible();
    String version = backend.get("/products/17").headers().firstValue("ETag").orElseThrow().replace("\"", "");
    for (int column = 0; column < 3; column++) {
      assertThat(cell(page, "Version", column).replace(",", "")).isEqualTo(version);
    }
    assertThat(cell(page, "Read", 0)).matches("just now|\\d+ s ago");
    assertThat(cell(page, "price", 1)).as("index A keeps no price").contains("not kept");

    source.update("update sample.price set amount = 4.50 where product_id = 17");
    assertThat(backend.index("priceIndex").status()).isZero();
    assertThat(page.locator("#verdict")).hasText("Index B differs in price.");
    assertThat(cell(page, "price", 0)).isEqualTo("4.50");
    assertThat(cell(page, "price", 2)).startsWith("differs");
    assertThat(cell(page, "Version", 1)).endsWith(", older");

    assertThat(backend.index("fullIndex").status()).isZero();
    assertThat(page.locator("#verdict")).hasText("Every index has what the product data service has.");
    assertThat(cell(page, "price", 2)).isEqualTo("4.50");

    page.getByLabel("Product id").fill("nope");
    button(page, "Show").click();
    assertThat(page.locator("#verdict")).hasText("There is no product with the id nope.");
    assertThat(page.locator("#stations")).isHidden();
    assertThat(page.locator("#journey")).not().containsText("not there");

    page.getByLabel("Product id").fill("17");
    button(page, "Show").click();
    assertThat(page.locator("#stations")).isVisible();
  }

  @Test
  void figuresMoveDuringARun() {
    Page page = open("");
    String before = page.locator("#indexes tr").first().locator("[data-field=checkpoint]").innerText();
    Backend.Process indexer = backend.launch("fullIndex", "queue.id", "seen", "queue.chunk-size", 5, "publish.window", 1);
    Locator run = page.getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("seen"));
    assertThat(run).containsText("fullIndex");
    assertThat(run).containsText(Pattern.compile("of 1,00\\d products"));
    assertThat(run.getByRole(AriaRole.PROGRESSBAR)).isVisible();
    assertThat(page.locator("#changes-per-second")).not().hasText("0");
    assertThat(page.locator("#events-per-second")).not().hasText("0");
    assertThat(page.locator("#events")).containsText("UPDATE");
    assertThat(page.locator("#events")).containsText("5 changes");
    assertThat(page.locator("#events")).containsText(Pattern.compile("UPDATE\\s*all\\s*5 products"));
    page.screenshot(new ScreenshotOptions().setPath(SCREENSHOTS.resolve("running.png")));
    assertThat(indexer.awaitEnd()).isZero();

    assertThat(run).hasCount(0);
    assertThat(page.getByText("Nothing is under way, and nothing failed.")).isVisible();
    assertThat(page.locator("#seconds-left")).hasText("yes");
    assertThat(page.locator("#indexes tr").first().locator("[data-field=checkpoint]")).not().hasText(before);
    assertThat(page.locator("#chart")).hasAttribute("aria-label", Pattern.compile("Chart of the last 5 minutes: at most .* changes per second.*"));
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void pausesOnDemand() {
    Page page = open("");
    button(page, "Pause").click();
    awaitState(page, "Paused");
    assertThat(button(page, "Pause")).hasAttribute("aria-pressed", "true");
    String events = page.locator("#events").innerText();
    assertThat(backend.index("fullIndex").status()).isZero();
    assertThat(page.locator("#events").innerText()).isEqualTo(events);
    button(page, "Pause").click();
    awaitState(page, "Live");
    await().atMost(SOON).until(() -> !page.locator("#events").innerText().equals(events));
  }

  @Test
  void connectsAgainWhenTheServicesWereRestarted() throws Exception {
    Page page = open("");
    services.context().getRouteController().suspendRoute("index-b-grow");
    button(page, "Rebuild Index B").click();
    assertThat(page.locator("#indexes-message")).containsText("Index B is rebuilt");
    listen(page);
    services.stop();
    awaitState(page, "Not connected");
    // It tries more than once, and each time later.
    page.waitForWebSocket(() -> {});
    page.waitForWebSocket(() -> {});
    assertThat(page.locator("#pipeline")).hasAttribute("data-stale", "");
    services = backend.start("services");
    awaitState(page, "Live");
    assertThat(page.locator("#products")).hasText(Pattern.compile("1,0\\d\\d"));
    assertThat(page.locator("#indexes-message")).hasText("");
    assertThat(strings(page, "heard")).as("what a screen reader says").containsExactly("Not connected, trying again …", "Live");
    // The browser itself tells of connections that were refused.
    assertThat(chromium.complaints()).allMatch(each -> each.contains("ERR_CONNECTION_REFUSED") || each.contains("WebSocket connection"));
  }

  @Test
  void triesAgainWhatFailed() throws Exception {
    source.update("insert into sample.product (id, name) values (7001, 'Late <i>Comer</i>')");
    source.update("insert into sample.price values (7001, 1.25, 'EUR')");
    assertThat(backend.index("priceIndex", "queue.id", "prices").status()).isEqualTo(1);
    Page page = open("");
    Locator run = page.getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("prices"));
    assertThat(run).containsText("1 failed");
    button(page, "Why did prices fail?").click();
    assertThat(run.locator(".failures")).containsText("7001");
    assertThat(run.locator(".failures")).containsText("run a full index first");
    page.screenshot(new ScreenshotOptions().setPath(SCREENSHOTS.resolve("failed.png")).setFullPage(true));

    button(page, "Try prices again").click();
    assertThat(page.locator("#runs-message")).hasText("prices is tried again.");
    assertThat(run).containsText("The retry ended; some failed again.");
    assertThat(page.locator("#runs-message")).hasText("");

    // With the product there, the same button completes it.
    assertThat(backend.index("fullIndex").status()).isZero();
    button(page, "Try prices again").click();
    assertThat(run).hasCount(0);
    assertThat(backend.json("/products/7001").path("price").decimalValue()).isEqualByComparingTo("1.25");
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void saysAtOnceWhyARunStopped() throws Exception {
    Path none = Files.writeString(folder.resolve("none.sql"), "SELECT id FROM sample.product WHERE 1 = 0");
    assertThat(backend.index("fullIndex", "queue.id", "nightly", "source.ids-sql", none).status()).isEqualTo(1);
    Page page = open("");
    Locator run = page.getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("nightly"));
    assertThat(run).containsText("interrupted");
    assertThat(run).containsText(
        Pattern.compile("Stopped at \\d\\d:\\d\\d:\\d\\d: this run would delete (1,?0\\d\\d) of \\1 products, .* delete.max-percent = 20"));
    assertThat(run).containsText("The database listed no products; deletions are left to do");
    assertThat(run).not().containsText("0 of 0");
    assertThat(run.getByRole(AriaRole.PROGRESSBAR)).hasCount(0);
    page.screenshot(new ScreenshotOptions().setPath(SCREENSHOTS.resolve("stopped.png")).setFullPage(true));

    // The services read all products.
    button(page, "Try nightly again").click();
    assertThat(run).hasCount(0);
    assertThat(page.locator("#products")).hasText(Pattern.compile("1,0\\d\\d"));
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void oneIsOne() {
    Page page = chromium.page(1280, 900, ColorScheme.LIGHT);
    page.routeWebSocket(Pattern.compile(".*/live"), socket -> socket.send("""
        {"at": 1000, "status": {
           "queues": [
             {"id": "a", "stage": "listing", "remaining": 1, "failed": 0},
             {"id": "b", "command": "fullIndex", "stage": "publishing", "remaining": 1, "failed": 1, "total": 1},
             {"id": "c", "command": "fullIndex", "stage": "sweeping", "remaining": 1, "failed": 0, "total": 1},
             {"id": "d", "command": "fullIndex", "stage": "interrupted", "remaining": 1, "failed": 0, "total": 1},
             {"id": "e", "command": "fullIndex", "stage": "interrupted", "remaining": 0, "failed": 0, "total": 1}],
           "products": {"count": 1, "sequence": 1, "epoch": "e", "rate": 1},
           "indexes": [{"name": "index-a", "documents": 1, "checkpoint": 1, "lag": 1, "rate": 1, "generation": 1}],
           "secondsLeft": 1},
         "retries": [],
         "events": {"count": 1, "recent": [
           {"at": 1, "number": 1, "type": "product.update", "id": "u", "tags": ["*"], "queueId": "b", "products": 1, "deleted": 1},
           {"at": 1, "number": 2, "type": "product.index", "id": "i", "tags": ["*"], "changes": 1, "firstSequence": 1, "lastSequence": 1},
           {"at": 1, "number": 3, "type": "product.ack", "id": "a", "tags": ["*"], "eventId": "u", "stored": 1, "outdated": 1, "rejected": 1}]}}"""));
    page.navigate(address());
    awaitState(page, "Live");
    assertThat(page.locator("#events")).containsText("1 change, 1 to 1");
    assertThat(page.locator("#runs > li")).hasCount(5);
    assertThat(strings(page, "[document.body.innerText, ...[...document.querySelectorAll('[aria-label]')].map(e => e.ariaLabel)]"))
        .allSatisfy(text -> assertThat(text).doesNotContainPattern("\\b1 [a-z]{2,}s\\b"));
  }

  @Test
  void rebuildsAnIndexAndRollsItBack() throws Exception {
    Page page = open("");
    Locator index = page.getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("Index A"));
    Locator generation = index.locator("[data-part=generation]");
    assertThat(generation).hasText("generation 1");
    assertThat(button(page, "Roll back Index A")).isDisabled();

    // It grows when it was seen to.
    services.context().getRouteController().suspendRoute("index-a-grow");
    button(page, "Rebuild Index A").focus();
    page.keyboard().press("Enter");
    assertThat(page.locator("#indexes-message")).hasText("Index A is rebuilt: generation 2 takes over when it is complete.");
    assertThat(index.getByRole(AriaRole.PROGRESSBAR, new Locator.GetByRoleOptions().setName("Progress of Index A"))).isVisible();
    assertThat(index).containsText("building 2");
    assertThat(button(page, "Rebuild Index A")).isDisabled();
    assertThat(generation).hasText("generation 1");
    page.screenshot(new ScreenshotOptions().setPath(SCREENSHOTS.resolve("rebuild.png")));
    services.context().getRouteController().resumeRoute("index-a-grow");
    assertThat(generation).hasText("generation 2");
    assertThat(index.getByRole(AriaRole.PROGRESSBAR)).hasCount(0);
    assertThat(page.locator("#indexes-message")).hasText("");

    services.context().getRouteController().suspendRoute("index-a-grow");
    button(page, "Roll back Index A").click();
    assertThat(page.locator("#indexes-message")).hasText("Index A returns to generation 1 when that has caught up.");
    services.context().getRouteController().resumeRoute("index-a-grow");
    assertThat(generation).hasText("generation 1");
    assertThat(page.locator("#indexes-message")).hasText("");
    assertThat(index.locator("[data-part=outcome]")).hasText("");
    assertThat(chromium.complaints()).isEmpty();

    // Somebody else was quicker.
    services.context().getRouteController().suspendRoute("index-a-grow");
    button(page, "Pause").click();
    assertThat(backend.send(HttpRequest.newBuilder(URI.create(address() + "index-a/rebuild")).POST(BodyPublishers.noBody()).build()).statusCode())
        .isEqualTo(202);
    button(page, "Rebuild Index A").click();
    assertThat(page.locator("#indexes-message"))
        .hasText("Nothing was changed: a rebuild of index-a is under way, to generation 3: wait for it.");
    services.context().getRouteController().resumeRoute("index-a-grow");
    button(page, "Pause").click();
    assertThat(generation).hasText("generation 3");
    assertThat(page.locator("#indexes-message")).hasText("");
  }

  @Test
  void saysWhyARetryCannotBe() throws Exception {
    source.update("insert into sample.product (id, name) values (7002, 'Other')");
    assertThat(backend.index("priceIndex", "queue.id", "elsewhere").status()).isEqualTo(1);
    assertThat(backend.index("fullIndex").status()).isZero();
    Path record = folder.resolve("kv/queue/elsewhere/run.json");
    Files.writeString(record, Files.readString(record).replace("jdbc:h2:file:", "jdbc:h2:file:/other"));
    Page page = open("");
    button(page, "Try elsewhere again").click();
    Locator run = page.getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("elsewhere"));
    assertThat(page.locator("#runs-message"))
        .containsText("elsewhere was not tried again: the queue elsewhere belongs to priceIndex of jdbc:h2:file:/other");
    Files.writeString(record, Files.readString(record).replace("jdbc:h2:file:/other", "jdbc:h2:file:"));
    button(page, "Try elsewhere again").click();
    assertThat(run).hasCount(0);
  }

  @Test
  void worksWithTheKeyboardAlone() {
    Page page = open("");
    page.keyboard().press("Tab");
    assertThat(page.getByRole(AriaRole.LINK, new GetByRoleOptions().setName("Skip to search"))).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.getByRole(AriaRole.COMBOBOX)).isFocused();
    page.keyboard().type("dome tent");
    assertThat(page.locator("#found")).containsText(backend.json("/index-a/search?q=dome+tent").path("total").asInt() + " products in Index A");
    page.keyboard().press("Tab");
    assertThat(hits(page, "Index A").first()).isFocused();
    String outline = (String) page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    assertThat(outline).as("the focus can be seen").isEqualTo("solid");
    String name = hits(page, "Index A").first().locator(".hit-name").innerText();
    page.keyboard().press("Enter");
    assertThat(page.getByRole(AriaRole.HEADING, new GetByRoleOptions().setName("A product’s journey"))).isFocused();
    await().atMost(SOON).untilAsserted(() -> assertThat(cell(page, "name", 0)).isEqualTo(name));
    page.goBack();
    assertThat(page.locator("#verdict")).containsText("Choose a product");
  }

  /** Keeps what the live regions of a page say, as a screen reader would, in {@code heard}. */
  private static void listen(Page page) {
    page.evaluate("""
        heard = [];
        new MutationObserver((changes) => new Set(changes.map(({target}) => target.closest?.('[role=status]') ?? target.parentElement?.closest('[role=status]')))
            .forEach((region) => region?.textContent && heard.push(region.textContent)))
            .observe(document.body, {subtree: true, childList: true, characterData: true})""");
  }

  @Test
  void isSilentWhileNothingIsToBeSaid() {
    Page page = open("#q=tent&product=18");
    assertThat(page.locator("#verdict")).hasText("Every index has what the product data service has.");
    assertThat(page.locator("#found")).containsText("products in Index A");
    listen(page);
    String before = page.locator("#indexes tr").first().locator("[data-field=checkpoint]").innerText();
    assertThat(backend.index("fullIndex", "queue.chunk-size", 50).status()).isZero();
    backend.awaitIndexes();
    assertThat(page.locator("#indexes tr").first().locator("[data-field=checkpoint]")).not().hasText(before);
    assertThat(page.locator("#seconds-left")).hasText("yes");
    assertThat(strings(page, "heard")).isEmpty();
    button(page, "Pause").click();
    assertThat(strings(page, "heard")).containsExactly("Paused");
  }

  @Test
  void mindsHighContrastAndReducedMotion() {
    Page page = open("");
    page.emulateMedia(new Page.EmulateMediaOptions().setForcedColors(ForcedColors.ACTIVE));
    assertThat(page.evaluate("getComputedStyle(document.querySelector('progress')).appearance")).as("a bar that can be seen").isEqualTo("auto");
    page.emulateMedia(new Page.EmulateMediaOptions().setForcedColors(ForcedColors.NONE).setReducedMotion(ReducedMotion.REDUCE));
    assertThat(strings(page, """
        [...document.querySelectorAll('*')].flatMap(e => ['', '::before', '::-webkit-progress-value'].map(part => getComputedStyle(e, part))
            .filter(style => style.transitionDuration !== '0s' || style.animationName !== 'none').map(() => e.outerHTML.slice(0, 80)))"""))
        .as("what moves").isEmpty();
  }

  @Test
  void isToldToThoseWhoCannotSeeIt() {
    Page page = open("#q=tent&product=17");
    assertThat(page.locator("#stations tbody tr").first()).isVisible();
    for (AriaRole landmark : List.of(AriaRole.BANNER, AriaRole.MAIN, AriaRole.SEARCH, AriaRole.NAVIGATION)) {
      assertThat(page.getByRole(landmark)).hasCount(1);
    }
    assertThat(page.getByRole(AriaRole.HEADING, new GetByRoleOptions().setLevel(1))).hasText(Pattern.compile("Product Backend"));
    for (String heading : List.of("Pipeline", "Search", "A product’s journey")) {
      assertThat(page.getByRole(AriaRole.HEADING, new GetByRoleOptions().setLevel(2).setName(heading))).hasCount(1);
      assertThat(page.getByRole(AriaRole.REGION, new GetByRoleOptions().setName(heading)).first()).isVisible();
    }
    assertThat(page.locator("html")).hasAttribute("lang", "en");
    assertThat(page.getByRole(AriaRole.IMG, new GetByRoleOptions().setName(Pattern.compile("Chart of")))).hasCount(1);
    assertThat(strings(page, "[...document.querySelectorAll('input, select, textarea')].filter(e => !e.labels.length).map(e => e.outerHTML)"))
        .as("fields without a label").isEmpty();
    assertThat(strings(page, "[...document.querySelectorAll('a, button')].filter(e => !(e.ariaLabel ?? e.textContent).trim()).map(e => e.outerHTML)"))
        .as("links and buttons without a name").isEmpty();
    assertThat(strings(page, "[...document.querySelectorAll('img')].filter(e => !e.hasAttribute('alt')).map(e => e.outerHTML)")).isEmpty();
    assertThat(strings(page, "[...document.querySelectorAll('th')].filter(e => !e.scope).map(e => e.outerHTML)")).isEmpty();
    assertThat(strings(page, "[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)"))
        .as("ids given twice").isEmpty();
    assertThat(strings(page, "[...document.querySelectorAll('[aria-labelledby], [aria-controls]')]"
        + ".filter(e => !document.getElementById(e.getAttribute('aria-labelledby') ?? e.getAttribute('aria-controls'))).map(e => e.outerHTML)")).isEmpty();
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      assertThat(strings(page, CONTRAST)).as("texts of too little contrast (WCAG 2.2, 1.4.3), %s", scheme).isEmpty();
    }
  }

  /** Texts whose contrast with the first opaque ground behind them is below 4.5. */
  private static final String CONTRAST = """
      (() => {
        const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        const rgba = (colour) => {
          canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data];
        };
        const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
        const ground = (e) => { for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255]; };
        return [...document.querySelectorAll('body *')]
            .filter(e => e.checkVisibility() && !e.matches('.hidden, noscript, :disabled')
                && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
            .map(e => { const [a, b] = [luminance(rgba(getComputedStyle(e).color)), luminance(ground(e))].sort((x, y) => y - x);
                return [e, (a + .05) / (b + .05)]; })
            .filter(([e, ratio]) => ratio < 4.5).map(([e, ratio]) => ratio.toFixed(2) + ' ' + e.outerHTML.slice(0, 120));
      })()""";

  @SuppressWarnings("unchecked")
  private static List<String> strings(Page page, String expression) {
    return (List<String>) page.evaluate(expression);
  }

  @Test
  void looksAsItShouldInLightInDarkAndOnAPhone() throws Exception {
    source.update("insert into sample.product (id, name) values (7003, 'Rugged Camping Stove')");
    assertThat(backend.index("priceIndex", "queue.id", "prices-of-today").status()).isEqualTo(1);
    record Look(String name, Page page, ColorScheme scheme) {}
    List<Look> looks = List.of(
        new Look("light", chromium.page(1280, 900, ColorScheme.LIGHT), ColorScheme.LIGHT),
        new Look("dark", chromium.page(1280, 900, ColorScheme.DARK), ColorScheme.DARK),
        new Look("narrow", chromium.page(390, 844, ColorScheme.LIGHT), ColorScheme.LIGHT));
    for (Look look : looks) {
      look.page().navigate(address() + "#q=rugged+tent&product=17");
      awaitState(look.page(), "Live");
      button(look.page(), "Why did prices-of-today fail?").click();
      assertThat(look.page().locator(".failures")).containsText("run a full index first");
    }
    Backend.Process indexer = backend.launch("fullIndex", "queue.id", "everything", "queue.chunk-size", 4, "publish.window", 1);
    // The first is the one for the README; how far the run is in the others is left to chance.
    assertThat(looks.get(0).page().getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("everything")))
        .containsText(Pattern.compile("fullIndex.*running.*[2-9]\\d\\d of"), new LocatorAssertions.ContainsTextOptions().setTimeout(SOON.toMillis()));
    for (Look look : looks) {
      look.page().screenshot(new ScreenshotOptions().setPath(SCREENSHOTS.resolve(look.name() + ".png")).setFullPage(true));
    }
    assertThat(indexer.awaitEnd()).isZero();
    // The least that WCAG 2.2, 1.4.10 asks for.
    looks.get(2).page().setViewportSize(320, 640);
    for (Look look : looks) {
      assertThat(look.page().locator("#verdict")).hasText("Every index has what the product data service has.");
      // The chart takes its new width a moment after the window.
      await().atMost(SOON).untilAsserted(() -> assertThat(strings(look.page(), "document.documentElement.scrollWidth === innerWidth ? []"
          + " : [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 120))"))
          .as("what makes %s scroll sideways", look.name()).isEmpty());
      String ground = (String) look.page().evaluate("getComputedStyle(document.body).backgroundColor");
      assertThat(ground).isEqualTo(look.scheme() == ColorScheme.DARK ? "rgb(18, 24, 26)" : "rgb(246, 247, 247)");
    }
    button(looks.get(0).page(), "Try prices-of-today again").click();
    assertThat(looks.get(0).page().locator("#no-runs")).isVisible();
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void showsTheDescriptionOfTheApi() {
    Page page = open("");
    page.getByRole(AriaRole.LINK, new GetByRoleOptions().setName("API").setExact(true)).click();
    assertThat(page.locator(".opblock-summary-path").first()).isVisible();
    assertThat(page.locator(".opblock")).hasCount(paths());
    page.locator("#operations-products-getProduct .opblock-summary-control").click();
    button(page, "Try it out").click();
    page.getByPlaceholder("id").fill("17");
    button(page, "Execute").click();
    assertThat(page.locator(".live-responses-table .response-col_status").last()).containsText("200");
    page.screenshot(new ScreenshotOptions().setPath(SCREENSHOTS.resolve("docs.png")));
    assertThat(chromium.complaints()).isEmpty();
  }

  private int paths() {
    int operations = 0;
    for (JsonNode path : backend.json("/openapi.json").path("paths")) {
      operations += path.size();
    }
    return operations;
  }

  @Test
  void asksNobodyElse() {
    Page page = open("#q=tent&product=17");
    assertThat(page.locator("#stations tbody tr").first()).isVisible();
    page.navigate(address() + "docs");
    assertThat(page.locator(".opblock-summary-path").first()).isVisible();
    String here = "127.0.0.1:" + backend.property("rest.port") + "/";
    assertThat(chromium.requests()).isNotEmpty().allMatch(url -> url.matches("(http|ws)://" + Pattern.quote(here) + ".*") || url.startsWith("data:"));
  }
}
