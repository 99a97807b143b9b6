package dev.caravan.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * GitHub's API on a port of this machine. What is asked of it and what it answers is held to
 * GitHub's published description; whatever does not fit fails the test when this is closed. Sends
 * real signed deliveries to the hooks, and fails in the ways that GitHub does.
 */
public final class FakeGitHub implements AutoCloseable {
  /** The token it takes, for everything. */
  public static final String TOKEN = "ghp_made_for_these_tests";

  private static final int USUALLY_LEFT = 4999;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A request as it came. */
  public record Request(String method, String path, Map<String, String> query, JsonNode body) {}

  /** An answer in place of the right one; a status of 0 hangs up. */
  record Fault(
      Predicate<Request> when,
      int status,
      Map<String, String> headers,
      String message,
      boolean isDone) {}

  /** What is to be answered. */
  record Reply(int status, JsonNode body, Map<String, String> headers) {
    static Reply of(int status, JsonNode body) {
      return new Reply(status, body, Map.of());
    }
  }

  private final List<String> faultsFound = new CopyOnWriteArrayList<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedDeque<Fault> faults = new ConcurrentLinkedDeque<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final HttpServer server;
  private final AtomicInteger requestsToLive = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicInteger remaining = new AtomicInteger(USUALLY_LEFT);
  private final FakeHooks hooks = new FakeHooks();
  private final FakeApp app = new FakeApp(hooks);

  /** Starts it on a free port. */
  public FakeGitHub() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** What {@code caravan.github.api} is to be. */
  public String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/api/v3";
  }

  /** The hooks it has, and what they delivered. */
  public FakeHooks hooks() {
    return hooks;
  }

  /** The App it knows. */
  public FakeApp app() {
    return app;
  }

  /** Every request so far. */
  public List<Request> requests() {
    return requests;
  }

  /** The requests of that method whose path ends so. */
  public List<Request> requests(String method, String end) {
    return requests.stream()
        .filter(request -> request.method().equals(method) && request.path().endsWith(end))
        .toList();
  }

  /**
   * Answers the next request so.
   *
   * @param which its method, or its path
   */
  public void failNext(String which, int status, Map<String, String> headers, String message) {
    failNext(
        request -> request.method().equals(which) || request.path().equals(which),
        status,
        headers,
        message);
  }

  /** Answers the next request to which that applies so. */
  void failNext(Predicate<Request> when, int status, Map<String, String> headers, String message) {
    faults.add(new Fault(when, status, headers, message, false));
  }

  /** Answers the next request as the last one of an hour. */
  void spendLimit() {
    remaining.set(0);
  }

  /** Does what the next request of that method asks for, and answers that it failed. */
  public void failThoughDone(String method, int status) {
    Predicate<Request> when = request -> request.method().equals(method);
    faults.add(new Fault(when, status, Map.of(), "Server Error", true));
  }

  /** Answers that many requests more, then hangs up on everyone. */
  public void dieAfter(int more) {
    requestsToLive.set(more);
  }

  /** Is there again. */
  public void revive() {
    requestsToLive.set(Integer.MAX_VALUE);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    hooks.close();
    if (!faultsFound.isEmpty()) {
      throw new AssertionError(
          "Not as GitHub describes its API:\n" + String.join("\n", faultsFound));
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] bytes = exchange.getRequestBody().readAllBytes();
      if (requestsToLive.getAndDecrement() <= 0) {
        return; // closes the connection without an answer
      }
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getRawPath().replaceFirst("^/api/v3", ""),
              query(exchange.getRequestURI().getRawQuery()),
              bytes.length == 0 ? MissingNode.getInstance() : JSON.readTree(bytes));
      requests.add(request);
      GitHubContract.Described call = GitHubContract.find(request.method(), request.path());
      note(
          request,
          call == null
              ? List.of("no such call")
              : GitHubContract.faults(call, request.query(), request.body()));
      if (exchange.getRequestHeaders().getFirst("User-Agent") == null) {
        note(request, List.of("no User-Agent")); // GitHub refuses those
      }
      Fault fault =
          faults.stream().filter(each -> each.when().test(request)).findFirst().orElse(null);
      if (fault != null) {
        faults.remove(fault);
        if (fault.isDone()) {
          answer(request, exchange);
        }
        if (fault.status() == 0) {
          return;
        }
      }
      Reply reply =
          fault == null
              ? answer(request, exchange)
              : new Reply(fault.status(), message(fault.message()), fault.headers());
      if (call != null) {
        note(request, GitHubContract.faults(call, reply.status(), reply.body()));
      }
      send(exchange, request, reply);
    } catch (RuntimeException e) {
      faultsFound.add(e.toString());
    }
  }

  private Reply answer(Request request, HttpExchange exchange) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (request.path().equals("/meta")) {
      return Reply.of(
          200, JSON.createObjectNode().put("verifiable_password_authentication", false));
    }
    boolean isApp = app.isShown(authorization);
    if (request.path().startsWith("/app") || request.path().endsWith("/installation")) {
      return isApp
          ? app.answer(request)
          : Reply.of(401, message("A JSON web token could not be decoded"));
    }
    if (!("Bearer " + TOKEN).equals(authorization) && !app.isInstallation(authorization)) {
      return Reply.of(401, message("Bad credentials"));
    }
    return hooks.answer(request);
  }

  private void send(HttpExchange exchange, Request request, Reply reply) throws IOException {
    byte[] bytes =
        reply.body().isMissingNode() ? new byte[0] : reply.body().toString().getBytes(UTF_8);
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/json; charset=utf-8");
    headers.set("X-RateLimit-Limit", "5000");
    headers.set("X-RateLimit-Remaining", String.valueOf(remaining.getAndSet(USUALLY_LEFT)));
    headers.set("X-RateLimit-Reset", String.valueOf(Instant.now().getEpochSecond() + 1800));
    headers.set("X-RateLimit-Resource", "core");
    reply.headers().forEach(headers::set);
    String tag = "\"" + java.util.Arrays.hashCode(bytes) + "\"";
    if (request.method().equals("GET") && reply.status() == 200) {
      headers.set("ETag", tag);
      if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
        exchange.sendResponseHeaders(304, -1);
        return;
      }
    }
    exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  static ObjectNode message(String text) {
    return JSON.createObjectNode()
        .put("message", text)
        .put("documentation_url", "https://docs.github.com");
  }

  private void note(Request request, List<String> found) {
    found.forEach(fault -> faultsFound.add(request.method() + " " + request.path() + ": " + fault));
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new LinkedHashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        String[] both = pair.split("=", 2);
        query.put(both[0], URLDecoder.decode(both[1], UTF_8));
      }
    }
    return query;
  }
}
