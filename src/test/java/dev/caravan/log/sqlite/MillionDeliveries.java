package dev.caravan.log.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.log.content.ContentCodec;
import dev.caravan.log.content.Dictionary;
import dev.caravan.log.tables.Guids;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * A log that has taken many deliveries, made without taking them one by one: a hundred repositories
 * and as many people, five kinds of events, two subscriptions that completed nearly all of it.
 */
final class MillionDeliveries {
  static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
  static final long MILLIS_APART = 500;

  private static final String[] EVENTS = {"push", "pull_request", "issues", "check_run", "star"};

  /** One for all: each holds memory of its own. */
  private static final Dictionary PLAIN = Dictionary.none();

  private final int count;
  private final Random random = new Random(42);

  MillionDeliveries(int count) {
    this.count = count;
  }

  /** When the delivery at a position was received. */
  static Instant receivedAt(long position) {
    return BEGIN.plusMillis(position * MILLIS_APART);
  }

  /** The commit that a delivery is about. */
  static String commit(long position) {
    return "%08x%032x".formatted(Long.hashCode(position * 0x9E3779B97F4A7C15L), position);
  }

  static String guid(long position) {
    return new UUID(0x1234_5678_0000_1000L + (position << 32), position).toString();
  }

  /** Fills a log that was opened once and has no deliveries. */
  void fill(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int kind = 0; kind < EVENTS.length; kind++) {
        statement.execute(
            "INSERT INTO kind VALUES (%d, '%s', NULL)".formatted(kind + 1, EVENTS[kind]));
      }
      for (int id = 1; id <= 2; id++) {
        statement.execute(
            "INSERT INTO subscription (id, name, created_at, next, unfinished) VALUES (%d, '%s', 0, %d, x'')"
                .formatted(id, id == 1 ? "ci" : "chat", count + 1));
      }
      try (PreparedStatement delivery =
              connection.prepareStatement(
                  "INSERT INTO delivery (position, guid, hook, kind, received_at, repository, organization, sender, thread, length, checksum, sent_by) VALUES (?, ?, 0, ?, ?, ?, 'acme', ?, ?, ?, ?, 1)");
          PreparedStatement content =
              connection.prepareStatement("INSERT INTO content VALUES (?, 0, ?, NULL, ?)");
          PreparedStatement attempt =
              connection.prepareStatement("INSERT INTO attempt VALUES (?, ?, ?, 1, 12, ?)");
          PreparedStatement dead =
              connection.prepareStatement("INSERT INTO dead_letter VALUES (?, ?, 1, ?, ?)")) {
        for (int position = 1; position <= count; position++) {
          add(position, delivery, content, attempt, dead);
        }
      }
      connection.commit();
    }
  }

  private void add(
      int position,
      PreparedStatement delivery,
      PreparedStatement content,
      PreparedStatement attempt,
      PreparedStatement dead)
      throws SQLException {
    int kind = random.nextInt(100) < 60 ? 1 : 2 + random.nextInt(3);
    if (position == 1000) {
      kind = 5; // the only star, long ago
    }
    byte[] body = body(position).getBytes(UTF_8);
    long receivedAt = receivedAt(position).toEpochMilli();
    delivery.setInt(1, position);
    delivery.setBytes(2, Guids.encode(guid(position)));
    delivery.setInt(3, kind);
    delivery.setLong(4, receivedAt);
    delivery.setString(
        5, position == 2000 ? "acme/rare" : "acme/repository-" + random.nextInt(100));
    delivery.setString(6, position == 3000 ? "Rarely" : "person-" + random.nextInt(100));
    delivery.setString(7, kind == 1 ? "refs/heads/main" : "#" + random.nextInt(20_000));
    delivery.setInt(8, body.length);
    delivery.setInt(9, ContentCodec.checksum(body));
    delivery.executeUpdate();
    ContentCodec.Packed packed =
        ContentCodec.pack(Map.of("X-GitHub-Event", EVENTS[kind - 1]), body, PLAIN);
    content.setInt(1, position);
    content.setInt(2, packed.length());
    content.setBytes(3, packed.bytes());
    content.executeUpdate();
    for (int subscription = 1; subscription <= 2; subscription++) {
      boolean fails = random.nextInt(2000) == 0;
      attempt.setInt(1, position);
      attempt.setInt(2, subscription);
      attempt.setLong(3, receivedAt + 100);
      attempt.setString(4, fails ? "ConnectException: port " + position + " is closed" : null);
      attempt.executeUpdate();
      if (fails) {
        dead.setInt(1, subscription);
        dead.setInt(2, position);
        dead.setLong(3, receivedAt + 200);
        dead.setString(4, "ConnectException: port " + position + " is closed");
        dead.executeUpdate();
      }
    }
  }

  private String body(int position) {
    StringBuilder filler = new StringBuilder();
    for (int word = 0; word < 40; word++) {
      filler.append(Integer.toString(random.nextInt(), 36)).append(' ');
    }
    return String.format(
        Locale.ROOT,
        "{\"after\":\"%s\",\"number\":%d,\"commits\":[{\"id\":\"%s\",\"message\":\"%s\"}],\"pull_requests\":[{\"number\":%d}]}",
        commit(position),
        position,
        commit(position),
        filler,
        position % 10_000 + 100_000);
  }
}
