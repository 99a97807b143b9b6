// Passes every delivery on with a signature by the rules of Standard Webhooks (standardwebhooks.com), for receivers that
// check that one rather than GitHub's: webhook-id, webhook-timestamp and webhook-signature.
//
// To use it, copy this file into routes/ and set, in the environment:
//   standard.url      STANDARD_URL      the address to post to; http://localhost:8080/webhook unless set
//   standard.secret   STANDARD_SECRET   the receiver's secret, whsec_ and base64
//
// Each try is signed anew, since receivers refuse a timestamp that is minutes old; the id stays, and tells a repeat.
// Java routes need a JDK and not only a runtime: the program compiles them when it starts.

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;

public class SignStandardWebhooks extends RouteBuilder {
  @Override
  public void configure() {
    from("github-webhook:*")
        .routeId("sign-standard-webhooks")
        .convertBodyTo(byte[].class)
        .process(SignStandardWebhooks::sign)
        .to("{{standard.url:http://localhost:8080/webhook}}");
  }

  private static void sign(Exchange exchange) throws Exception {
    Message message = exchange.getMessage();
    String id = message.getHeader("X-GitHub-Delivery", String.class);
    String time = Long.toString(Instant.now().getEpochSecond());
    message.removeHeaders("X-GitHub-Hook-*");
    message.setHeader("webhook-id", id);
    message.setHeader("webhook-timestamp", time);
    message.setHeader("webhook-signature", "v1," + hmac(exchange, id + "." + time + "."));
    message.setHeader("Content-Type", "application/json");
  }

  private static String hmac(Exchange exchange, String before) throws Exception {
    String secret =
        exchange.getContext().resolvePropertyPlaceholders("{{standard.secret:whsec_bm8gc2VjcmV0}}");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.replaceFirst("^whsec_", "")), "HmacSHA256"));
    mac.update(before.getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(mac.doFinal(exchange.getMessage().getBody(byte[].class)));
  }
}
