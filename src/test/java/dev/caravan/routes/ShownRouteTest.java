package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.routes.ShownRoute.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A route as the console shows it: as it runs, and without its passwords. */
class ShownRouteTest {
  private static final String ROUTE =
      """
      - route:
          id: deploy
          from:
            uri: direct:deploy
            steps:
              - setHeader: { name: Authorization, constant: "Bearer abcdefgh12345678" }
              - choice:
                  when:
                    - simple: "${body} == 'main'"
                      steps:
                        - to: "mock:one?password=hidden1&copyOnExchange=true"
                        - to: { uri: "mock:two", parameters: { accessToken: hidden2, password: "{{env:NONE:x}}" } }
                  otherwise:
                    steps:
                      - log: "not <b>main</b>"
      """;

  @Test
  void itHasEveryStepAndNoPassword(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("deploy.camel.yaml"), ROUTE);
    CamelContext context = new DefaultCamelContext();
    try (RouteFiles files = new RouteFiles(file -> lenient(context), directory)) {
      files.load();
      assertThat(files.files().toString()).doesNotContain("message");
      ShownRoute shown = files.shown("deploy");

      assertThat(shown.yaml())
          .contains("id: deploy", "choice:", "not <b>main</b>", "direct", "{{env:NONE:x}}");
      assertThat(shown.toString()).doesNotContain("hidden1", "hidden2", "abcdefgh12345678");
      assertThat(shown.steps().stream().map(Step::name))
          .isEqualTo(List.of("from", "setHeader", "choice"));
      Step choice = shown.steps().get(2);
      assertThat(choice.steps().stream().map(Step::name)).containsExactly("when", "otherwise");
      assertThat(choice.steps().get(0).steps()).hasSize(2);
      assertThat(choice.steps().get(0).steps().get(0).label()).startsWith("mock:one?"); // not to[…]
      assertThat(files.shown("another")).isNull();
    } finally {
      context.stop();
    }
  }

  /** Takes any parameter, as connectors with passwords would. */
  private static CamelContext lenient(CamelContext context) {
    context.addComponent("mock", new AnyParameters());
    context.start();
    return context;
  }

  private static final class AnyParameters extends org.apache.camel.component.mock.MockComponent {
    @Override
    protected void validateParameters(
        String uri, java.util.Map<String, Object> parameters, String optionPrefix) {}
  }
}
