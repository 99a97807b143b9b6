package dev.caravan;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets every test look more often for what it waits for, after Awaitility's usual first pause:
 * tenths of a second, a thousand times over, were a minute of each run. JUnit finds it by itself.
 */
public final class PromptAwaiting implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultPollDelay(Duration.ofMillis(100));
    Awaitility.setDefaultPollInterval(Duration.ofMillis(25));
  }
}
