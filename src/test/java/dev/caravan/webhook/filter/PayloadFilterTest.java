package dev.caravan.webhook.filter;

import static dev.caravan.webhook.RunningRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.subscription.EventFilter;
import dev.caravan.webhook.Deliveries;
import dev.caravan.webhook.RunningRoutes;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The options branch and paths. */
class PayloadFilterTest {
  private static final EventFilter ALL = EventFilter.parse("*", null);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          main                       | push                | {"ref":"refs/heads/main"}                             | true
          main                       | push                | {"ref":"refs/heads/main","deleted":true}              | true
          main                       | push                | {"ref":"refs/heads/mains"}                            | false
          main                       | push                | {"ref":"refs/tags/main"}                              | false
          main                       | push                | {"ref":null}                                          | false
          main                       | push                | {}                                                    | false
          main,release/*             | push                | {"ref":"refs/heads/release/1"}                        | true
          release/**,!release/old/** | push                | {"ref":"refs/heads/release/old/1"}                    | false
          !dependabot/**             | push                | {"ref":"refs/heads/main"}                             | true
          !dependabot/**             | push                | {"ref":"refs/heads/dependabot/npm/a"}                 | false
          !dependabot/**             | push                | {"ref":"refs/tags/v1"}                                | true
          main                       | create              | {"ref":"main","ref_type":"branch"}                    | true
          main                       | create              | {"ref":"main","ref_type":"tag"}                       | false
          main                       | delete              | {"ref":"main","ref_type":"branch"}                    | true
          main                       | pull_request        | {"pull_request":{"base":{"ref":"main"},"head":{"ref":"x"}}} | true
          main                       | pull_request        | {"pull_request":{"base":{"ref":"x"},"head":{"ref":"main"}}} | false
          main                       | pull_request_review | {"pull_request":{"base":{"ref":"main"}}}              | true
          main                       | workflow_run        | {"workflow_run":{"head_branch":"main"}}               | true
          main                       | workflow_run        | {"workflow_run":{"head_branch":null}}                 | false
          main                       | workflow_job        | {"workflow_job":{"head_branch":"main"}}               | true
          main                       | check_suite         | {"check_suite":{"head_branch":"main"}}                | true
          main                       | check_run           | {"check_run":{"check_suite":{"head_branch":"main"}}}  | true
          main                       | check_run           | {"check_run":null}                                    | false
          main                       | workflow_dispatch   | {"ref":"refs/heads/main"}                             | true
          main                       | deployment          | {"deployment":{"ref":"main"}}                         | true
          main                       | merge_group         | {"merge_group":{"base_ref":"refs/heads/main"}}        | true
          main                       | status              | {"branches":[{"name":"x"},{"name":"main"}]}           | true
          main                       | status              | {"branches":[]}                                       | false
          main                       | issues              | {"issue":{"number":1}}                                | false
          !main                      | issues              | {"issue":{"number":1}}                                | true
          """)
  void branchLetsThroughWhatIsAboutABranch(
      String branch, String event, String payload, boolean wanted) {
    assertThat(PayloadFilter.parse(branch, null, ALL).wants(Deliveries.json(event, payload)))
        .isEqualTo(wanted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          docs/**          | "added":["docs/a.md"],"modified":[],"removed":[]            | true
          docs/            | "added":[],"modified":["docs/x/a.md"],"removed":[]          | true
          docs/            | "added":[],"modified":[],"removed":["docs/a.md"]            | true
          docs/            | "added":["src/A.java"],"modified":[],"removed":[]           | false
          **/*.java        | "added":["src/a/A.java"],"modified":[],"removed":[]         | true
          *.md             | "added":["a/b.md"],"modified":["README.md"],"removed":[]    | true
          *.md             | "added":["a/b.md"],"modified":[],"removed":[]               | false
          src/,!**/*.md    | "added":["src/a.md"],"modified":[],"removed":[]             | false
          src/,!**/*.md    | "added":["src/a.md","src/A.java"],"modified":[],"removed":[]| true
          !docs/           | "added":["docs/a.md"],"modified":[],"removed":[]            | false
          !docs/           | "added":["docs/a.md","pom.xml"],"modified":[],"removed":[]  | true
          docs/            | "added":[],"modified":[],"removed":[]                       | false
          docs/            | "added":null,"modified":[],"removed":[]                     | true
          """)
  void pathsLetsThroughPushesThatChangeSuchFiles(String paths, String lists, boolean wanted) {
    assertThat(wants(paths, "{\"commits\":[{%s}]}".formatted(lists))).isEqualTo(wanted);
  }

  @Test
  void aPushWithoutAListOfFilesIsWantedAndADeletionIsNot() {
    String other = "{\"added\":[\"x\"],\"modified\":[],\"removed\":[]}";
    assertThat(wants("docs/", "{\"commits\":[]}")).isTrue();
    assertThat(wants("docs/", "{\"commits\":null}")).isTrue();
    assertThat(wants("docs/", "{}")).isTrue();
    assertThat(wants("docs/", "{\"deleted\":true,\"commits\":[]}")).isFalse();
    assertThat(wants("docs/", "{\"commits\":[" + repeated(other, 2047) + "]}")).isFalse();
    assertThat(wants("docs/", "{\"commits\":[" + repeated(other, 2048) + "]}")).isTrue();
    String files = "{\"commits\":[{\"added\":[%s],\"modified\":[],\"removed\":[]}]}";
    assertThat(wants("docs/", files.formatted(repeated("\"a\"", 2999)))).isFalse();
    assertThat(wants("docs/", files.formatted(repeated("\"a\"", 3000)))).isTrue();
  }

  @Test
  void aPayloadThatTheFilterCannotReadIsADeadLetterAtOnce() {
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(r -> r.from("github-webhook:push?branch=main").routeId("main").to("mock:end")))) {
      assertThat(routes.outcome(Deliveries.json("push", "[]")).isForGood()).isTrue();
    }
  }

  @Test
  void aDeliveryThatIsFilteredOutIsCompletedWithoutARun() {
    Delivery other = Deliveries.json("push", "{\"ref\":\"refs/heads/topic\"}");
    Delivery wanted = Deliveries.json("push", "{\"ref\":\"refs/heads/main\"}");
    try (RunningRoutes routes =
        RunningRoutes.java(
            route(r -> r.from("github-webhook:push?branch=main").routeId("main").to("mock:end")))) {
      assertThat(routes.outcome(other).success()).isTrue();
      assertThat(routes.outcome(wanted).success()).isTrue();
      assertThat(routes.mock("end").getReceivedExchanges())
          .extracting(exchange -> exchange.getMessage().getHeader("X-GitHub-Delivery"))
          .containsExactly(wanted.guid());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      textBlock =
          """
          push        | refs/heads/main | -          | branch has 'refs/heads/main', which no branch can match.
          push        | a b             | -          | branch has 'a b', which no branch can match.
          push        | main,           | -          | branch is 'main,', which contains an empty pattern.
          push        | main,!main      | -          | branch is 'main,!main', which excludes everything that it names.
          push,issues | main            | -          | branch is set, and the payload of issues names no branch. Ask for issues in a route of its own.
          push        | -               | /src       | paths has '/src', which no file can match.
          push        | -               | ./src      | paths has './src', which no file can match.
          push        | -               | src\\a      | paths has 'src\\a', which no file can match.
          push,create | -               | src/       | paths is set, and the payload of create names no files. Ask for create in a route of its own.
          """)
  void whatCanNeverMatchIsRefused(String events, String branch, String paths, String sentence) {
    EventFilter filter = EventFilter.parse(events, null);
    assertThatThrownBy(() -> PayloadFilter.parse(branch, paths, filter))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(sentence);
  }

  private static boolean wants(String paths, String push) {
    return PayloadFilter.parse(null, paths, ALL).wants(Deliveries.json("push", push));
  }

  private static String repeated(String json, int times) {
    return IntStream.range(0, times).mapToObj(index -> json).collect(Collectors.joining(","));
  }
}
