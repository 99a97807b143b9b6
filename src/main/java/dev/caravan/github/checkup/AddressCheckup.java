package dev.caravan.github.checkup;

import dev.caravan.delivery.GitHubHeaders;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Posts to the hook's public address what GitHub would, but with a wrong signature, lest it become
 * a delivery. Whether it is refused, and how the server saw it, shows what is on the way.
 */
public final class AddressCheckup {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String SIGNED_WITH_NOTHING = "sha256=" + "0".repeat(64);
  private static final String REFUSED = "Invalid signature header";
  private static final String NOT_ALLOWED = "This address may not call here";

  private final String url;
  private final String guid = "doctor-" + UUID.randomUUID();

  public AddressCheckup(String url) {
    this.url = url;
  }

  /** The {@code X-GitHub-Delivery} of what is posted. */
  public String guid() {
    return guid;
  }

  /**
   * Posts it.
   *
   * @return whether Caravan refused it, as it should
   */
  public boolean look(Checkup checkup) throws InterruptedException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
    try {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(url))
                  .timeout(TIMEOUT)
                  .header("Content-Type", "application/json")
                  .header("User-Agent", "GitHub-Hookshot/caravan-doctor")
                  .header(GitHubHeaders.EVENT, "ping")
                  .header(GitHubHeaders.DELIVERY, guid)
                  .header(GitHubHeaders.SIGNATURE_256, SIGNED_WITH_NOTHING)
                  .POST(BodyPublishers.ofString("{\"zen\":\"caravan github doctor\"}"))
                  .build(),
              BodyHandlers.ofString());
      return judge(answer.statusCode(), answer.body(), checkup);
    } catch (SSLException e) {
      checkup.found(
          url,
          "cannot be reached from here, TLS fails: " + e.getMessage(),
          "GitHub verifies the certificate too: show the whole chain, for this very name.");
    } catch (IOException e) {
      checkup.found(
          url,
          "cannot be reached from here (%s)".formatted(reason(e)),
          "Look at name, port and firewall. Where only the way from inside is closed, GitHub may reach it all the same.");
    }
    return false;
  }

  private boolean judge(int status, String body, Checkup checkup) {
    if (status == 403 && body.contains(REFUSED)) {
      checkup.fine(url + " is answered by Caravan");
      return true;
    }
    if (status == 403 && body.contains(NOT_ALLOWED)) {
      checkup.fine(url + " is answered by Caravan, which lets only caravan.allow post");
      return false;
    }
    checkup.found(url, problem(status), remedy(status));
    return false;
  }

  private static String problem(int status) {
    return status / 100 == 2
        ? "accepts a wrong signature (%d), so it is not Caravan that answers".formatted(status)
        : "answers %d where Caravan would answer 403".formatted(status);
  }

  private static String remedy(int status) {
    return switch (status) {
      case 301, 302, 307, 308 ->
          "Register the address it leads to: GitHub does not follow redirections.";
      case 401, 403, 407 ->
          "Something before Caravan refuses the request: let the hook's path through.";
      case 404 -> "Look at the path: it has to be caravan.path, and a proxy must not change it.";
      case 405 -> "A proxy changes the method, or something else answers there.";
      case 415 -> "A proxy drops or changes Content-Type.";
      case 502, 503, 504 ->
          "The proxy reaches no server: start it, and look at the proxy's target.";
      default -> "Look at what answers at this address.";
    };
  }

  /** Reports what is wrong on the way if the server saw the request like this. */
  public static void judgeHeaders(
      String url,
      @Nullable String delivery,
      @Nullable String event,
      String reason,
      Checkup checkup) {
    String remedy =
        "Let the proxy pass on every header that begins with X-GitHub- and X-Hub-, and the body as it is.";
    if (delivery == null) {
      checkup.found(url, "loses the header X-GitHub-Delivery on the way", remedy);
    }
    if (event == null) {
      checkup.found(url, "loses the header X-GitHub-Event on the way", remedy);
    }
    if (!reason.startsWith("the signature matches no secret here")) {
      checkup.found(url, "changes what is posted to it: " + reason, remedy);
    }
    if (delivery != null && event != null) {
      checkup.fine("GitHub's headers get through to the server");
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
