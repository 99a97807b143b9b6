package dev.caravan.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;

class OpenTelemetryLogsTest {
  private final List<LogRecordData> sent = new ArrayList<>();

  @Test
  void passwordsAndKeysInAddressesDoNotLeaveTheMachine() {
    String address = "https://ci:hunter2@deployer.internal/run?token=hunter2";
    try (SdkLoggerProvider loggers =
        SdkLoggerProvider.builder()
            .addLogRecordProcessor(SimpleLogRecordProcessor.create(new Collector()))
            .build()) {
      new OpenTelemetryLogs(loggers)
          .append(
              Log4jLogEvent.newBuilder()
                  .setLoggerName("deploy")
                  .setLevel(Level.ERROR)
                  .setMessage(new SimpleMessage("Cannot call " + address))
                  .setThrown(
                      new IllegalStateException(
                          "failed: " + address, new RuntimeException(address + " is away")))
                  .build());
    }

    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).getBodyValue().asString())
        .isEqualTo("Cannot call https://***@deployer.internal/run?***");
    assertThat(sent.get(0).getAttributes().asMap().toString())
        .doesNotContain("hunter2")
        .contains("https://***@deployer.internal/run?*** is away")
        .contains("OpenTelemetryLogsTest");
  }

  private final class Collector implements LogRecordExporter {
    @Override
    public CompletableResultCode export(Collection<LogRecordData> lines) {
      sent.addAll(lines);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
