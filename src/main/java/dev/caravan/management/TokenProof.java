package dev.caravan.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves that this server has a token, without revealing it. A command asks for the proof before it
 * sends its own token: otherwise anybody who listens here while the server is down would learn it.
 *
 * <p>The port is part of the proof, so that a listener on another port cannot get it from us.
 */
public final class TokenProof implements Handler<RoutingContext> {
  /** The path, without the {@code nonce} it needs. */
  public static final String PATH = "/api/proof";

  private static final Pattern NONCE = Pattern.compile("[0-9a-f]{64}");

  private final OwnNames names;
  private final List<String> tokens;

  TokenProof(ManagementSettings settings, String token) {
    names = new OwnNames(settings);
    String readToken = settings.readToken();
    tokens = readToken.isEmpty() ? List.of(token) : List.of(token, readToken);
  }

  /**
   * What a server with this token answers.
   *
   * @param token not empty
   * @param nonce 32 random bytes from the one who asks, in hex
   * @param port that the server listens on
   */
  public static String of(String token, String nonce, int port) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(token.getBytes(UTF_8), "HmacSHA256"));
      String text = "caravan management port " + port + " " + nonce;
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime lacks HmacSHA256", e);
    }
  }

  @Override
  public void handle(RoutingContext context) {
    names.checkHost(context.request());
    String nonce = context.queryParams().get("nonce");
    if (nonce == null || !NONCE.matcher(nonce).matches()) {
      throw new RefusedException(400, "nonce is missing: 32 random bytes in hex.");
    }
    int port = context.request().localAddress().port();
    JsonArray proofs = new JsonArray();
    tokens.forEach(token -> proofs.add(of(token, nonce, port)));
    context
        .response()
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(new JsonObject().put("proofs", proofs).toBuffer());
  }
}
