package dev.caravan.rehearsal.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.component.http.helper.HttpMethodHelper;
import org.apache.camel.http.common.HttpHelper;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.spi.HeaderFilterStrategyAware;
import org.apache.camel.support.ExchangeHelper;
import org.jspecify.annotations.Nullable;

/** Reads from a message what an endpoint would send. */
final class SendReader {
  private static final String CAMELS = "Camel";

  /** Our own headers, which say where a message comes from. */
  private static final String OURS = "CamelGitHubWebhook";

  private static final String EVENTS = "CamelCloudEvent";
  private static final int LONGEST_VALUE = 1_000;

  private SendReader() {}

  /** Leaves the message as it was, even what can be read only once. */
  static Send read(Exchange exchange, Endpoint endpoint, int longestBody)
      throws IOException, URISyntaxException {
    byte[] body = bytes(exchange);
    String route = ExchangeHelper.getRouteId(exchange);
    boolean isHttp = endpoint instanceof HttpEndpoint;
    return new Send(
        route == null ? "" : route,
        isHttp ? HttpMethodHelper.createMethod(exchange, (HttpEndpoint) endpoint).name() : null,
        Masking.shortened(
            isHttp
                ? HttpHelper.createURI(
                        exchange,
                        HttpHelper.createURL(exchange, (HttpEndpoint) endpoint),
                        (HttpEndpoint) endpoint)
                    .toString()
                : endpoint
                    .getEndpointUri()
                    .replaceFirst("^([a-z][\\w+.-]*)://", isUrl(endpoint) ? "$1://" : "$1:"),
            LONGEST_VALUE),
        headers(exchange, endpoint),
        text(body, longestBody),
        body.length,
        digest(body));
  }

  /**
   * Camel writes two slashes after every scheme; here they are only where an author would write
   * them.
   */
  private static boolean isUrl(Endpoint endpoint) {
    String uri = endpoint.getEndpointUri();
    return uri.startsWith("http") || uri.startsWith("ws") || uri.startsWith("ftp");
  }

  private static Map<String, String> headers(Exchange exchange, Endpoint endpoint) {
    HeaderFilterStrategy filter =
        endpoint instanceof HeaderFilterStrategyAware aware
            ? aware.getHeaderFilterStrategy()
            : null;
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange
        .getMessage()
        .getHeaders()
        .forEach(
            (name, value) -> {
              if (value != null && isOfInterest(name, value, filter, exchange)) {
                String text =
                    exchange
                        .getContext()
                        .getTypeConverter()
                        .tryConvertTo(String.class, exchange, value);
                headers.put(
                    name, Masking.shortened(text == null ? value.toString() : text, LONGEST_VALUE));
              }
            });
    return headers;
  }

  private static boolean isOfInterest(
      String name, Object value, @Nullable HeaderFilterStrategy filter, Exchange exchange) {
    if (name.startsWith(CAMELS)) {
      return !name.startsWith(OURS) && !name.startsWith(EVENTS);
    }
    return filter == null
        || name.equalsIgnoreCase(Exchange.CONTENT_TYPE) // travels with the body
        || !filter.applyFilterToCamelHeaders(name, value, exchange);
  }

  private static byte[] bytes(Exchange exchange) throws IOException {
    Message message = exchange.getMessage();
    Object body = message.getBody();
    if (body == null) {
      return new byte[0];
    }
    if (body instanceof InputStream stream && !(body instanceof StreamCache)) {
      byte[] all = stream.readAllBytes();
      message.setBody(all);
      return all;
    }
    byte[] converted =
        exchange.getContext().getTypeConverter().tryConvertTo(byte[].class, exchange, body);
    if (body instanceof StreamCache cache) {
      cache.reset();
    }
    return converted == null ? body.toString().getBytes(UTF_8) : converted;
  }

  private static String text(byte[] body, int longest) {
    int length = Math.min(body.length, longest);
    try {
      String text =
          UTF_8
              .newDecoder()
              // The cut may be within a character.
              .onMalformedInput(
                  length < body.length ? CodingErrorAction.REPLACE : CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(body, 0, length))
              .toString();
      return length < body.length ? text + Masking.CUT : text;
    } catch (CharacterCodingException e) {
      return "(%d bytes that are not text)".formatted(body.length);
    }
  }

  private static String digest(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
