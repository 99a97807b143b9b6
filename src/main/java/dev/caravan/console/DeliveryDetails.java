package dev.caravan.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.caravan.delivery.Delivery;
import dev.caravan.delivery.GitHubHeaders;
import dev.caravan.delivery.PayloadJson;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a page shows of a delivery from its payload, beyond the log's own columns. */
final class DeliveryDetails {
  /** Bytes; only the script shows longer payloads, since it draws just what is unfolded. */
  private static final int LONGEST_TEXT = 256 * 1024;

  private static final int LONGEST_ADDRESS = 1000;

  private static final ObjectMapper JSON =
      new ObjectMapper(PayloadJson.factory()).enable(SerializationFeature.INDENT_OUTPUT);

  /** Where a payload has addresses on GitHub, by what they show; the most specific come first. */
  private static final Map<String, String[]> PAGES = pages();

  private final Delivery delivery;
  private final byte[] payload;
  private @Nullable JsonNode tree;

  DeliveryDetails(Delivery delivery) {
    this.delivery = delivery;
    this.payload = delivery.payload();
  }

  /** The payload as indented text, or an empty one when it is too long for a page. */
  String text() {
    if (payload.length > LONGEST_TEXT) {
      return "";
    }
    try {
      return JSON.writeValueAsString(tree());
    } catch (JsonProcessingException e) {
      return new String(payload, UTF_8); // as it arrived
    }
  }

  /**
   * Addresses on GitHub. Addresses on other hosts are left out: they would look as if they were
   * GitHub's.
   */
  Map<String, String> links() {
    Map<String, String> links = new LinkedHashMap<>();
    if (payload.length > LONGEST_TEXT) {
      return links;
    }
    PAGES.forEach(
        (label, path) -> {
          JsonNode node = tree();
          for (String name : path) {
            node = node.path(name);
          }
          if (node.isTextual() && isPage(node.textValue())) {
            links.putIfAbsent(label, node.textValue());
          }
        });
    return links;
  }

  /** A command that posts the same again, without a signature, which needs the secret. */
  String curl(String url) {
    StringBuilder command = new StringBuilder("curl -X POST ").append(quoted(url));
    delivery
        .headers()
        .forEach(
            (name, value) -> {
              if (!name.startsWith(GitHubHeaders.SIGNATURE)) {
                header(command, name + ": " + value);
              }
            });
    header(command, "X-Hub-Signature-256: sha256=<HMAC-SHA256 of the body with your secret>");
    String file =
        delivery.event() + (delivery.encoding() == Delivery.Encoding.JSON ? ".json" : ".form");
    return command.append(" \\\n  --data-binary @").append(file).toString();
  }

  private static void header(StringBuilder command, String header) {
    command.append(" \\\n  -H ").append(quoted(header));
  }

  /** Quoted for a shell. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private boolean isPage(String address) {
    try {
      URI uri = new URI(address);
      return "https".equals(uri.getScheme())
          && isGitHub(String.valueOf(uri.getHost()))
          && address.length() < LONGEST_ADDRESS;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private boolean isGitHub(String host) {
    return host.equals("github.com")
        || host.endsWith(".ghe.com")
        || host.equals(delivery.headers().get(GitHubHeaders.ENTERPRISE_HOST));
  }

  private JsonNode tree() {
    JsonNode read = tree;
    if (read == null) {
      try {
        read = JSON.readTree(payload);
      } catch (IOException e) {
        throw new IllegalStateException("A payload in the log cannot be read", e);
      }
      tree = read;
    }
    return read;
  }

  private static Map<String, String[]> pages() {
    Map<String, String[]> pages = new LinkedHashMap<>();
    pages.put("Comment", new String[] {"comment", "html_url"});
    pages.put("Review", new String[] {"review", "html_url"});
    pages.put("Pull request", new String[] {"pull_request", "html_url"});
    pages.put("Issue", new String[] {"issue", "html_url"});
    pages.put("Workflow run", new String[] {"workflow_run", "html_url"});
    pages.put("Workflow job", new String[] {"workflow_job", "html_url"});
    pages.put("Check run", new String[] {"check_run", "html_url"});
    pages.put("Release", new String[] {"release", "html_url"});
    pages.put("Discussion", new String[] {"discussion", "html_url"});
    pages.put("Alert", new String[] {"alert", "html_url"});
    pages.put("Commit", new String[] {"head_commit", "url"});
    pages.put("Changes", new String[] {"compare"});
    pages.put("Commit of the status", new String[] {"commit", "html_url"});
    pages.put("Repository", new String[] {"repository", "html_url"});
    pages.put("Sender", new String[] {"sender", "html_url"});
    return pages;
  }
}
