package dev.caravan.routes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.log.MemoryDeliveryLog;
import dev.caravan.routes.across.AcrossFiles;
import dev.caravan.routes.problem.RouteFile;
import dev.caravan.webhook.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Endpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultComponent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RouteFilesTest {
  @TempDir Path directory;
  private final List<CamelContext> contexts = new ArrayList<>();
  private final AcrossFiles acrossFiles = new AcrossFiles();
  private final MemoryDeliveryLog log = new MemoryDeliveryLog();
  private CamelContext context;
  private RouteFiles files;

  @BeforeEach
  void start() {
    context = opened();
    files = new RouteFiles(file -> opened(), directory, Duration.ofMillis(25));
  }

  private CamelContext opened() {
    CamelContext opened = new DefaultCamelContext();
    opened.addComponent("lacking", new ComponentThatLacksAClass());
    opened.getRegistry().bind("deliveryLog", log); // or the component would open one of its own
    acrossFiles.connect(opened);
    opened.start();
    contexts.add(opened);
    return opened;
  }

  @AfterEach
  void stop() {
    files.close();
    contexts.forEach(CamelContext::stop);
    log.close();
  }

  @Test
  void filesAreLoadedAtTheStart() throws IOException {
    write("a.camel.yaml", route("a", "one"));
    write("notes.txt", "not a route");
    write("b.yaml", route("b", "other"));

    files.start();

    assertThat(answerOf("a")).isEqualTo("one");
    assertThat(files.files())
        .singleElement()
        .satisfies(
            file -> {
              assertThat(file.name()).isEqualTo("a.camel.yaml");
              assertThat(file.routes()).containsExactly("a");
              assertThat(file.problem()).isNull();
            });
    assertThat(files.passedOver()).containsOnlyKeys("b.yaml"); // and the log names it
  }

  @Test
  void anEditedFileReplacesItsRoutesAndNoOthers() throws IOException {
    write("a.camel.yaml", route("a", "one"));
    write("b.camel.yaml", route("b", "other"));
    files.start();
    var untouched = files.route("b");

    write("a.camel.yaml", route("a", "two"));

    awaitAnswer("a", "two");
    assertThat(files.route("b")).isSameAs(untouched);
  }

  @Test
  void anAddedFileIsStartedAndADeletedOneStopped() throws IOException {
    write("a.camel.yaml", route("a", "one"));
    files.start();

    write("b.camel.yaml", route("b", "other"));
    awaitAnswer("b", "other");
    Files.delete(directory.resolve("a.camel.yaml"));

    await().untilAsserted(() -> assertThat(files.route("a")).isNull());
    assertThat(answerOf("b")).isEqualTo("other");
  }

  @Test
  void anEditorThatWritesBesideAndRenamesIsNoticed() throws IOException {
    write("a.camel.yaml", route("a", "one"));
    files.start();

    write(".a.camel.yaml.swp", route("a", "two"));
    Files.move(
        directory.resolve(".a.camel.yaml.swp"),
        directory.resolve("a.camel.yaml"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);

    awaitAnswer("a", "two");
  }

  @Test
  void aSwappedSymbolicLinkIsNoticedAsKubernetesSwapsThem() throws IOException {
    Path first = Files.createDirectory(directory.resolve("..first"));
    Path second = Files.createDirectory(directory.resolve("..second"));
    Files.writeString(first.resolve("a.camel.yaml"), route("a", "one"));
    Files.writeString(second.resolve("a.camel.yaml"), route("a", "two"));
    Path data = Files.createSymbolicLink(directory.resolve("..data"), first.getFileName());
    Files.createSymbolicLink(directory.resolve("a.camel.yaml"), Path.of("..data/a.camel.yaml"));
    files.start();
    assertThat(answerOf("a")).isEqualTo("one");

    Path swapped = Files.createSymbolicLink(directory.resolve("..new"), second.getFileName());
    Files.move(swapped, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

    awaitAnswer("a", "two");
  }

  static Stream<Arguments> brokenVersions() {
    return Stream.of(
        Arguments.of("syntax", "- route:\n    id: a\n   from: {", 3, "line 3"),
        Arguments.of("unknown step", step("- nosuchstep: {}"), 6, "nosuchstep"),
        Arguments.of("unknown component", step("- to: nosuchcomponent:x"), 6, "nosuchcomponent"),
        Arguments.of("unknown option", step("- to: log:x?nosuchoption=1"), 6, "nosuchoption"),
        Arguments.of(
            "missing placeholder", step("- to: \"log:{{no.such.key}}\""), 6, "no.such.key"),
        Arguments.of("missing bean", step("- bean: { ref: noSuchBean }"), 6, "noSuchBean"),
        Arguments.of(
            "bad expression", step("- setBody: { simple: \"${nosuchfunction}\" }"), 6, "nosuch"),
        Arguments.of(
            "failed start", step("- to: log:x").replace("direct:a", "direct:b"), 4, "direct:b"),
        Arguments.of("id of another file", route("b", "two"), 1, "b.camel.yaml"),
        Arguments.of(
            "one id twice",
            route("a", "two") + route("a", "x").replace("direct:a", "direct:x"),
            7,
            "two of its"),
        Arguments.of("no id", route("a", "two").replace("id: a", "description: a"), 1, "no id"),
        Arguments.of("nothing in it", "", null, "it is empty"),
        Arguments.of("missing class", step("- to: lacking:x"), null, "class com.example.Missing"),
        Arguments.of(
            "rest",
            "- rest:\n    get:\n      - path: x\n        to: direct:a\n",
            1,
            "rest is not taken"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenVersions")
  void aBrokenVersionIsReportedAndTheLastGoodOneKeepsRunning(
      String name, String broken, Integer line, String reported) throws IOException {
    write("a.camel.yaml", route("a", "one"));
    write("b.camel.yaml", route("b", "other"));
    files.start();

    write("a.camel.yaml", broken);

    await()
        .untilAsserted(
            () -> assertThat(files.files().get(0).problem()).asString().contains(reported));
    assertThat(files.files().get(0).problem().line()).isEqualTo(line);
    assertThat(files.files().get(0).routes()).containsExactly("a");
    assertThat(answerOf("a")).isEqualTo("one");
    assertThat(answerOf("b")).isEqualTo("other");

    write("a.camel.yaml", route("a", "mended"));
    awaitAnswer("a", "mended");
    await().untilAsserted(() -> assertThat(files.files().get(0).problem()).isNull());
  }

  @Test
  void aRouteThatMovesToAnotherFileRunsThereOnceItsOldFileHasLetItGo() throws IOException {
    write("a.camel.yaml", route("a", "one"));
    write("b.camel.yaml", route("b", "other") + route("moving", "from b"));
    files.start();

    write("a.camel.yaml", route("a", "one") + route("moving", "from a"));
    await().untilAsserted(() -> assertThat(files.files().get(0).problem()).isNotNull());
    write("b.camel.yaml", route("b", "other"));

    await().untilAsserted(() -> assertThat(files.files().get(0).problem()).isNull());
    assertThat(answerOf("moving")).isEqualTo("from a");
  }

  @Test
  void aRouteWithAFalsePreconditionIsLeftOutAndTheOthersOfItsFileKeepRunning() throws IOException {
    String leftOut =
        route("left-out", "x").replace("from:", "precondition: \"{{?no.such}}\"\n    from:");
    write("a.camel.yaml", route("a", "one") + leftOut);
    files.start();
    assertThat(files.files().get(0).routes()).containsExactly("a");
    var good = files.route("a");

    write("a.camel.yaml", step("- nosuchstep: {}") + leftOut);

    await().untilAsserted(() -> assertThat(files.files().get(0).problem()).isNotNull());
    assertThat(files.route("a")).isSameAs(good);
  }

  @Test
  void aFileThatIsBrokenAtTheStartDoesNotStopTheOthers() throws IOException {
    write("a.camel.yaml", step("- nosuchstep: {}"));
    write("b.camel.yaml", route("b", "other"));

    files.start();

    assertThat(answerOf("b")).isEqualTo("other");
    assertThat(files.files().get(0).problem()).asString().contains("nosuchstep");
  }

  @Test
  void aFileThatCannotBeReadAtTheStartDoesNotStopTheOthers() throws IOException {
    makeUnreadable("a.camel.yaml");
    write("b.camel.yaml", route("b", "other"));

    files.start();

    assertThat(answerOf("b")).isEqualTo("other");
    assertThat(files.files().get(0).problem()).asString().startsWith("it cannot be read");
  }

  @Test
  void aFileThatCanNoLongerBeReadKeepsRunningAndTheOthersAreReloaded() throws IOException {
    write("a.camel.yaml", route("a", "one"));
    write("b.camel.yaml", route("b", "other"));
    files.start();

    makeUnreadable("a.camel.yaml");
    write("b.camel.yaml", route("b", "two"));

    awaitAnswer("b", "two");
    await().untilAsserted(() -> assertThat(files.files().get(0).problem()).isNotNull());
    assertThat(answerOf("a")).isEqualTo("one");

    Files.delete(directory.resolve("a.camel.yaml"));
    write("a.camel.yaml", route("a", "readable"));
    awaitAnswer("a", "readable");
  }

  @Test
  void whileTheDirectoryCannotBeReadWhatRunsKeepsRunning() throws IOException {
    write("a.camel.yaml", route("a", "one"));
    files.start();

    Path aside = directory.resolveSibling(directory.getFileName() + "-aside");
    try (CapturedLog log = new CapturedLog("dev.caravan.routes")) {
      Files.move(directory, aside);
      Files.writeString(directory, "no directory");
      Files.writeString(aside.resolve("b.camel.yaml"), route("b", "other"));
      await().until(() -> String.join("\n", log.lines()).contains("Running routes keep running"));
    }
    assertThat(files.files()).extracting(RouteFile::name).containsExactly("a.camel.yaml");
    assertThat(answerOf("a")).isEqualTo("one");
    Files.delete(directory);
    Files.move(aside, directory);

    awaitAnswer("b", "other");
  }

  @Test
  void withoutADirectoryTheShippedRouteRunsUntilThereIsOne() throws IOException {
    Path missing = directory.resolve("missing");
    try (RouteFiles shipped = new RouteFiles(file -> opened(), missing)) {
      shipped.start();
      assertThat(shipped.files())
          .extracting(RouteFile::name)
          .containsExactly("log-events.camel.yaml");
    }
  }

  /** As a connector in lib/ without a jar that it needs. */
  private static final class ComponentThatLacksAClass extends DefaultComponent {
    @Override
    protected Endpoint createEndpoint(String uri, String rest, Map<String, Object> parameters) {
      throw new NoClassDefFoundError("com/example/Missing");
    }
  }

  @Test
  void aLinkToNothingIsReportedAsOneAndTheLastGoodVersionKeepsRunning() throws IOException {
    Path target = directory.resolve("..target");
    Files.writeString(target, route("a", "one"));
    Files.createSymbolicLink(directory.resolve("a.camel.yaml"), target.getFileName());
    files.start();

    Files.delete(target);

    await()
        .untilAsserted(
            () ->
                assertThat(files.files())
                    .singleElement()
                    .satisfies(
                        file ->
                            assertThat(file.problem())
                                .hasToString("it is a link to ..target, where no file is")));
    assertThat(answerOf("a")).isEqualTo("one");
    assertThat(files.passedOver()).isEmpty();
    Files.delete(directory.resolve("a.camel.yaml"));
    await().untilAsserted(() -> assertThat(files.route("a")).isNull());
  }

  @Test
  void aFileInAnotherEncodingIsReadAsItIsMeantOrRefusedWithItsLine() throws IOException {
    Files.write(directory.resolve("a.camel.yaml"), ("\uFEFF" + route("a", "für")).getBytes(UTF_8));
    Files.write(directory.resolve("b.camel.yaml"), route("b", "für").getBytes(ISO_8859_1));
    Files.write(directory.resolve("C.java"), "\uFEFFclass C {}".getBytes(UTF_16LE));

    files.start();

    assertThat(answerOf("a")).isEqualTo("für");
    assertThat(files.route("b")).isNull();
    assertThat(files.files())
        .extracting(file -> String.valueOf(file.problem()))
        .satisfiesExactly(
            c -> assertThat(c).doesNotContain("feff", "illegal character"),
            a -> assertThat(a).isEqualTo("null"),
            b -> assertThat(b).contains("not UTF-8 in line"));
  }

  /** Even for root, who may read whatever there is. */
  private void makeUnreadable(String name) throws IOException {
    Path unreadable = Path.of("/proc/self/mem"); // from its beginning, where there is no memory
    assumeTrue(Files.isRegularFile(unreadable), "only Linux has such a file");
    Files.deleteIfExists(directory.resolve(name));
    Files.createSymbolicLink(directory.resolve(name), unreadable);
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content);
  }

  /** Asked at the moment at which a route is replaced, the old one refuses the exchange. */
  private void awaitAnswer(String id, String answer) {
    await()
        .ignoreExceptionsInstanceOf(CamelExecutionException.class)
        .untilAsserted(() -> assertThat(answerOf(id)).isEqualTo(answer));
  }

  private String answerOf(String id) {
    return context.createFluentProducerTemplate().to("direct:" + id).request(String.class);
  }

  private static String route(String id, String answer) {
    return step("- setBody: { constant: " + answer + " }")
        .replace("id: a", "id: " + id)
        .replace("direct:a", "direct:" + id);
  }

  private static String step(String step) {
    return """
        - route:
            id: a
            from:
              uri: direct:a
              steps:
                %s
        """
        .formatted(step);
  }
}
