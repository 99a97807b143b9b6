package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.SettingSources;
import dev.caravan.delivery.Delivery;
import dev.caravan.ingress.TestDelivery;
import dev.caravan.log.subscription.NamePatterns;
import dev.caravan.rehearsal.Rehearsal;
import dev.caravan.rehearsal.Rehearsed;
import dev.caravan.rehearsal.Verdict;
import dev.caravan.rehearsal.stage.Answer;
import dev.caravan.rehearsal.stage.Send;
import dev.caravan.routes.context.RunningRoute;
import dev.caravan.routes.problem.RouteFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a rehearsal says of routes, and that nothing gets out of one. */
class RehearsalTest {
  private static final String PUSH =
      """
      {"ref":"refs/heads/main","deleted":false,"head_commit":{"message":"hello","modified":["docs/a.md"]},
       "commits":[{"added":[],"removed":[],"modified":["docs/a.md"]}],
       "repository":{"full_name":"acme/rocket"},"sender":{"login":"octocat"}}
      """;

  @TempDir static Path directory;
  private static ServerSocket outside;
  private static OfflineRehearsals program;

  @BeforeAll
  static void open() throws IOException {
    outside = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    program =
        OfflineRehearsals.open(
            new SettingSources(Map.of())
                .read(
                    null,
                    Map.of(
                        "caravan.data", directory.resolve("data").toString(),
                        "chat.url", "https://chat.example/services/T0/B0/abcdef",
                        "db.password", "correct horse")));
  }

  @AfterAll
  static void close() throws IOException {
    program.close();
    outside.close();
  }

  @Test
  void whatWouldBeSentIsToldWithMethodAddressHeadersAndBody() throws Exception {
    Rehearsed told =
        of(
            """
            - removeHeaders: { pattern: "X-GitHub-Hook-*" }
            - setHeader: { name: X-Kind, simple: "${header.CamelGitHubWebhookRepository}" }
            - to: http://deployer.internal/run?httpMethod=PUT
            - to: file:/nowhere/at/all
            """);

    assertThat(told.verdict()).isEqualTo(Verdict.TAKEN);
    Send http = told.sends().get(0);
    assertThat(http.address()).isEqualTo("PUT http://deployer.internal/run");
    assertThat(http.body()).isEqualTo(PUSH);
    assertThat(http.headers())
        .containsEntry("Content-Type", "application/json")
        .containsEntry("X-Kind", "acme/rocket")
        .containsEntry("X-GitHub-Event", "push")
        .doesNotContainKey("CamelGitHubWebhookRepository");
    assertThat(told.sends().get(1).to()).isEqualTo("file:/nowhere/at/all");
    assertThat(told.sends().get(1).body()).isEmpty(); // what an unknown answer leaves
  }

  /** A repository that the server might have. */
  public static final class Repository extends MemoryIdempotentRepository {
    private static final AtomicInteger ADDED = new AtomicInteger();

    @Override
    public boolean add(String key) {
      ADDED.incrementAndGet();
      return super.add(key);
    }
  }

  @Test
  void anIdempotentConsumerRemembersNothingOfARehearsal() throws Exception {
    Rehearsed told =
        of(
            """
            - idempotentConsumer:
                idempotentRepository: "#seen"
                simple: "${header.X-GitHub-Delivery}"
                steps: [ { to: "http://deployer.internal/run" } ]
            """,
            """
            - beans:
                - name: seen
                  type: dev.caravan.server.RehearsalTest$Repository
            """);

    assertThat(told.sends()).hasSize(1);
    assertThat(Repository.ADDED).hasValue(0);
  }

  @Test
  void everyWayOfSendingIsReplaced() throws Exception {
    String there = "http://localhost:" + outside.getLocalPort();
    Rehearsed told =
        of(
            """
            - setProperty: { name: where, constant: "%1$s" }
            - to: "%1$s/to"
            - toD: "%1$s/toD/${header.X-GitHub-Event}"
            - toD: { uri: "%1$s/uncached", cacheSize: -1 }
            - wireTap: { uri: "%1$s/wireTap" }
            - wireTap: { uri: "%1$s/dynamic/${header.X-GitHub-Event}" }
            - enrich: { constant: "%1$s/enrich" }
            - pollEnrich: { constant: "file:%2$s/poll", timeout: 5000 }
            - poll: { uri: "file:%2$s/poll", timeout: 5000 }
            - recipientList: { constant: "%1$s/list1,%1$s/list2" }
            - recipientList: { constant: "%1$s/list3", cacheSize: -1 }
            - routingSlip: { constant: "%1$s/slip1,%1$s/slip2" }
            - setHeader: { name: next, constant: "%1$s/dynamicRouter,direct:clear" }
            - dynamicRouter: { simple: "${header.next}" }
            - multicast: { parallelProcessing: true, steps: [ { to: "%1$s/multi1" }, { to: "%1$s/multi2" } ] }
            - split: { constant: "a,b", steps: [ { to: "%1$s/split" } ] }
            - doTry:
                steps: [ { throwException: { exceptionType: java.lang.IllegalStateException, message: inside } } ]
                doCatch: [ { exception: [ java.lang.IllegalStateException ], steps: [ { to: "%1$s/catch" } ] } ]
                doFinally: { steps: [ { to: "%1$s/finally" } ] }
            - to: "seda:queue"
            - to: "direct:call"
            """
                .formatted(there, directory),
            """
            - route: { id: queue, from: { uri: "seda:queue", steps: [ { to: "%1$s/seda" } ] } }
            - route: { id: call, from: { uri: "direct:call", steps: [ { to: "%1$s/direct" } ] } }
            - route: { id: clear, from: { uri: "direct:clear", steps: [ { removeHeader: { name: next } } ] } }
            - route: { id: reads, from: { uri: "file:%2$s/in?delete=true", steps: [ { to: "%1$s/never" } ] } }
            - route: { id: ticks, from: { uri: "timer:t?period=10&delay=0", steps: [ { to: "%1$s/never" } ] } }
            """
                .formatted(there, directory));

    assertThat(told.reason()).isEmpty();
    assertThat(told.verdict()).isEqualTo(Verdict.TAKEN);
    assertThat(told.sends().stream().map(send -> send.to().replace(there, "")))
        .containsExactlyInAnyOrder(
            "/to",
            "/toD/push",
            "/uncached",
            "/wireTap",
            "/dynamic/push",
            "/enrich",
            "/list1",
            "/list2",
            "/list3",
            "/slip1",
            "/slip2",
            "/multi1",
            "/multi2",
            "/dynamicRouter",
            "/split",
            "/split",
            "/catch",
            "/finally",
            "/seda",
            "/direct");
    assertThat(told.notes().toString()).contains("reads from file:").contains("inside");
    nobodyCalled();
    assertThat(files()).isEmpty();
  }

  @RepeatedTest(3) // an interceptor and a recorder may come in either order
  void whatAFileSaysOfAllItsStepsIsReplacedToo() throws Exception {
    String yaml =
        """
        - errorHandler: { deadLetterChannel: { deadLetterUri: "http://localhost:%1$d/dead" } }
        - interceptSendToEndpoint: { uri: "http://localhost:%1$d/watched", steps: [ { to: "http://localhost:%1$d/interceptor" } ] }
        - onCompletion: { parallelProcessing: true, steps: [ { to: "http://localhost:%1$d/completion" } ] }
        - route:
            id: tried
            from:
              uri: github-webhook:push
              steps:
                - to: "http://localhost:%1$d/watched"
                - setHeader: { name: Authorization, method: { ref: gitHubAuthorization, method: "of(${header.CamelGitHubWebhookRepository})" } }
                - to: "http://localhost:%1$d/status"
                - throwException: { exceptionType: java.io.IOException, message: broken }
        """
            .formatted(outside.getLocalPort());
    try (Rehearsal rehearsal = rehearsal(Map.of("tried.camel.yaml", yaml))) {
      Rehearsed told = rehearsal.give(delivery("push", PUSH), route(rehearsal, "tried"), List.of());

      assertThat(told.sends().stream().map(send -> send.to().replaceFirst(".*/", "")))
          .containsExactly("interceptor", "watched", "status", "dead", "completion");
      assertThat(told.verdict()).isEqualTo(Verdict.TAKEN); // so does Camel's dead letter channel
      assertThat(told.notes().toString()).contains("broken");
    }
    nobodyCalled();
  }

  @Test
  void codeThatSendsThroughCamelIsHeldBack() throws Exception {
    String java =
        """
        import org.apache.camel.builder.RouteBuilder;

        public class Sends extends RouteBuilder {
          @Override
          public void configure() {
            from("github-webhook:push").routeId("sends")
                .process(
                    exchange ->
                        exchange.getContext().createProducerTemplate()
                            .sendBody("http://localhost:%1$d/template", "body"))
                .to(endpoint("http://localhost:%1$d/endpoint"));
          }
        }
        """
            .formatted(outside.getLocalPort());
    try (Rehearsal rehearsal = rehearsal(Map.of("Sends.java", java))) {
      Rehearsed told = rehearsal.give(delivery("push", PUSH), route(rehearsal, "sends"), List.of());

      assertThat(told.sends().stream().map(send -> send.to().replaceFirst(".*/", "")))
          .containsExactly("template", "endpoint");
    }
    nobodyCalled();
  }

  @Test
  void nothingIsFetchedForAStep() throws Exception {
    String yaml =
        """
        - route:
            id: tried
            from:
              uri: github-webhook:push
              steps:
                - setBody: { simple: "resource:http://localhost:%d/template" }
        """
            .formatted(outside.getLocalPort());
    try (Rehearsal rehearsal = rehearsal(Map.of("tried.camel.yaml", yaml))) {
      assertThat(rehearsal.files())
          .filteredOn(file -> file.name().equals("tried.camel.yaml"))
          .allSatisfy(file -> assertThat(file.problem()).isNotNull());
    }
    nobodyCalled();
  }

  @Test
  void whyADeliveryIsNotWantedIsTold() throws Exception {
    String yaml =
        """
        - route: { id: events, from: { uri: "github-webhook:issues.opened", steps: [ { to: "log:x" } ] } }
        - route: { id: repository, from: { uri: "github-webhook:*?repository=globex", steps: [ { to: "log:x" } ] } }
        - route: { id: branch, from: { uri: "github-webhook:push?branch=release/*", steps: [ { to: "log:x" } ] } }
        - route: { id: paths, from: { uri: "github-webhook:push?branch=main&paths=src/", steps: [ { to: "log:x" } ] } }
        - route: { id: wanted, from: { uri: "github-webhook:push?branch=main&paths=docs/", steps: [ { to: "log:x" } ] } }
        """;
    try (Rehearsal rehearsal = rehearsal(Map.of("a.camel.yaml", yaml))) {
      Delivery push = delivery("push", PUSH);
      assertThat(why(rehearsal, push, "events")).isEqualTo("it wants issues.opened");
      assertThat(why(rehearsal, push, "repository")).isEqualTo("repository: globex");
      assertThat(why(rehearsal, push, "branch")).isEqualTo("branch: release/*");
      assertThat(why(rehearsal, push, "paths")).isEqualTo("paths: src/");
      assertThat(why(rehearsal, push, "wanted")).isEmpty();
    }
  }

  @Test
  void aRouteThatWaitsForTheNewestOfABurstDoesNotWait() throws Exception {
    String yaml =
        """
        - route: { id: newest, from: { uri: "github-webhook:push?coalesce=1h", steps: [ { to: "log:x" } ] } }
        """;
    try (Rehearsal rehearsal = rehearsal(Map.of("a.camel.yaml", yaml))) {
      for (int time = 0; time < 2; time++) {
        Rehearsed told =
            rehearsal.give(delivery("push", PUSH), route(rehearsal, "newest"), List.of());
        assertThat(told.verdict()).isEqualTo(Verdict.TAKEN);
      }
    }
  }

  private static String why(Rehearsal rehearsal, Delivery delivery, String route)
      throws InterruptedException {
    return rehearsal.give(delivery, route(rehearsal, route), List.of()).reason();
  }

  @Test
  void whichStepFailsIsToldAndWhetherTheDeliveryWouldBeTriedAgain() throws Exception {
    Rehearsed hopeless =
        of(
            "- to: http://nowhere.invalid/\n- setBody: { simple: \"${header.X-GitHub-Event.shout()}\" }");
    assertThat(hopeless.verdict()).isEqualTo(Verdict.DEAD_LETTER);
    assertThat(hopeless.reason())
        .isEqualTo(
            "setBody ${header.X-GitHub-Event.shout()} (tried.camel.yaml:6): String 'push' has no method shout()");
    assertThat(hopeless.sends()).hasSize(1);

    Rehearsed passing =
        of(
            List.of(answer("http://busy.invalid/**", 503, null, null)),
            "- doTry:\n    steps: [ { to: \"http://busy.invalid/first\" } ]\n    doCatch: [ { exception: [ java.lang.Exception ], steps: [ { log: caught } ] } ]\n- to: http://busy.invalid/second");
    assertThat(passing.verdict()).isEqualTo(Verdict.RETRIED);
    assertThat(passing.reason()).startsWith("to (tried.camel.yaml:").contains("503");
    assertThat(passing.notes().toString())
        .contains("logs: caught")
        .contains("fails on the way: to (");
    assertThat(passing.sends()).hasSize(2);
  }

  @Test
  void theRouteContinuesWithTheAnswerOfTheTest() throws Exception {
    Rehearsed told =
        of(
            List.of(
                answer("http://api.invalid/**", 201, "{\"id\":7}", null),
                answer("file:**", 200, null, "the disk is full")),
            """
            - to: http://api.invalid/new
            - to: http://log.invalid/?status=${header.CamelHttpResponseCode}
            - to: http://api.invalid/again
            - unmarshal: { json: {} }
            - toD: "kafka:made-${body[id]}?brokers=nowhere.invalid:9092"
            - to: file:/nowhere
            """);

    assertThat(told.sends().get(3).to()).startsWith("kafka:made-7");
    assertThat(told.sends().get(1).body()).isEqualTo("{\"id\":7}");
    assertThat(told.verdict()).isEqualTo(Verdict.RETRIED);
    assertThat(told.reason()).contains("IOException: the disk is full");
  }

  @Test
  void aPasswordThatIsCutInTwoIsNotShownByHalves() throws Exception {
    Rehearsed told =
        of(
            """
            - setHeader: { name: X-Note, constant: "%s {{db.password}}" }
            - to: http://deployer.internal/run
            """
                .formatted("a".repeat(990)));

    assertThat(told.sends().get(0).headers().get("X-Note")).endsWith("a {{db.password}}…");
  }

  @Test
  void secretsAreShownNowhere() throws Exception {
    Rehearsed told =
        of(
            """
            - setHeader: { name: Authorization, constant: "Bearer abcdefgh" }
            - setHeader: { name: X-Api-Key, constant: "ijklmnop" }
            - setBody: { constant: "the password is {{db.password}}" }
            - to: "{{chat.url}}"
            - to: "http://user:qrstuvwx@host.invalid/?access_token=yzyzyzyz&a=b"
            - log: "{{db.password}}"
            - throwException: { exceptionType: java.lang.IllegalStateException, message: "not {{db.password}}" }
            """);

    assertThat(told.sends().get(0).to()).isEqualTo("https://chat.example{{chat.url}}");
    assertThat(told.sends().get(0).body()).isEqualTo("the password is {{db.password}}");
    assertThat(told.toString())
        .doesNotContain("abcdefgh", "ijklmnop", "T0/B0", "correct horse", "qrstuvwx", "yzyzyzyz")
        .contains("a=b");
  }

  @Test
  void whatIsReadFromFilesIsShownNowhereEither() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "battery staple\n");
    Path chat = Files.writeString(directory.resolve("chat"), "https://chat.example/T1/B1\n");
    Rehearsed told =
        of(
            """
            - setBody: { constant: "the password is {{file:%s}} or {{properties:db.password}}" }
            - to: "{{file:%s}}"
            """
                .formatted(token, chat));

    assertThat(told.sends().get(0).to()).isEqualTo("https://chat.example{{file:" + chat + "}}");
    assertThat(told.sends().get(0).body()).startsWith("the password is {{file:" + token + "}} or ");
    assertThat(told.toString()).doesNotContain("T1/B1", "battery", "correct horse");
  }

  private static Answer answer(String to, int status, String body, String failure) {
    return new Answer(NamePatterns.parse("to", to, each -> each), status, Map.of(), body, failure);
  }

  @Test
  void aRouteThatRunsForEverIsCutOff() throws Exception {
    long begun = System.nanoTime();
    Rehearsed told =
        of(
            Duration.ofMillis(500),
            List.of(),
            "- loop: { doWhile: true, simple: \"${body} != 'x'\", steps: [ { to: \"http://nowhere.invalid/\" } ] }");

    assertThat(told.verdict()).isEqualTo(Verdict.NOT_ENDED);
    assertThat(told.sends()).hasSize(200);
    assertThat(told.moreSends()).isPositive();
    assertThat(System.nanoTime() - begun).isLessThan(20_000_000_000L);
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(each -> each.getName().contains("rehearsal-tried")));
  }

  private static void nobodyCalled() throws IOException {
    outside.setSoTimeout(1);
    try {
      outside.accept().close();
      throw new AssertionError("somebody called");
    } catch (SocketTimeoutException e) {
      // as it should be
    }
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(each -> !each.equals(directory)).toList();
    }
  }

  private static Rehearsed of(String steps, String... routes) throws Exception {
    return of(List.of(), steps, routes);
  }

  private static Rehearsed of(List<Answer> answers, String steps, String... routes)
      throws Exception {
    return of(Duration.ofSeconds(30), answers, steps, routes);
  }

  private static Rehearsed of(
      Duration longest, List<Answer> answers, String steps, String... routes) throws Exception {
    String yaml =
        "- route:\n    id: tried\n    from:\n      uri: github-webhook:push\n      steps:\n"
            + steps.indent(8)
            + String.join("", routes);
    try (Rehearsal rehearsal =
        new Rehearsal(
            program,
            directory.resolve("routes"),
            Map.of("tried.camel.yaml", yaml),
            64 * 1024,
            longest)) {
      RouteFile file =
          rehearsal.files().stream()
              .filter(each -> each.name().startsWith("tried"))
              .findFirst()
              .orElseThrow();
      assertThat(file.problem()).isNull();
      return rehearsal.give(delivery("push", PUSH), route(rehearsal, "tried"), answers);
    }
  }

  private static Rehearsal rehearsal(Map<String, String> files) throws IOException {
    return new Rehearsal(program, directory.resolve("routes"), files, 64 * 1024);
  }

  private static RunningRoute route(Rehearsal rehearsal, String id) {
    return rehearsal.routes().stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static Delivery delivery(String event, String payload) {
    return TestDelivery.of(event, payload.getBytes(StandardCharsets.UTF_8));
  }
}
