package dev.caravan.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.Settings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * GitHub's REST API for hooks and their deliveries. Safe for use by many threads. Methods ask
 * GitHub, and throw {@link GitHubException} with a sentence for the user when it does not do what
 * was asked.
 */
public final class GitHubApi {
  private static final int PAGE = 100;

  private static final int MOST_HOOKS = 20;
  private static final int MOST_HOOKS_OF_AN_ENTERPRISE = 250;

  private final GitHubSettings settings;
  private final RestClient client;
  private final @Nullable Credentials credentials;

  private GitHubApi(GitHubSettings settings, RestClient client, @Nullable Credentials credentials) {
    this.settings = settings;
    this.client = client;
    this.credentials = credentials;
  }

  /**
   * The API in the settings, with the credentials that are found.
   *
   * @param resolve resolves a path in the settings for this process
   * @param told gets sentences that say why something takes long
   * @throws InvalidSettingException for a setting that cannot be used
   */
  public static GitHubApi from(
      Settings settings,
      Map<String, String> environment,
      UnaryOperator<Path> resolve,
      Waiting waiting,
      Consumer<String> told) {
    return from(settings, environment, resolve, waiting, told, new RateLimits());
  }

  /**
   * The same for a program that reports its rate limits.
   *
   * @param limits records them
   */
  public static GitHubApi from(
      Settings settings,
      Map<String, String> environment,
      UnaryOperator<Path> resolve,
      Waiting waiting,
      Consumer<String> told,
      RateLimits limits) {
    GitHubSettings own = GitHubSettings.from(settings);
    RestClient client = new RestClient(own, waiting, told, limits);
    return new GitHubApi(
        own,
        client,
        new FindCredentials(settings, environment, resolve).find(client, waiting, own.host()));
  }

  /** Whether there are any credentials. */
  public boolean hasCredentials() {
    return credentials != null;
  }

  /** The {@code Authorization} header for calls about that owner; handle it as a secret. */
  public String authorization(HookOwner owner) {
    String authorization = credentials().authorization(owner);
    return authorization == null ? "" : authorization;
  }

  /** The time at GitHub; null when it does not tell. Needs no credentials. */
  public @Nullable Instant time() {
    Answer answer = client.send(new Call("GET", "/meta", null, null));
    return answer.date();
  }

  /** How many hooks of one owner may have the same event. */
  public int mostHooksOfAnEvent() {
    return settings.host().equals("github.com") ? MOST_HOOKS : MOST_HOOKS_OF_AN_ENTERPRISE;
  }

  /** Every hook of the owner; an App has one, or none when no address is set for it. */
  public List<Hook> hooks(HookOwner owner) {
    Need need = Need.hooks("list the hooks", owner, false);
    if (owner.kind() == HookOwner.Kind.APP) {
      JsonNode config = send("GET", "/app/hook/config", null, owner, need).body();
      List<String> events =
          HookJson.texts(send("GET", "/app", null, owner, need).body().path("events"));
      return config.path("url").asText("").isEmpty()
          ? List.of()
          : List.of(HookJson.appHook(config, events));
    }
    return all(owner.hooks(), owner, need, hook -> HookJson.hook(owner, hook));
  }

  /** Creates a hook, to which GitHub sends a ping. */
  public Hook create(HookOwner owner, HookConfig config, List<String> events) {
    ObjectNode body = HookJson.body(config, events).put("name", "web");
    Need need = Need.hooks("make a hook", owner, true);
    return HookJson.hook(owner, send("POST", owner.hooks(), body, owner, need).body());
  }

  /** Changes a hook; an App's events can be chosen only on its page at GitHub. */
  public void update(Hook hook, HookConfig config, List<String> events) {
    HookOwner owner = hook.owner();
    Need need = Need.hooks("change hook " + hook.id(), owner, true);
    if (owner.kind() == HookOwner.Kind.APP) {
      send("PATCH", "/app/hook/config", HookJson.config(config), owner, need);
    } else {
      send("PATCH", owner.hook(hook.id()), HookJson.body(config, events), owner, need);
    }
  }

  /** Removes a hook. */
  public void delete(Hook hook) {
    Need need = Need.hooks("delete hook " + hook.id(), hook.owner(), true);
    send("DELETE", hook.owner().hook(hook.id()), null, hook.owner(), need);
  }

  /** Makes GitHub ping the hook. Not possible for an App's. */
  public void ping(Hook hook) {
    Need need = Need.hooks("ping hook " + hook.id(), hook.owner(), false);
    send("POST", hook.owner().hook(hook.id()) + "/pings", null, hook.owner(), need);
  }

  /**
   * What GitHub tried to deliver to a hook in the last few days.
   *
   * @param cursor the page's; null for the newest page
   */
  public HookDeliveries deliveries(Hook hook, @Nullable String cursor) {
    Need need = Need.hooks("list the deliveries of hook " + hook.id(), hook.owner(), false);
    String query = "?per_page=" + PAGE + (cursor == null ? "" : "&cursor=" + cursor);
    Answer answer =
        send("GET", hook.owner().hook(hook.id()) + "/deliveries" + query, null, hook.owner(), need);
    List<HookDelivery> deliveries = new ArrayList<>();
    answer.body().forEach(delivery -> deliveries.add(HookJson.delivery(delivery)));
    return new HookDeliveries(deliveries, answer.next("cursor"));
  }

  /** The repository that a delivery's payload names; null when it names none. */
  public @Nullable String repository(Hook hook, HookDelivery delivery) {
    Need need = Need.hooks("read a delivery of hook " + hook.id(), hook.owner(), false);
    String path = hook.owner().hook(hook.id()) + "/deliveries/" + delivery.id();
    JsonNode name =
        send("GET", path, null, hook.owner(), need)
            .body()
            .at("/request/payload/repository/full_name");
    return name.isTextual() ? name.asText() : null;
  }

  /** Makes GitHub send a delivery again. */
  public void redeliver(Hook hook, long delivery) {
    Need need = Need.hooks("redeliver to hook " + hook.id(), hook.owner(), true);
    String path = hook.owner().hook(hook.id()) + "/deliveries/" + delivery + "/attempts";
    send("POST", path, null, hook.owner(), need);
  }

  /**
   * The full names of an organisation's repositories, except archived ones, where nothing happens.
   */
  public List<String> repositories(HookOwner organization) {
    Need need = new Need("list the repositories of " + organization, "");
    List<String> names =
        all(
            "/orgs/" + organization.name() + "/repos",
            organization,
            need,
            repository ->
                repository.path("archived").asBoolean()
                    ? ""
                    : repository.path("full_name").asText());
    return names.stream().filter(name -> !name.isEmpty()).toList();
  }

  private <T> List<T> all(String path, HookOwner owner, Need need, Function<JsonNode, T> element) {
    List<T> found = new ArrayList<>();
    String page = "1";
    while (page != null) {
      Answer answer = send("GET", path + "?per_page=" + PAGE + "&page=" + page, null, owner, need);
      answer.body().forEach(each -> found.add(element.apply(each)));
      page = answer.next("page");
    }
    return found;
  }

  private Answer send(
      String method, String path, @Nullable JsonNode body, HookOwner owner, Need need) {
    Answer answer = client.send(new Call(method, path, body, authorization(owner)));
    if (answer.status() == 401) { // an installation's token may have been revoked early
      credentials().forget(owner);
      answer = client.send(new Call(method, path, body, authorization(owner)));
    }
    if (!answer.isSuccess()) {
      throw Refusals.of(answer, need, credentials().description());
    }
    return answer;
  }

  private Credentials credentials() {
    if (credentials == null) {
      throw new GitHubException(
          401,
          "Caravan has no credentials for GitHub. Set GITHUB_TOKEN, caravan.github.token.file or caravan.github.app.id, or log in with: gh auth login");
    }
    return credentials;
  }
}
