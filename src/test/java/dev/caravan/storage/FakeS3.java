package dev.caravan.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * A bucket in memory that answers as Amazon's description of its API says: what is not signed as
 * Amazon's own library signs it is refused, lists come in pages, and it can be busy or hang up.
 */
public final class FakeS3 implements AutoCloseable {
  public static final Map<String, String> ENVIRONMENT =
      Map.of(
          "AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE",
          "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
          "AWS_REGION", "eu-central-1");

  private static final int PAGE = 3;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** What it holds, by key. */
  public final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  /** How the next requests fail: "503", "cut", "silent" without an answer. */
  public final Queue<String> failures = new ConcurrentLinkedQueue<>();

  /** How many requests there were, by method. */
  public final Map<String, Integer> requests = new ConcurrentHashMap<>();

  /** Whether an object comes only half, and then the connection ends. */
  public volatile boolean halves;

  /** Whether an object comes only half, and the connection stays. */
  public volatile boolean stalls;

  /** Whether it says of what is deleted that it is not there, as some do. */
  public volatile boolean missesDeleted;

  private final HttpServer server;

  public FakeS3() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::handle);
    server.start();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.merge(exchange.getRequestMethod(), 1, Integer::sum);
    String failure = failures.poll();
    if ("cut".equals(failure)) {
      exchange.getRequestBody().readNBytes(10);
      exchange.close();
      return;
    }
    byte[] body = exchange.getRequestBody().readAllBytes();
    if ("silent".equals(failure)) {
      return; // the connection stays
    }
    if ("503".equals(failure)) {
      error(exchange, 503, "SlowDown", "Please reduce your request rate.");
    } else if (!sha256(body)
        .equals(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"))) {
      error(exchange, 400, "XAmzContentSHA256Mismatch", "The body is another one.");
    } else if (!isSigned(exchange, body)) {
      error(exchange, 403, "SignatureDoesNotMatch", "The signature does not match.");
    } else {
      answer(exchange, body);
    }
  }

  private void answer(HttpExchange exchange, byte[] body) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (!path.startsWith("/bucket")) {
      error(exchange, 404, "NoSuchBucket", "The specified bucket does not exist");
      return;
    }
    String key = path.replaceFirst("^/bucket/?", "");
    switch (exchange.getRequestMethod()) {
      case "PUT" -> {
        objects.put(key, body);
        send(exchange, 200, new byte[0]);
      }
      case "DELETE" -> {
        if (objects.remove(key) == null && missesDeleted) {
          error(exchange, 404, "NoSuchKey", "The specified key does not exist.");
          return;
        }
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
      }
      default -> {
        byte[] found = objects.get(key);
        if (key.isEmpty()) {
          send(exchange, 200, list(query(exchange.getRequestURI())).getBytes(UTF_8));
        } else if (found == null) {
          error(exchange, 404, "NoSuchKey", "The specified key does not exist.");
        } else if (halves || stalls) {
          exchange.sendResponseHeaders(200, found.length);
          exchange.getResponseBody().write(found, 0, found.length / 2);
          exchange.getResponseBody().flush();
          if (halves) {
            exchange.close();
          }
        } else {
          send(exchange, 200, found);
        }
      }
    }
  }

  private String list(Map<String, String> query) {
    String prefix = query.getOrDefault("prefix", "");
    String after = query.get("continuation-token");
    List<String> keys =
        objects.keySet().stream()
            .filter(key -> key.startsWith(prefix) && (after == null || key.compareTo(after) > 0))
            .limit(PAGE + 1)
            .toList();
    boolean more = keys.size() > PAGE;
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    xml.append("<IsTruncated>").append(more).append("</IsTruncated>");
    keys.stream()
        .limit(PAGE)
        .forEach(key -> xml.append("<Contents><Key>").append(key).append("</Key></Contents>"));
    if (more) {
      xml.append("<NextContinuationToken>")
          .append(keys.get(PAGE - 1))
          .append("</NextContinuationToken>");
    }
    return xml.append("</ListBucketResult>").toString();
  }

  private static boolean isSigned(HttpExchange exchange, byte[] body) {
    String date = exchange.getRequestHeaders().getFirst("x-amz-date");
    String said = exchange.getRequestHeaders().getFirst("authorization");
    if (date == null || said == null) {
      return false;
    }
    String host = exchange.getRequestHeaders().getFirst("host");
    return authorization(
            exchange.getRequestMethod(),
            URI.create("http://" + host + exchange.getRequestURI()),
            body,
            Instant.from(TIME.parse(date)))
        .replace(" ", "")
        .equals(said.replace(" ", ""));
  }

  /** As Amazon's own library signs it. */
  static String authorization(String method, URI uri, byte[] body, Instant at) {
    SdkHttpRequest request =
        SdkHttpRequest.builder().method(SdkHttpMethod.valueOf(method)).uri(uri).build();
    return AwsV4HttpSigner.create()
        .sign(
            sign ->
                sign.identity(
                        AwsCredentialsIdentity.create(
                            ENVIRONMENT.get("AWS_ACCESS_KEY_ID"),
                            ENVIRONMENT.get("AWS_SECRET_ACCESS_KEY")))
                    .request(request)
                    .payload(() -> new ByteArrayInputStream(body))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, ENVIRONMENT.get("AWS_REGION"))
                    .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                    .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC)))
        .request()
        .firstMatchingHeader("Authorization")
        .orElseThrow();
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> query = new TreeMap<>();
    for (String part : uri.getRawQuery().split("&", -1)) {
      String[] pair = part.split("=", 2);
      query.put(pair[0], URLDecoder.decode(pair[1], UTF_8));
    }
    return query;
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(S3Signature.digest().digest(bytes));
  }

  private static void error(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    send(
        exchange,
        status,
        "<Error><Code>%s</Code><Message>%s</Message></Error>"
            .formatted(code, message)
            .getBytes(UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte @Nullable [] body)
      throws IOException {
    exchange.sendResponseHeaders(status, body == null || body.length == 0 ? -1 : body.length);
    if (body != null && body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }
}
