package dev.caravan.ingress.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.secrets.Secret;
import dev.caravan.secrets.SecretsInForce;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
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

/** What it costs to find out that a body was signed by GitHub. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class SignatureBenchmark {
  private static final String SECRET = "It's a Secret to Everybody";

  /** Bytes: a small event, a push, a large one. */
  @Param({"1024", "8192", "262144"})
  public int size;

  // One secret for all calls: making one ready is no part of a check.
  private final SecretsInForce secrets = SecretsInForce.of(List.of(new Secret(SECRET)));
  private final Signatures signatures = new Signatures(() -> secrets, true);

  private byte[] body;
  private List<String> header;

  @Setup
  public void sign() throws GeneralSecurityException {
    body = new byte[size];
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    header = List.of("sha256=" + HexFormat.of().formatHex(mac.doFinal(body)));
  }

  @Benchmark
  public boolean check() {
    return signatures.signer(null, secret -> true, header, List.of(), body) != null;
  }
}
