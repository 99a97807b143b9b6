package dev.caravan.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.delivery.json.Utf8;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to find out whether a payload is JSON, and what it is about. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class PayloadScanBenchmark {
  /** Samples that the jar carries. */
  @Param({"push", "pull_request", "ping"})
  public String event;

  private byte[] payload;

  @Setup
  public void read() throws IOException {
    try (InputStream in =
        Delivery.class.getResourceAsStream("/dev/caravan/samples/" + event + ".json")) {
      // Without the line breaks of the sample: as GitHub sends it.
      ObjectMapper json = new ObjectMapper();
      payload = json.writeValueAsBytes(json.readTree(in));
    }
  }

  @Benchmark
  PayloadFacts scan() {
    return PayloadScan.read(payload, event);
  }

  /** The part of it that looks at single bytes. */
  @Benchmark
  public boolean utf8() {
    return Utf8.isValid(payload);
  }
}
