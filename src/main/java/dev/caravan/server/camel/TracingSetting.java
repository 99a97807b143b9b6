package dev.caravan.server.camel;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import dev.caravan.logging.OpenTelemetryLogs;
import dev.caravan.tracing.Tracing;

/** The setting {@code caravan.tracing}, and tracing for as long as the program runs. */
public final class TracingSetting implements AutoCloseable {
  private static final String KEY = "caravan.tracing";
  private static final String OFF = "off";
  private static final String OPEN_TELEMETRY = "opentelemetry";

  private final Runnable endOfLines;

  private TracingSetting(Runnable endOfLines) {
    this.endOfLines = endOfLines;
  }

  /**
   * Whether tracing is on; changes nothing.
   *
   * @throws InvalidSettingException when it is not one of the known words
   */
  public static boolean isOn(Settings settings) {
    String value = settings.text(KEY);
    if (!value.equals(OFF) && !value.equals(OPEN_TELEMETRY)) {
      throw new InvalidSettingException(
          "%s is '%s'. Write %s or %s.".formatted(KEY, value, OFF, OPEN_TELEMETRY));
    }
    return value.equals(OPEN_TELEMETRY);
  }

  /** Begins to trace, if the settings say so. */
  public static TracingSetting begin(Settings settings) {
    if (!isOn(settings)) {
      return new TracingSetting(() -> {});
    }
    Tracing.begin();
    return new TracingSetting(OpenTelemetryLogs.begin());
  }

  @Override
  public void close() {
    endOfLines.run();
    Tracing.end();
  }
}
