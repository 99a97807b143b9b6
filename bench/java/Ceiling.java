import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What this machine can do at best: Vert.x, the signature, one pass over the JSON, and 202. */
public final class Ceiling extends AbstractVerticle {
  private static final JsonFactory JSON = new JsonFactory();

  private final int port;
  private Mac mac;

  private Ceiling(int port) {
    this.port = port;
  }

  /** Listens on the port given, with an event loop for each core as Caravan has. */
  public static void main(String[] arguments) {
    int port = Integer.parseInt(arguments[0]);
    int loops = Math.max(2, Runtime.getRuntime().availableProcessors());
    Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops))
        .deployVerticle(() -> new Ceiling(port), new DeploymentOptions().setInstances(loops));
  }

  @Override
  public void start() throws Exception {
    mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(System.getenv("GITHUB_WEBHOOK_SECRET").getBytes(), "HmacSHA256"));
    vertx.createHttpServer().requestHandler(this::handle).listen(port, "127.0.0.1");
  }

  private void handle(HttpServerRequest request) {
    request.body(
        read -> {
          byte[] body = read.result().getBytes();
          boolean good = isSigned(request.getHeader("X-Hub-Signature-256"), body) && isJson(body);
          request.response().setStatusCode(good ? 202 : 403).end("Webhook received");
        });
  }

  private boolean isSigned(String header, byte[] body) {
    byte[] expected = ("sha256=" + HexFormat.of().formatHex(mac.doFinal(body))).getBytes();
    return header != null && MessageDigest.isEqual(expected, header.getBytes());
  }

  private static boolean isJson(byte[] body) {
    try (JsonParser parser = JSON.createParser(body)) {
      while (parser.nextToken() != null) {
        // only whether it can be read
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
