package dev.caravan.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.caravan.network.AnswerBody;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;

/** Sends a request over HTTP, once, and reads its answer. For one thread at a time. */
final class Connection {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 307, 308);
  private static final int CONFLICT = 409;
  private static final int MOST_REDIRECTS = 3;

  /** Bytes: a payload of up to 25 MB, inside JSON with more whitespace. */
  private static final int LARGEST = 80 << 20;

  private final URI api;
  private final HttpClient client;
  private final UnchangedAnswers unchanged = new UnchangedAnswers();

  Connection(GitHubSettings settings) {
    this.api = settings.api();
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    if (settings.proxy() != null) {
      builder.proxy(settings.proxy());
    }
    client = builder.build();
  }

  /** Follows redirects, but only within the API's server, since the token goes along. */
  Answer send(Call call) throws IOException, InterruptedException {
    URI target = URI.create(api + call.path());
    for (int redirects = 0; ; redirects++) {
      Answer answer = sendOnce(call, target);
      boolean follow =
          REDIRECTS.contains(answer.status())
              && redirects < MOST_REDIRECTS
              && (call.reads() || answer.status() > 302);
      if (!follow) {
        return answer;
      }
      target = sameServer(target, answer.header("Location"));
    }
  }

  private static URI sameServer(URI from, String location) {
    try {
      URI next = from.resolve(location);
      if (from.getScheme().equals(next.getScheme())
          && from.getAuthority().equals(next.getAuthority())) {
        return next;
      }
    } catch (IllegalArgumentException e) {
      // refused below, with the same sentence
    }
    throw new GitHubException(
        CONFLICT,
        "GitHub redirects to another server, to which nothing was sent. Check caravan.github.api.");
  }

  private Answer sendOnce(Call call, URI target) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(TIMEOUT)
            .header("Accept", "application/vnd.github+json")
            .header("X-GitHub-Api-Version", "2022-11-28")
            .header("User-Agent", "caravan");
    if (call.authorization() != null) {
      request.header("Authorization", call.authorization());
    }
    if (call.body() == null) {
      request.method(call.method(), BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(call.method(), BodyPublishers.ofString(call.body().toString()));
    }
    String known = call.reads() ? unchanged.tag(target) : null;
    if (known != null) {
      request.header("If-None-Match", known);
    }
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    try (InputStream stream = response.body()) {
      byte[] bytes = AnswerBody.read(stream, LARGEST, TIMEOUT);
      Answer answer = new Answer(response.statusCode(), response.headers(), json(bytes));
      return call.reads() ? unchanged.seen(target, answer, bytes.length) : answer;
    }
  }

  /** The JSON of an answer; a proxy's answer may be none, and its status says enough. */
  private static JsonNode json(byte[] bytes) {
    try {
      return bytes.length == 0 ? MissingNode.getInstance() : JSON.readTree(bytes);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
