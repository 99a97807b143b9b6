package dev.caravan.cli;

import static dev.caravan.log.TestLog.push;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.log.Receipt;
import dev.caravan.log.TestLog;
import dev.caravan.log.sqlite.SqliteDeliveryLog;
import dev.caravan.log.subscription.Attempt;
import dev.caravan.log.subscription.OrderBy;
import dev.caravan.log.subscription.RetryPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever sits at a terminal is asked before very many deliveries run again. */
class ReplayQuestionTest {
  private static final String[] MANY = {"replay", "--event", "push", "--to", "ci"};

  @TempDir Path directory;

  @Test
  void atATerminalMoreThanAThousandAreReplayedOnlyAfterAYes() {
    fill(1001);
    Typing nothing = new Typing("");

    Invocation refused = caravan(nothing, MANY);

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("Nothing is replayed.");
    assertThat(nothing.asked)
        .containsExactly("This runs 1,001 attempts, at 100/s. Replay them? [y/N] ");

    Typing yes = new Typing("y");
    assertThat(caravan(yes, with("--rate", "0.5/s")).out()).contains("Scheduled:   ci 1001");
    assertThat(yes.asked)
        .containsExactly("This runs 1,001 attempts, at 0.5/s. Replay them? [y/N] ");
  }

  @Test
  void theOptionYesSkipsTheQuestion() {
    fill(1001);

    assertThat(caravan(new Typing(null), with("--yes")).out()).contains("Scheduled:   ci 1001");
  }

  @Test
  void aScriptWithoutATerminalIsNotAsked() {
    fill(1001);

    assertThat(caravan(Invocation.NOBODY, MANY).out()).contains("Scheduled:   ci 1001");
  }

  @Test
  void fewAreReplayedWithoutAQuestion() {
    fill(3);

    assertThat(caravan(new Typing(null), MANY).out()).contains("Scheduled:   ci 3");
  }

  @Test
  void anEmptyValueOfAScriptDoesNotMeanEverything() {
    Invocation wrong = caravan(Invocation.NOBODY, "replay", "--event", "", "--repository", "");

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("Which deliveries?");
  }

  @Test
  void anEmptyValueBesideAnotherIsNotLeftOutSilently() {
    fill(3);

    Invocation wrong =
        caravan(Invocation.NOBODY, "replay", "--event", "push", "--repository", "", "--to", "ci");

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("--repository is empty");
    assertThat(caravan(Invocation.NOBODY, "replay", "", "--event", "push").err())
        .contains("GUID is empty");
    assertThat(wrong.out()).isEmpty();
  }

  @Test
  void anInvalidRateIsRefused() {
    Invocation wrong = caravan(Invocation.NOBODY, with("--rate", "often"));

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err())
        .contains("--rate: 'often' is not a rate. Write a number, or one with /s");
  }

  private static String[] with(String... more) {
    return Stream.concat(Stream.of(MANY), Stream.of(more)).toArray(String[]::new);
  }

  private Invocation caravan(Person person, String... args) {
    return Invocation.of(
        person,
        Map.of(),
        directory,
        Stream.concat(Stream.of(args), Stream.of("--data", directory.resolve("data").toString()))
            .toArray(String[]::new));
  }

  private void fill(int deliveries) {
    try (SqliteDeliveryLog log =
        SqliteDeliveryLog.open(directory.resolve("data"), TestLog.OPTIONS)) {
      List<CompletableFuture<Receipt>> appends = new ArrayList<>();
      for (int index = 0; index < deliveries; index++) {
        appends.add(log.append(push("acme/rocket")));
      }
      CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new)).join();
      log.subscribe(
              TestLog.wanted("ci", "push", Runnable::run)
                  .concurrency(8)
                  .orderBy(OrderBy.NONE)
                  .retry(RetryPolicy.DEFAULT)
                  .settings(),
              Attempt::succeeded)
          .close();
    }
  }

  /** Somebody who types always the same. */
  private static final class Typing implements Person {
    private final List<String> asked = new ArrayList<>();
    private final @Nullable String line;

    Typing(@Nullable String line) {
      this.line = line;
    }

    @Override
    public boolean isThere() {
      return true;
    }

    @Override
    public @Nullable String answer(String question) {
      asked.add(question);
      return line;
    }
  }
}
