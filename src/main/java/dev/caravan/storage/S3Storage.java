package dev.caravan.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of S3, or of a compatible service (MinIO, Ceph, R2 …), under a prefix. The four kinds of
 * request that this takes are made here: Amazon's own library is larger than the rest of this
 * program.
 */
final class S3Storage implements Storage {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** A server that accepts a request and says nothing is as good as unavailable. */
  static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

  private static final long SLOWEST_BYTES_PER_SECOND = 128 * 1024;
  private static final int TRIES = 4;
  private static final long FIRST_PAUSE_MILLIS = 200;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;

  private final S3Address address;
  private final S3Signature signature;
  private final String prefix;
  private final Duration longestSilence;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * @param prefix of all keys, without a slash at its end; may be empty
   */
  S3Storage(S3Address address, S3Credentials credentials, String prefix) {
    this(address, credentials, prefix, LONGEST_SILENCE);
  }

  S3Storage(S3Address address, S3Credentials credentials, String prefix, Duration longestSilence) {
    this.address = address;
    this.longestSilence = longestSilence;
    this.signature = new S3Signature(credentials, address.region());
    this.prefix = prefix.isEmpty() ? "" : prefix + "/";
  }

  @Override
  public void put(String name, Path file) throws IOException {
    String hash = hash(file);
    send("PUT", key(name), Map.of(), hash, () -> BodyPublishers.ofFile(file)).close();
  }

  @Override
  public void putText(String name, String text) throws IOException {
    send("PUT", key(name), Map.of(), S3Signature.sha256(text), () -> BodyPublishers.ofString(text))
        .close();
  }

  @Override
  public @Nullable String text(String name) throws IOException {
    try (InputStream content = open(name)) {
      return new String(content.readAllBytes(), UTF_8);
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  @Override
  public InputStream open(String name) throws IOException {
    return ask("GET", key(name), Map.of());
  }

  @Override
  public List<String> list(String begin) throws IOException {
    List<String> names = new ArrayList<>();
    String next = "";
    do {
      Map<String, String> query = new LinkedHashMap<>();
      query.put("list-type", "2");
      query.put("prefix", prefix + begin);
      if (!next.isEmpty()) {
        query.put("continuation-token", next);
      }
      try (InputStream page = ask("GET", "", query)) {
        S3Listing listing = S3Listing.read(page);
        listing.keys().forEach(key -> names.add(key.substring(prefix.length())));
        next = listing.next();
      }
    } while (!next.isEmpty());
    return names;
  }

  @Override
  public void delete(String name) throws IOException {
    try {
      ask("DELETE", key(name), Map.of()).close();
    } catch (FileNotFoundException e) {
      // some servers answer this when it is already gone
    }
  }

  @Override
  public String toString() {
    return ("s3://" + address.bucket() + "/" + prefix).replaceFirst("/$", "");
  }

  private String key(String name) {
    return prefix + name;
  }

  private InputStream ask(String method, String key, Map<String, String> query) throws IOException {
    return send(method, key, query, S3Signature.sha256(""), BodyPublishers::noBody);
  }

  /** A body is read again for each try. */
  @FunctionalInterface
  private interface Body {
    BodyPublisher open() throws IOException;
  }

  /** What fails because a server is busy or unavailable is tried again. */
  private InputStream send(
      String method, String key, Map<String, String> query, String hash, Body body)
      throws IOException {
    URI uri = address.of(key, query);
    long pause = FIRST_PAUSE_MILLIS;
    for (int number = 1; ; number++) {
      IOException failure;
      try {
        HttpResponse<InputStream> answer = once(method, uri, hash, body.open());
        if (answer.statusCode() / 100 == 2) {
          return new StallGuard(answer.body(), longestSilence);
        }
        throw refused(answer, key);
      } catch (FileNotFoundException | RefusedException | SilentException e) {
        throw e;
      } catch (IOException e) {
        failure = e;
      }
      if (number == TRIES) {
        throw failure;
      }
      pause(pause);
      pause *= 2;
    }
  }

  /** Asking again would get the same answer. */
  private static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  private HttpResponse<InputStream> once(String method, URI uri, String hash, BodyPublisher body)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(timeout(body)).method(method, body);
    signature.headers(method, uri, hash, Map.of(), Instant.now()).forEach(request::header);
    try {
      return client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (HttpConnectTimeoutException e) {
      throw e;
    } catch (HttpTimeoutException e) { // trying at once would only delay the report
      throw new SilentException(timeout(body));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** A segment may have hundreds of megabytes, and the connection may be slow. */
  private Duration timeout(BodyPublisher body) {
    return longestSilence.plusSeconds(Math.max(0, body.contentLength()) / SLOWEST_BYTES_PER_SECOND);
  }

  private IOException refused(HttpResponse<InputStream> answer, String key) throws IOException {
    String said;
    try (InputStream body = new StallGuard(answer.body(), longestSilence)) {
      said = S3Listing.error(body);
    }
    String sentence = "%s answered %d %s".formatted(this, answer.statusCode(), said).strip();
    if (answer.statusCode() == NOT_FOUND && !said.startsWith("NoSuchBucket")) {
      return new FileNotFoundException(sentence + ": " + key);
    }
    return answer.statusCode() < SERVER_ERROR && answer.statusCode() != TOO_MANY
        ? new RefusedException(sentence)
        : new IOException(sentence);
  }

  private static void pause(long millis) throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String hash(Path file) throws IOException {
    MessageDigest digest = S3Signature.digest();
    try (InputStream content = new DigestInputStream(Files.newInputStream(file), digest)) {
      byte[] buffer = new byte[64 * 1024];
      while (content.read(buffer) >= 0) {
        // the digest takes what is read
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
