package dev.caravan.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.github.FakeGitHub.Reply;
import dev.caravan.github.FakeGitHub.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The hooks of the fake GitHub: of repositories and organisations, and the App's. */
public final class FakeHooks {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PATH =
      Pattern.compile("/(?:repos/([^/]+/[^/]+)|orgs/([^/]+)|app)/hooks?(?:/(\\d+))?(/.*)?");
  private static final Duration KEPT = Duration.ofDays(3);

  private final List<FakeHook> hooks = new CopyOnWriteArrayList<>();
  private final List<String> owners = new CopyOnWriteArrayList<>(List.of("acme/rocket", "acme"));
  private final ExecutorService postman = Executors.newFixedThreadPool(4);
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private final AtomicInteger toLose = new AtomicInteger();

  /** A hook that somebody made earlier. */
  public FakeHook add(String owner, String url) {
    FakeHook hook = new FakeHook(owner);
    hook.url = url;
    hook.contentType = "json";
    hooks.add(hook);
    if (!owners.contains(owner)) {
      owners.add(owner);
    }
    return hook;
  }

  /** A repository or organisation without a hook. */
  public void addOwner(String owner) {
    owners.add(owner);
  }

  /** Every hook, oldest first. */
  public List<FakeHook> all() {
    return hooks;
  }

  /** Takes that many requests for a redelivery and does nothing about them. */
  public void loseNext(int count) {
    toLose.set(count);
  }

  /** Takes requests for redeliveries, and sends none until {@link #release}. */
  public void hold() {
    gate = new CountDownLatch(1);
  }

  /** Sends what it holds. */
  public void release() {
    gate.countDown();
  }

  void close() {
    postman.shutdownNow();
  }

  Reply answer(Request request) {
    if (request.path().equals("/orgs/acme/repos")) {
      return repositories();
    }
    if (request.path().contains("/statuses/")) {
      return Reply.of(201, status(request.body()));
    }
    if (request.path().endsWith("/labels")) {
      return Reply.of(200, JSON.createArrayNode().add(label()));
    }
    Matcher path = PATH.matcher(request.path());
    if (!path.matches()) {
      return notFound();
    }
    String owner =
        path.group(1) != null ? path.group(1) : path.group(2) != null ? path.group(2) : "app";
    if (!owners.contains(owner) && !owner.equals("app")) {
      return notFound();
    }
    String rest = path.group(4) == null ? "" : path.group(4);
    if (path.group(3) == null && !owner.equals("app")) {
      return request.method().equals("POST") ? create(owner, request) : list(owner, request);
    }
    FakeHook hook =
        hooks.stream()
            .filter(each -> each.owner.equals(owner))
            .filter(each -> owner.equals("app") || each.id == Long.parseLong(path.group(3)))
            .findFirst()
            .orElse(null);
    return hook == null ? notFound() : of(hook, request, rest);
  }

  private Reply of(FakeHook hook, Request request, String rest) {
    String[] words = rest.split("/", -1); // "", deliveries, ID, attempts
    if (rest.equals("/deliveries")) {
      return deliveries(hook, request);
    }
    if (rest.startsWith("/deliveries/")) {
      FakeHook.Attempt attempt = hook.attempt(Long.parseLong(words[2]));
      return attempt == null
          ? notFound()
          : words.length == 4 ? redeliver(hook, attempt) : delivery(attempt);
    }
    if (rest.equals("/pings")) {
      ping(hook);
      return Reply.of(204, MissingNode.getInstance());
    }
    if (rest.equals("/config")) {
      if (request.method().equals("PATCH")) {
        hook.configure(request.body());
      }
      return Reply.of(200, hook.config());
    }
    if (request.method().equals("DELETE")) {
      hooks.remove(hook);
      return Reply.of(204, MissingNode.getInstance());
    }
    if (request.method().equals("PATCH")) {
      change(hook, request.body());
    }
    return Reply.of(200, hook.json(api(hook)));
  }

  private Reply create(String owner, Request request) {
    String url = request.body().at("/config/url").asText();
    if (hooks.stream().anyMatch(hook -> hook.owner.equals(owner) && hook.url.equals(url))) {
      ObjectNode refused = FakeGitHub.message("Validation Failed");
      refused.putArray("errors").add("Hook already exists on this repository");
      return Reply.of(422, refused);
    }
    FakeHook hook = add(owner, url);
    change(hook, request.body());
    ping(hook);
    return Reply.of(201, hook.json(api(hook)));
  }

  private static void change(FakeHook hook, JsonNode body) {
    hook.active = body.path("active").asBoolean(true);
    if (body.has("events")) {
      List<String> events = new ArrayList<>();
      body.get("events").forEach(event -> events.add(event.asText()));
      hook.events = events;
    }
    if (body.has("config")) {
      hook.configure(body.get("config"));
    }
  }

  private void ping(FakeHook hook) {
    String guid = UUID.randomUUID().toString();
    ObjectNode payload =
        JSON.createObjectNode().put("zen", "Keep it simple.").put("hook_id", hook.id);
    if (hook.owner.contains("/")) {
      payload.putObject("repository").put("full_name", hook.owner);
    } else {
      payload.putObject("organization").put("login", hook.owner);
    }
    postman.execute(() -> hook.deliver(guid, "ping", null, 1, payload.toString(), false));
  }

  private Reply list(String owner, Request request) {
    int page = Integer.parseInt(request.query().getOrDefault("page", "1"));
    int size = Integer.parseInt(request.query().getOrDefault("per_page", "30"));
    List<FakeHook> own = hooks.stream().filter(hook -> hook.owner.equals(owner)).toList();
    ArrayNode found = JSON.createArrayNode();
    own.stream()
        .skip((page - 1L) * size)
        .limit(size)
        .forEach(hook -> found.add(hook.json(api(hook))));
    Map<String, String> link =
        own.size() > page * size
            ? Map.of(
                "Link",
                "<https://api.github.com/x?per_page=%d&page=%d>; rel=\"next\""
                    .formatted(size, page + 1))
            : Map.of();
    return new Reply(200, found, link);
  }

  private static Reply deliveries(FakeHook hook, Request request) {
    int size = Integer.parseInt(request.query().getOrDefault("per_page", "30"));
    String cursor = request.query().getOrDefault("cursor", "v1_" + Long.MAX_VALUE);
    ArrayNode page = hook.page(Long.parseLong(cursor.substring(3)), size);
    if (page.size() < size) {
      return Reply.of(200, page);
    }
    long last = page.get(page.size() - 1).get("id").asLong();
    return new Reply(
        200,
        page,
        Map.of(
            "Link",
            "<https://api.github.com/x/deliveries?per_page=%d&cursor=v1_%d>; rel=\"next\""
                .formatted(size, last)));
  }

  private static Reply delivery(FakeHook.Attempt attempt) {
    ObjectNode json = FakeHook.json(attempt);
    ObjectNode request = json.putObject("request");
    request.putObject("headers").put("X-GitHub-Event", attempt.event());
    try {
      request.set("payload", JSON.readTree(attempt.payload()));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    json.putObject("response").putNull("payload").putNull("headers");
    return Reply.of(200, json);
  }

  private Reply redeliver(FakeHook hook, FakeHook.Attempt attempt) {
    if (attempt.deliveredAt().isBefore(Instant.now().minus(KEPT))) {
      return Reply.of(422, FakeGitHub.message("Delivery is too old to be redelivered"));
    }
    if (toLose.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
      postman.execute(
          () -> {
            try {
              gate.await();
            } catch (InterruptedException e) {
              return;
            }
            hook.deliver(
                attempt.guid(),
                attempt.event(),
                attempt.action(),
                attempt.repository(),
                attempt.payload(),
                true);
          });
    }
    return Reply.of(202, JSON.createObjectNode());
  }

  private Reply repositories() {
    ArrayNode found = JSON.createArrayNode();
    for (String owner : owners) {
      if (owner.startsWith("acme/")) {
        found.add(FakeRepository.json(owner));
      }
    }
    return Reply.of(200, found);
  }

  private static ObjectNode label() {
    return JSON.createObjectNode()
        .put("id", 1)
        .put("node_id", "x")
        .put("url", "https://api.github.com/repos/acme/rocket/labels/from-fork")
        .put("name", "from-fork")
        .putNull("description")
        .put("color", "ededed")
        .put("default", false);
  }

  private static ObjectNode status(JsonNode asked) {
    return JSON.createObjectNode()
        .put("url", "https://api.github.com/repos/acme/rocket/statuses/1")
        .putNull("avatar_url")
        .put("id", 1)
        .put("node_id", "x")
        .put("state", asked.path("state").asText())
        .put("description", asked.path("description").asText())
        .putNull("target_url")
        .put("context", asked.path("context").asText())
        .put("created_at", "2026-01-01T00:00:00Z")
        .put("updated_at", "2026-01-01T00:00:00Z")
        .putNull("creator");
  }

  private static String api(FakeHook hook) {
    return "https://api.github.com/hooks/" + hook.id;
  }

  private static Reply notFound() {
    return Reply.of(404, FakeGitHub.message("Not Found"));
  }
}
