package dev.caravan.cli;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A hook on a real port that checks signatures for itself and keeps what it got. */
final class Receiver implements AutoCloseable {
  static final String PATH = "/hooks/handle_github";
  static final String SECRET = "made for these tests only";

  /** A request as it arrived; its body with one char for each byte. */
  record Received(String path, int clientPort, Map<String, List<String>> headers, String latin1) {
    byte[] body() {
      return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    String header(String name) {
      Headers received = new Headers();
      received.putAll(headers);
      return received.getFirst(name);
    }

    String text() {
      return new String(body(), StandardCharsets.UTF_8);
    }
  }

  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private volatile int answer = 202;
  private volatile String text = "Webhook received";
  private volatile int answersLeft = Integer.MAX_VALUE;

  Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::receive);
    server.start();
  }

  /** Answers so whatever the signature is. */
  void answer(int status, String body) {
    answer = status;
    text = body;
  }

  /** Answers that many requests more, then hangs up. */
  void hangUpAfter(int requests) {
    answersLeft = requests;
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "http://localhost:" + port() + PATH;
  }

  List<Received> received() {
    return received;
  }

  Received only() {
    if (received.size() != 1) {
      throw new AssertionError("Expected one request and got " + received.size());
    }
    return received.get(0);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (isCutOff()) {
        return;
      }
      Headers headers = exchange.getRequestHeaders();
      received.add(
          new Received(
              exchange.getRequestURI().getPath(),
              exchange.getRemoteAddress().getPort(),
              Map.copyOf(headers),
              new String(body, StandardCharsets.ISO_8859_1)));
      boolean signed =
          hmac("sha256", body).equals(headers.getFirst("X-Hub-Signature-256"))
              && hmac("sha1", body).equals(headers.getFirst("X-Hub-Signature"));
      reply(
          exchange,
          signed || answer != 202 ? answer : 403,
          signed ? text : "Invalid signature header");
    }
  }

  private synchronized boolean isCutOff() {
    return answersLeft-- <= 0;
  }

  private static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static String hmac(String algorithm, byte[] body) {
    try {
      Mac mac = Mac.getInstance("Hmac" + algorithm);
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), algorithm));
      return algorithm + "=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
