package dev.caravan;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets every test notice soon what it waits for: Awaitility's tenth of a second, a thousand times
 * over, was a minute of each run. JUnit finds it by itself.
 */
public final class PromptAwaiting implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(Duration.ofMillis(15));
  }
}
