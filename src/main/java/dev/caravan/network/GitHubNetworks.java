package dev.caravan.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.files.DurableFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The networks GitHub sends hooks from, as its REST call {@code meta} lists them: fetched every
 * hour, and kept on disk for a start when they cannot be fetched.
 */
final class GitHubNetworks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.network");
  private static final Duration REFRESH = Duration.ofHours(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int LARGEST = 4 << 20;

  private final URI meta;
  private final Path kept;
  private final Duration timeout;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final ScheduledExecutorService refresher =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "github-networks");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Networks networks = Networks.NONE;
  private List<String> last = List.of();
  private boolean isKept;

  private GitHubNetworks(URI meta, Path kept, Duration timeout) {
    this.meta = meta;
    this.kept = kept;
    this.timeout = timeout;
  }

  /**
   * The kept ones, fetched again in a moment; if there are none, those that GitHub lists now.
   *
   * @throws IllegalStateException with a sentence for the user when there are none
   */
  static GitHubNetworks of(URI meta, Path kept) {
    return of(meta, kept, REFRESH, TIMEOUT);
  }

  static GitHubNetworks of(URI meta, Path kept, Duration refresh, Duration timeout) {
    GitHubNetworks gitHub = new GitHubNetworks(meta, kept, timeout);
    Duration delay = gitHub.readKept() ? Duration.ZERO : refresh;
    if (!delay.isZero()) {
      try {
        gitHub.fetch();
      } catch (IOException e) {
        gitHub.close();
        throw new IllegalStateException(
            "caravan.allow has github, but GitHub's networks cannot be fetched from %s (%s), and %s has none from an earlier start. Let the program reach that address, or list the networks themselves."
                .formatted(meta, e.getMessage(), kept),
            e);
      }
    }
    ScheduledFuture<?> unused =
        gitHub.refresher.scheduleWithFixedDelay(
            gitHub::refresh, delay.toMillis(), refresh.toMillis(), TimeUnit.MILLISECONDS);
    return gitHub;
  }

  boolean contain(byte[] address) {
    return networks.contain(address);
  }

  @Override
  public void close() {
    refresher.shutdownNow();
  }

  private void refresh() {
    try {
      fetch();
    } catch (IOException e) {
      LOG.warn(
          "GitHub's networks cannot be fetched from {} ({}); the last known ones stay in force, and"
              + " Caravan tries again.",
          meta,
          e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("GitHub's networks could not be refreshed; the last known ones stay in force.", e);
    }
  }

  private void fetch() throws IOException {
    List<String> told = told();
    try {
      networks = Networks.of(told);
    } catch (IllegalArgumentException e) {
      throw new IOException("its answer has an entry that is not a network", e);
    }
    if (!told.equals(last)) {
      LOG.info("GitHub sends hooks from {} networks.", told.size());
      last = told;
      isKept = false;
    }
    if (!isKept) { // the disk may have been full an hour ago
      isKept = keep(told);
    }
  }

  private List<String> told() throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(meta)
            .timeout(timeout)
            .header("Accept", "application/json")
            .header("User-Agent", "caravan")
            .build();
    try {
      HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          throw new IOException("it answers " + response.statusCode());
        }
        return hooks(AnswerBody.read(body, LARGEST, timeout));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (IOException e) {
      throw e.getMessage() == null ? new IOException(e.getClass().getSimpleName(), e) : e;
    }
  }

  private static List<String> hooks(byte[] json) throws IOException {
    List<String> hooks = new ArrayList<>();
    JsonNode answer;
    try {
      answer = JsonMapper.builder().build().readTree(json);
    } catch (IOException e) {
      throw new IOException("its answer is not JSON", e);
    }
    for (JsonNode hook : answer.path("hooks")) {
      hooks.add(hook.asText());
    }
    if (hooks.isEmpty()) {
      throw new IOException("its answer has no list 'hooks'");
    }
    return List.copyOf(hooks);
  }

  private boolean readKept() {
    try {
      if (Files.exists(kept)) {
        last = List.copyOf(Files.readAllLines(kept));
        networks = Networks.of(last);
        isKept = true;
      }
    } catch (IOException | IllegalArgumentException e) {
      last = List.of();
      LOG.warn("{} cannot be used ({}); asking GitHub instead.", kept, e.toString());
    }
    return !networks.isEmpty();
  }

  private boolean keep(List<String> told) {
    try {
      DurableFile.write(kept, String.join("\n", told) + "\n");
      return true;
    } catch (IOException e) {
      LOG.warn(
          "GitHub's networks cannot be kept in {} ({}); a start without them will need GitHub.",
          kept,
          e.toString());
      return false;
    }
  }
}
