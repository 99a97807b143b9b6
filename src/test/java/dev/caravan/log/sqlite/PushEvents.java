package dev.caravan.log.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.delivery.Delivery;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Makes push events like GitHub's, as many as are wanted: the sample event, with the repository,
 * people, commits and words of each varied. The same seed makes the same events.
 */
final class PushEvents {
  private static final Pattern VARIED =
      Pattern.compile(
          "acme/rocket|[0-9a-f]{40}|\\bada\\b|\\b9000\\d{5}\\b|Flight software|/main\\b");
  private static final String[] WORDS =
      ("fix add remove rename the parser of engine window cursor when a retry fails before close"
              + " speed up test for empty list and document what happens with long names in cache")
          .split(" ");
  private static final String[] PEOPLE = {"ada", "grace", "lin", "edsger", "barbara", "donald"};
  private static final int REPOSITORIES = 200;

  private static final long TICKS_OF_1582_TO_1970 = 0x01B21DD213814000L;

  private final String[] constant;
  private final String[] varied;
  private final SplittableRandom random;
  private long ticks;

  PushEvents(long seed) {
    String sample = compactSample();
    this.constant = VARIED.split(sample, -1);
    this.varied = VARIED.matcher(sample).results().map(MatchResult::group).toArray(String[]::new);
    this.random = new SplittableRandom(seed);
    this.ticks = TICKS_OF_1582_TO_1970 + System.currentTimeMillis() * 10_000;
  }

  /** The next event, received at that time. */
  Delivery next(Instant receivedAt) {
    String repository = "acme/rocket-" + random.nextInt(REPOSITORIES);
    String sender = PEOPLE[random.nextInt(PEOPLE.length)];
    String commit = sha();
    StringBuilder body = new StringBuilder(8192);
    for (int part = 0; part < varied.length; part++) {
      body.append(constant[part]).append(variant(varied[part], repository, sender, commit));
    }
    body.append(constant[varied.length]);
    return delivery("push", repository, sender, receivedAt, body.toString());
  }

  /** An event that few ask for. */
  Delivery rare(Instant receivedAt) {
    return delivery("milestone", "acme/rocket", "ada", receivedAt, "{\"milestone\":{}}");
  }

  private Delivery delivery(
      String event, String repository, String sender, Instant receivedAt, String body) {
    String guid = guid();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("X-GitHub-Delivery", guid);
    headers.put("X-GitHub-Event", event);
    headers.put("X-GitHub-Hook-ID", "480000001");
    headers.put("X-Hub-Signature-256", "sha256=" + sha() + sha().substring(0, 24));
    return new Delivery(
        guid,
        event,
        new Delivery.Subject(null, repository, "acme", null, sender, "refs/heads/main"),
        receivedAt,
        headers,
        Delivery.Encoding.JSON,
        body.getBytes(UTF_8));
  }

  private String variant(String original, String repository, String sender, String commit) {
    return switch (original) {
      case "acme/rocket" -> repository;
      case "ada" -> sender;
      case "/main" -> "/main";
      case "Flight software" -> words();
      default ->
          original.length() == 40
              ? random.nextInt(3) == 0 ? sha() : commit
              : "9" + (10_000_000 + random.nextInt(80_000_000));
    };
  }

  private String words() {
    StringBuilder words = new StringBuilder();
    for (int count = 8 + random.nextInt(12); count > 0; count--) {
      words.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    return words.toString();
  }

  private String sha() {
    byte[] bytes = new byte[20];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** A version 1 UUID, as GitHub's are: the time, then something random. */
  private String guid() {
    ticks += 1 + random.nextInt(1000);
    long high = ticks << 32 | (ticks >>> 16 & 0xFFFF_0000L) | 0x1000L | (ticks >>> 48 & 0x0FFF);
    return new UUID(high, random.nextLong() >>> 1 | Long.MIN_VALUE).toString();
  }

  private static String compactSample() {
    try (InputStream sample =
        PushEvents.class.getResourceAsStream("/dev/caravan/samples/push.json")) {
      return new ObjectMapper().readTree(sample).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
