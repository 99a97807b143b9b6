package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whoever reads a payload reads the same. {@code -Dfuzz.cases=} says how many are made at random,
 * {@code -Dfuzz.seed=} repeats those of a failure; {@link PayloadReadersFuzzTest} looks further.
 */
class PayloadReadersTest {
  private static final int CASES = Integer.getInteger("fuzz.cases", 2000);
  private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());

  @ParameterizedTest
  @MethodSource
  void theReadersAgreeOnWhatTheyOnceDisagreedOn(Path file) throws IOException {
    ReadersAgree.on(Files.readAllBytes(file));
  }

  /** What the fuzz test starts from, and where it puts what it finds. */
  static List<Path> theReadersAgreeOnWhatTheyOnceDisagreedOn()
      throws IOException, URISyntaxException {
    var inputs = PayloadReadersTest.class.getResource("PayloadReadersFuzzTestInputs");
    try (Stream<Path> files = Files.walk(Path.of(Objects.requireNonNull(inputs).toURI()))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void theReadersAgreeOnWhateverIsMadeAtRandom() {
    int accepted = 0;
    for (long each = SEED; each < SEED + CASES; each++) {
      byte[] body = new OddPayloads(each).next();
      try {
        accepted += ReadersAgree.on(body) ? 1 : 0;
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "-Dfuzz.cases=1 -Dfuzz.seed=%d: %.2000s".formatted(each, new String(body, ISO_8859_1)),
            e);
      }
    }
    assertThat(accepted).as("accepted by the ingress").isGreaterThanOrEqualTo(CASES / 10);
  }
}
