package dev.caravan.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.Ports;
import dev.caravan.webhook.GitHubWebhookComponent;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.StartupListener;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The component in a Camel program that is not Caravan. */
class ComponentReceiverTest {
  @TempDir Path directory;
  private final Main main = new Main();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final CamelContext context = new DefaultCamelContext();
  private int port;
  private int serverPort;

  @AfterEach
  void stop() {
    main.stop();
    context.stop();
  }

  @Test
  void aPlainRouteReceivesWhatGitHubPosts() throws Exception {
    start(Map.of());

    assertThat(SignedPush.post(url(), "refs/heads/main")).isEqualTo("202 Webhook received");

    await().untilAsserted(() -> assertThat(seen).containsExactly("refs/heads/main push"));
  }

  @Test
  void whatIsSignedWithAnotherSecretIsRefused() throws Exception {
    start(Map.of());

    assertThat(SignedPush.post(url(), "a", "application/json", "another secret of mine"))
        .isEqualTo("403 Invalid signature header");
  }

  @Test
  void itKeepsWhatItAnswered202ForTheNextStart() throws Exception {
    start(Map.of());
    main.getCamelContext().getRouteController().stopRoute("seen");
    assertThat(SignedPush.post(url(), "kept")).startsWith("202");
    main.stop();

    Main again = new Main();
    try {
      start(again, Map.of("camel.component.github-webhook.secret", SignedPush.SECRET));
      await().untilAsserted(() -> assertThat(seen).containsExactly("kept push"));
    } finally {
      again.stop();
    }
  }

  @Test
  void theServerOfTheApplicationCanTakeThem() throws Exception {
    serverOfTheApplication();
    start(Map.of("camel.component.github-webhook.server", "application"));
    String url = "http://localhost:%d/github".formatted(serverPort);

    assertThat(SignedPush.post(url, "refs/heads/main")).isEqualTo("202 Webhook received");
    assertThat(SignedPush.post(url, "no", "application/json", "another secret of mine"))
        .isEqualTo("403 Invalid signature header");
    assertThat(SignedPush.post(url, "no", "application/x-www-form-urlencoded", SignedPush.SECRET))
        .startsWith("415");
    assertThat(SignedPush.post(url + "?X-GitHub-Event=ping", "no")).startsWith("400");
    await().untilAsserted(() -> assertThat(seen).containsExactly("refs/heads/main push"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"own", "application"})
  void aContextThatIsStoppedAndStartedAgainReceivesAgain(String server) throws Exception {
    serverOfTheApplication();
    start(Map.of("camel.component.github-webhook.server", server));
    CamelContext application = main.getCamelContext();
    String url = server.equals("own") ? url() : "http://localhost:%d/github".formatted(serverPort);
    assertThat(SignedPush.post(url, "one")).startsWith("202");
    await().until(() -> seen.size() == 1);

    for (int restart = 2; restart <= 3; restart++) {
      application.stop();
      assertThat(routes(application)).containsExactly("seen");
      assertThat(SignedPush.post(url, "no")).isEqualTo("no answer");

      addServerOfTheApplication(application);
      application.start();
      assertThat(SignedPush.post(url, "again")).startsWith("202");
      int expected = restart;
      await().until(() -> seen.size() == expected);
    }

    assertThat(seen).containsExactly("one push", "again push", "again push");
    assertThat(application.getManagementStrategy().getEventNotifiers())
        .extracting(each -> each.getClass().getSimpleName())
        .containsOnlyOnce("JsonOverHttp");
    assertThat(application.getCamelContextExtension().getInterceptStrategies())
        .extracting(each -> each.getClass().getSimpleName())
        .containsOnlyOnce("FailedStep");
  }

  @Test
  void theServerOfTheApplicationTakesNothingBeforeTheRoutesAreThereAgain() throws Exception {
    serverOfTheApplication();
    start(Map.of("camel.component.github-webhook.server", "application"));
    CamelContext application = main.getCamelContext();
    List<String> answers = new CopyOnWriteArrayList<>();
    application.stop();
    application.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:slow").routeId("slow").log("slow");
          }
        });
    application.addStartupListener(
        new StartupListener() {
          @Override
          public void onCamelContextStarted(CamelContext started, boolean alreadyStarted) {
            String url = "http://localhost:%d/github".formatted(serverPort);
            answers.add(SignedPush.post(url, "early").substring(0, 3));
          }
        });

    addServerOfTheApplication(application);
    application.start();

    assertThat(answers).contains("404").doesNotContain("202", "503");
  }

  @Test
  void aSuspendedContextKeepsWhatComesUntilItIsResumed() throws Exception {
    start(Map.of());
    main.getCamelContext().suspend();
    assertThat(SignedPush.post(url(), "kept")).startsWith("202");

    main.getCamelContext().resume();

    await().untilAsserted(() -> assertThat(seen).containsExactly("kept push"));
  }

  private static List<String> routes(CamelContext application) {
    return ((ModelCamelContext) application)
        .getRouteDefinitions().stream().map(RouteDefinition::getRouteId).toList();
  }

  @Test
  void aSettingWithoutAnOptionCountsUnderItsOwnKey() {
    assertThatThrownBy(() -> start(Map.of("caravan.body-timeout", "soon")))
        .hasMessageStartingWith("caravan.body-timeout is 'soon', which is not a duration");
  }

  @Test
  void aBadOptionIsRefusedByTheNameThatTheUserGaveIt() {
    assertThatThrownBy(() -> start(Map.of("camel.component.github-webhook.retention-age", "1m")))
        .hasMessageStartingWith("camel.component.github-webhook.retention-age is ")
        .hasMessageContaining("at least 1h");
  }

  @Test
  void whatOnlyAPortOfItsOwnHasIsRefusedWithTheServerOfTheApplication() {
    assertThatThrownBy(
            () ->
                start(
                    Map.of(
                        "camel.component.github-webhook.server", "application",
                        "camel.component.github-webhook.allow", "github")))
        .hasMessageContaining("camel.component.github-webhook.allow is set, and does not count");
  }

  @Test
  void aPortThatIsTakenEndsTheStartWithASentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      assertThatThrownBy(
              () ->
                  start(
                      Map.of(
                          "camel.component.github-webhook.port",
                          String.valueOf(taken.getLocalPort()))))
          .hasStackTraceContaining(
              "port %d is in use by another program; choose another with camel.component.github-webhook.port"
                  .formatted(taken.getLocalPort()));
    }
  }

  @Test
  void withoutASecretOneIsGenerated() throws Exception {
    start(main, Map.of());

    String generated = Files.readString(directory.resolve("log/secret")).strip();
    assertThat(SignedPush.post(url(), "a", "application/json", generated)).startsWith("202");
  }

  @Test
  void optionsCanBeSetInJava() throws Exception {
    GitHubWebhookComponent component = new GitHubWebhookComponent();
    component.setSecret(SignedPush.SECRET);
    component.setPort(Ports.free());
    component.setHost("127.0.0.1");
    component.setPath("/in-java");
    component.setDataDirectory(directory.resolve("log").toString());
    context.addComponent("github-webhook", component);
    context.addRoutes(route());
    context.start();

    assertThat(
            SignedPush.post("http://localhost:%d/in-java".formatted(component.getPort()), "java"))
        .startsWith("202");
    await().untilAsserted(() -> assertThat(seen).containsExactly("java push"));
  }

  @Test
  void nothingListensUntilARouteReads() throws Exception {
    port = Ports.free();
    context
        .getPropertiesComponent()
        .addInitialProperty("camel.component.github-webhook.port", port + "");
    context.getComponent("github-webhook");
    context.start();
    assertThat(context.getStatus()).isEqualTo(ServiceStatus.Started);
    assertThat(SignedPush.post(url(), "a")).isEqualTo("no answer");
  }

  /** As where Maven runs it: Camel falls back to the class loader that has Maven's own classes. */
  @Test
  void itReceivesWhereTheApplicationsClassLoaderDoesNotKnowIt() throws Exception {
    context.setApplicationContextClassLoader(ClassLoader.getPlatformClassLoader());

    aRouteThatIsAddedLaterOpensThePort();
  }

  @Test
  void aRouteThatIsAddedLaterOpensThePort() throws Exception {
    GitHubWebhookComponent component = new GitHubWebhookComponent();
    component.setSecret(SignedPush.SECRET);
    component.setPort(Ports.free());
    component.setHost("127.0.0.1");
    component.setPath("/github");
    component.setDataDirectory(directory.resolve("log").toString());
    context.addComponent("github-webhook", component);
    context.start();
    port = component.getPort();
    context.addRoutes(route());

    assertThat(SignedPush.post(url(), "later")).startsWith("202");
    await().untilAsserted(() -> assertThat(seen).containsExactly("later push"));
  }

  @Test
  void otherRoutesReadNullsAsCamelHasThem() throws Exception {
    context.start();
    var exchange =
        context
            .createProducerTemplate()
            .request(
                "language:simple:${body[a][b]}",
                each -> each.getMessage().setBody(new java.util.HashMap<>(Map.of("c", "d"))));
    assertThat(exchange.getException()).isNotNull();
  }

  private void serverOfTheApplication() throws IOException {
    serverPort = Ports.free();
    main.configure()
        .addConfiguration(
            new CamelConfiguration() {
              @Override
              public void configure(CamelContext context) throws Exception {
                addServerOfTheApplication(context);
              }
            });
  }

  private void addServerOfTheApplication(CamelContext application) throws Exception {
    VertxPlatformHttpServerConfiguration server = new VertxPlatformHttpServerConfiguration();
    server.setBindHost("127.0.0.1");
    server.setBindPort(serverPort);
    application.addService(new VertxPlatformHttpServer(server));
  }

  private void start(Map<String, String> own) throws Exception {
    main.addInitialProperty("camel.component.github-webhook.secret", SignedPush.SECRET);
    start(main, own);
  }

  private void start(Main program, Map<String, String> own) throws Exception {
    port = Ports.free();
    program.configure().withRoutesIncludePattern("false");
    program.addInitialProperty("camel.component.github-webhook.host", "127.0.0.1");
    program.addInitialProperty("camel.component.github-webhook.port", String.valueOf(port));
    program.addInitialProperty("camel.component.github-webhook.path", "/github");
    program.addInitialProperty(
        "camel.component.github-webhook.data-directory", directory.resolve("log").toString());
    own.forEach(program::addInitialProperty);
    program.configure().addRoutesBuilder(route());
    program.start();
  }

  private RouteBuilder route() {
    return new RouteBuilder() {
      @Override
      public void configure() {
        from("github-webhook:push")
            .routeId("seen")
            .setBody(simple("${body[ref]}${body[head_commit][message]} ${header.X-GitHub-Event}"))
            .process(exchange -> seen.add(exchange.getMessage().getBody(String.class)));
      }
    };
  }

  private String url() {
    return "http://localhost:%d/github".formatted(port);
  }
}
