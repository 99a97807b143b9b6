package dev.caravan.github;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.github.FakeGitHub.Reply;
import dev.caravan.github.FakeGitHub.Request;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An App at the fake GitHub, installed for the account acme. */
public final class FakeApp {
  /** Its id. */
  public static final String ID = "4711";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final KeyPair KEYS = newKeys();
  private static final int PKCS1_STARTS_AT = 26; // in a PKCS#8 key of 2048 bits

  private final FakeHooks hooks;
  private final Set<String> tokens = ConcurrentHashMap.newKeySet();
  private final AtomicInteger made = new AtomicInteger();
  private List<String> events = List.of("push");

  FakeApp(FakeHooks hooks) {
    this.hooks = hooks;
  }

  /** The key as GitHub hands it out. */
  public String keyFile() {
    byte[] der = KEYS.getPrivate().getEncoded();
    return pem("RSA PRIVATE KEY", Arrays.copyOfRange(der, PKCS1_STARTS_AT, der.length));
  }

  /** The key as openssl converts it. */
  String convertedKeyFile() {
    return pem("PRIVATE KEY", KEYS.getPrivate().getEncoded());
  }

  /** Chooses its events, as on its page. */
  public void subscribe(String... names) {
    events = List.of(names);
  }

  /** How many tokens were made for an installation. */
  int tokensMade() {
    return made.get();
  }

  /** Takes none of them any more. */
  void revokeTokens() {
    tokens.clear();
  }

  boolean isInstallation(String authorization) {
    return authorization != null && tokens.contains(authorization.replace("Bearer ", ""));
  }

  /** Whether it is a token that the App has signed, and GitHub would take now. */
  boolean isShown(String authorization) {
    String[] parts =
        authorization == null
            ? new String[0]
            : authorization.replace("Bearer ", "").split("\\.", -1);
    if (parts.length != 3) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(KEYS.getPublic());
      signature.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
      JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
      long now = Instant.now().getEpochSecond();
      return signature.verify(Base64.getUrlDecoder().decode(parts[2]))
          && claims.path("iss").asText().equals(ID)
          && claims.path("iat").asLong() <= now
          && claims.path("exp").asLong() > now
          && claims.path("exp").asLong() - now <= 600;
    } catch (GeneralSecurityException | IOException e) {
      return false;
    }
  }

  Reply answer(Request request) {
    if (request.path().equals("/app")) {
      return Reply.of(200, description());
    }
    if (request.path().startsWith("/users/")) {
      return request.path().equals("/users/acme/installation")
          ? Reply.of(200, installation())
          : Reply.of(404, FakeGitHub.message("Not Found"));
    }
    if (request.path().equals("/app/installations/17/access_tokens")) {
      String token = "ghs_" + made.incrementAndGet();
      tokens.add(token);
      ObjectNode json =
          JSON.createObjectNode()
              .put("token", token)
              .put("expires_at", Instant.now().plusSeconds(3600).toString())
              .put("repository_selection", "all");
      json.putObject("permissions").put("repository_hooks", "write");
      return Reply.of(201, json);
    }
    return hooks.answer(request);
  }

  private ObjectNode description() {
    ObjectNode app =
        JSON.createObjectNode()
            .put("id", Integer.parseInt(ID))
            .put("node_id", "x")
            .put("slug", "caravan")
            .put("name", "Caravan")
            .putNull("description")
            .put("external_url", "https://example.com")
            .put("html_url", "https://github.com/apps/caravan")
            .put("created_at", "2026-01-01T00:00:00Z")
            .put("updated_at", "2026-01-01T00:00:00Z");
    app.set("owner", owner());
    app.putObject("permissions").put("metadata", "read");
    events.forEach(app.putArray("events")::add);
    return app;
  }

  private ObjectNode installation() {
    ObjectNode json =
        JSON.createObjectNode()
            .put("id", 17)
            .put("repository_selection", "all")
            .put("access_tokens_url", "https://api.github.com/app/installations/17/access_tokens")
            .put("repositories_url", "https://api.github.com/installation/repositories")
            .put("html_url", "https://github.com/settings/installations/17")
            .put("app_id", Integer.parseInt(ID))
            .put("target_id", 1)
            .put("target_type", "Organization")
            .putNull("single_file_name")
            .put("app_slug", "caravan")
            .putNull("suspended_by")
            .putNull("suspended_at")
            .put("created_at", "2026-01-01T00:00:00Z")
            .put("updated_at", "2026-01-01T00:00:00Z");
    json.set("account", owner());
    json.putObject("permissions").put("metadata", "read");
    json.putArray("events").add("push");
    return json;
  }

  private static JsonNode owner() {
    return FakeRepository.json("acme/rocket").get("owner");
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %1$s-----\n"
        .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
