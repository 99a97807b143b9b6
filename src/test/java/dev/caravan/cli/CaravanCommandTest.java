package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaravanCommandTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "send"})
  void helpListsTheExitCodesOfEveryCommand(String command) {
    Invocation help = command.isEmpty() ? caravan("--help") : caravan(command, "--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out())
        .startsWith("Usage: caravan " + command)
        .contains("0   done", "1   failed", "2   usage error");
  }

  @ParameterizedTest
  @CsvSource({
    "rnu, Did you mean caravan run?",
    "deliveris, Did you mean caravan deliveries?",
    "deliveries shwo, Did you mean caravan deliveries show?",
    "run --prot 8000, Did you mean --port?",
  })
  void whatIsMistypedIsAnsweredWithWhatWasMeant(String arguments, String answer) {
    Invocation invocation = Invocation.of(Map.of(), Path.of(""), arguments.split(" "));

    assertThat(invocation.exitCode()).isEqualTo(2);
    assertThat(invocation.err()).contains(answer);
  }

  @Test
  void theVersionIsShownEvenWithoutAManifest() {
    Invocation version = caravan("--version");

    assertThat(version.exitCode()).isZero();
    assertThat(version.out()).matches("caravan \\S.*\\R");
  }

  @Test
  void withoutACommandTheUsageIsShownAsAnError() {
    Invocation nothing = caravan();

    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.out()).isEmpty();
    assertThat(nothing.err()).startsWith("Usage: caravan").contains("  send  ");
  }

  @Test
  void aMistypedCommandIsAnsweredWithTheNearestOne() {
    Invocation mistyped = caravan("sand");

    assertThat(mistyped.exitCode()).isEqualTo(2);
    assertThat(mistyped.err()).contains("'sand'", "caravan send").contains("caravan --help");
  }

  private static Invocation caravan(String... args) {
    return Invocation.of(Map.of(), Path.of(""), args);
  }
}
