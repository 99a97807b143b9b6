package dev.caravan.webhook.outcome;

import static dev.caravan.webhook.RunningRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.MemoryDeliveryLog.Told;
import dev.caravan.webhook.Deliveries;
import dev.caravan.webhook.RunningRoutes;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What trying again cannot mend is a dead letter at once; all else is tried again. */
class HopelessFailuresTest {
  private final Delivery delivery =
      Deliveries.json("push", "{\"ref\":\"refs/heads/main\",\"size\":3,\"commits\":[]}");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          setBody: { simple: "${body[ref].shout()}" }        | setBody ${body[ref].shout()} (test.camel.yaml:7): String 'refs/heads/main' has no method shout()
          setBody: { simple: "${body.shout()}" }             | setBody ${body.shout()} (test.camel.yaml:7): a part of the payload has no method shout()
          setHeader: { name: a, simple: "${header.X-GitHub-Event.charAt(70)}" } | setHeader ${header.X-GitHub-Event.charAt(70)} (test.camel.yaml:7): StringIndexOutOfBoundsException
          convertBodyTo: { type: java.util.Date }            | convertBodyTo (test.camel.yaml:7): a part of the payload cannot be converted to Date
          validate: { simple: "${body[size]} > 5" }          | validate ${body[size]} > 5 (test.camel.yaml:7): PredicateValidationException
          toD: { uri: "bean:${body[ref]}" }                           | toD
          recipientList: { constant: "bean:java.lang.String?method=secret" } | recipientList (test.camel.yaml:7):
          enrich: { constant: "bean:java.lang.String?method=secret" }        | enrich (test.camel.yaml:7):
          setBody: { method: { ref: absent, method: a } }    |
          throwException: { exceptionType: java.lang.IllegalArgumentException, message: no } | throwException (test.camel.yaml:7): IllegalArgumentException: no
          """)
  void itIsADeadLetterAtOnceAndSaysWhichStepMetWhat(String step, String sentence) {
    try (RunningRoutes routes =
        new RunningRoutes()
            .yaml(
                """
                - route:
                    id: fails
                    from:
                      uri: github-webhook:*
                      parameters: { retryDelay: 10ms }
                      steps:
                        - %s:
                            %s
                """
                    .formatted((Object[]) step.split(": ", 2)))
            .start()) {
      Told told = routes.outcome(delivery);

      assertThat(told.isForGood()).as(String.valueOf(told.error())).isTrue();
      if (sentence != null) {
        assertThat(told.error()).hasMessageStartingWith(sentence);
      }
    } catch (RuntimeException e) {
      assertThat(step).contains("absent"); // refused when the route is made, which is sooner still
    }
  }

  @Test
  void theErrorDoesNotShowAPlaceholdersValue() {
    try (RunningRoutes routes =
        new RunningRoutes()
            .with(
                context ->
                    context.getPropertiesComponent().addInitialProperty("token", "open-sesame"))
            .yaml(
                """
                - route:
                    id: fails
                    from:
                      uri: github-webhook:*
                      steps:
                        - setHeader: { name: Authorization, simple: "Bearer {{token}} ${body[ref].shout()}" }
                """)
            .start()) {
      assertThat(routes.outcome(delivery).error())
          .hasMessageStartingWith("setHeader Bearer {{token}} ${body[ref].shout()}")
          .hasMessageNotContaining("open-sesame");
    }
  }

  static Stream<Throwable> passing() {
    ConnectException refused = new ConnectException("Connection refused");
    return Stream.of(
        refused,
        new IllegalStateException("Connection pool shut down"),
        new IllegalArgumentException(refused),
        new TypeConversionException("a", Integer.class, refused),
        new RuntimeCamelException(new NullPointerException().initCause(refused)),
        new UncheckedIOException(refused),
        new RuntimeCamelException(new TimeoutException()),
        new UnresolvedAddressException(),
        new IllegalArgumentException(new IllegalStateException("not yet")),
        answer(401),
        answer(403),
        answer(404),
        answer(408),
        answer(409),
        answer(425),
        answer(429),
        answer(500),
        answer(503));
  }

  @ParameterizedTest
  @MethodSource("passing")
  void aFailureThatMayPassIsTriedAgain(Throwable failure) {
    assertThat(isForGood(failure, "")).isFalse();
  }

  static Stream<Throwable> hopeless() {
    return Stream.of(
        new NullPointerException(),
        new RuntimeCamelException(new NullPointerException()),
        new TypeConversionException("a", Integer.class, new NumberFormatException("a")),
        new ClassCastException(),
        new NoSuchMethodException("a"),
        new UnsupportedOperationException(),
        answer(400),
        answer(410),
        answer(413),
        answer(415),
        answer(422),
        new RuntimeCamelException(answer(415)));
  }

  @ParameterizedTest
  @MethodSource("hopeless")
  void aFailureThatCannotHealIsNotTriedAgain(Throwable failure) {
    assertThat(isForGood(failure, "")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IllegalStateException",
        "java.lang.IllegalStateException",
        "404, IllegalStateException",
        "RuntimeException",
        "OutOfTheBlueException,IllegalStateException"
      })
  void aRouteMayNameFurtherExceptions(String noRetryOn) {
    assertThat(isForGood(new IllegalStateException("a"), noRetryOn)).isTrue();
    assertThat(isForGood(new RuntimeCamelException(new IllegalStateException("a")), noRetryOn))
        .isTrue();
    assertThat(isForGood(new Exception("a"), noRetryOn)).isFalse();
  }

  @Test
  void aRouteMayNameStatusesAndExemptWhatWouldBeFinal() {
    assertThat(isForGood(answer(404), "401,404")).isTrue();
    assertThat(isForGood(answer(415), "401,404")).isTrue();
    assertThat(isForGood(answer(404), "4xx")).isTrue();
    assertThat(isForGood(answer(503), "4xx")).isFalse();
    assertThat(isForGood(answer(415), "!415")).isFalse();
    assertThat(isForGood(answer(400), "!415")).isTrue();
    assertThat(isForGood(new NullPointerException(), "!NullPointerException")).isFalse();
    assertThat(isForGood(new NullPointerException(), "!*")).isFalse();
    assertThat(isForGood(answer(404), "404,!*")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"200", "4x4", "400 404", "*", "!", "http://a"})
  void aSettingThatIsNeitherStatusNorExceptionIsRefused(String item) {
    assertThatThrownBy(() -> NoRetry.parse("404," + item))
        .hasMessageContaining("'" + item.replace("!", "") + "'")
        .hasMessageContaining("neither an HTTP status nor the name of an exception");
  }

  private boolean isForGood(Throwable failure, String noRetryOn) {
    return NoRetry.parse(noRetryOn).appliesTo(failure);
  }

  @Test
  void aConnectionRefusedWithinAnExpressionIsTriedAgain() {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(
                r ->
                    r.from("github-webhook:*?maxAttempts=1")
                        .routeId("calls")
                        .setBody(r.method(new Calls(), "call"))))) {
      assertThat(routes.outcome(delivery).isForGood()).isFalse();
    }
  }

  /** What an expression may call. */
  public static final class Calls {
    @SuppressWarnings("DoNotCallSuggester") // Camel calls it, by its name
    public String call() throws ConnectException {
      throw new ConnectException("Connection refused");
    }
  }

  private static HttpOperationFailedException answer(int status) {
    return new HttpOperationFailedException("http://localhost", status, "", null, null, "");
  }
}
