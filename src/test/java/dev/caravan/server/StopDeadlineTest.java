package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.SettingSources;
import dev.caravan.server.camel.StopDeadline;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StopDeadlineTest {
  @ParameterizedTest
  @ValueSource(strings = {"0s", "999ms", "2h"})
  void aTimeoutThatIsTooShortOrTooLongIsRefusedByName(String time) {
    assertThatThrownBy(
            () ->
                StopDeadline.from(
                    new SettingSources(Map.of()).read(null, Map.of("caravan.stop-timeout", time))))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage("caravan.stop-timeout is %s; it must be from 1s to 1h.", time);
  }

  @Test
  @Timeout(15) // the deadline is 20 s
  void aStopDoesNotWaitForWorkThatItsRouteHasGivenUpForTheStop(@TempDir Path directory) {
    try (Site site = new Site(directory)) {
      site.route(
          "deploy.camel.yaml",
          """
          - route:
              id: deploy
              errorHandler:
                defaultErrorHandler:
                  redeliveryPolicy:
                    maximumRedeliveries: "5"
                    redeliveryDelay: "600000"
                    allowRedeliveryWhileStopping: "false"
              from:
                uri: github-webhook:push
                steps:
                  - throwException:
                      exceptionType: java.io.IOException
                      message: down
          """);
      site.start();
      assertThat(site.post("push", "guid-1", "{}")).isEqualTo(202);
      await().until(() -> site.json("/api/routes").encode().contains("\"inWork\":1"));
    }
  }
}
